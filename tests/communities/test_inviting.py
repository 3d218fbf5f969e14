"""Invitations: for one person, once, in time, and by a link that nobody can make up."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import segno
from django.core.signing import Signer
from django.db import IntegrityError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import inviting, joining, membership, people, permits, qr, suspending
from communities.models import Invitation, JoinRequest, Membership, User
from communities.roles import Right, Role
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.reading import errors, main, page
from updates.models import Message, Outgoing

SECRET_NUMBER = "+8613912345678"


@pytest.fixture
def for_zhou(town: Town) -> Invitation:
    """By the number that is zhou's."""
    return inviting.invite(organisation=town.yuqi, role=Role.LEADER, by=town.mei, phone=town.zhou.phone)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def link(invitation: Invitation) -> str:
    return f"/join/{inviting.code_of(invitation)}/"


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


# --- making one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dana", "zhou", "bo", "yan", "chen"])
def test_only_who_manages_members_invites(town: Town, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.people[name], phone=SECRET_NUMBER)
    assert (code_of(refusal), refusal.value.status) == ("no_right", 403)
    assert not Invitation.objects.exists()


def test_the_same_again_prolongs_what_is_open(town: Town, for_zhou: Invitation) -> None:
    Invitation.objects.filter(pk=for_zhou.pk).update(expires_at=timezone.now() + timedelta(hours=1))
    again = inviting.invite(organisation=town.yuqi, role=Role.LEADER, by=town.admin, phone=town.zhou.phone)
    assert again.pk == for_zhou.pk
    assert again.expires_at > timezone.now() + timedelta(days=6)
    assert again.made_by == town.admin


def test_who_holds_the_role_is_not_invited_into_it(town: Town) -> None:
    for whom in ({"person": town.yan}, {"phone": town.yan.phone}):
        with pytest.raises(Refused) as refusal:
            inviting.invite(organisation=town.yuqi, role=Role.EDITOR, by=town.mei, **whom)
        assert code_of(refusal) == "belongs"


@pytest.mark.parametrize("whom", [{}, {"phone": SECRET_NUMBER, "person": "zhou"}])
def test_one_person_by_one_name(town: Town, whom: dict[str, Any]) -> None:
    if "person" in whom:
        whom = {**whom, "person": town.zhou}
    with pytest.raises(Refused) as refusal:
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, **whom)
    assert code_of(refusal) == "nobody"


@pytest.mark.parametrize("days", [0, -1, 31, 10_000])
def test_not_for_ever(town: Town, days: int) -> None:
    with pytest.raises(Refused) as refusal:
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, person=town.zhou, days=days)
    assert code_of(refusal) == "unreadable"


def test_who_has_an_account_reads_it_in_the_messages(town: Town, for_zhou: Invitation) -> None:
    message = Message.objects.get(kind="invited")
    assert message.person_id == town.zhou.pk
    answer = as_(town.zhou).post(f"/my/messages/{message.pk}/")
    assert answer["Location"] == link(for_zhou)


# --- the link ---------------------------------------------------------------------------------------------------------


def test_the_link_holds_no_number_and_no_name(for_zhou: Invitation) -> None:
    assert for_zhou.phone[-4:] not in link(for_zhou)
    assert inviting.of_code(inviting.code_of(for_zhou)) == for_zhou


@pytest.mark.parametrize(
    "forged",
    [
        "1",
        "1.",
        "1.AAAA",
        "x" * 400,
        "99999999999999999999.x",
        Signer(salt="another", sep=".").sign("1"),
        Signer(salt="gongzhi.invitation", sep=".").sign("999999"),
        Signer(salt="gongzhi.invitation", sep=".").sign("9" * 40),
        Signer(salt="gongzhi.invitation", sep=".").sign("x"),
        Signer(salt="gongzhi.invitation.sms", sep=".").sign("999999"),
    ],
)
def test_a_forged_code_leads_nowhere(town: Town, for_zhou: Invitation, forged: str) -> None:
    client = as_(town.zhou)
    assert client.get(f"/join/{forged}/").status_code == 404
    assert client.post(f"/join/{forged}/").status_code == 404
    assert not membership.live(town.zhou, town.yuqi).exists()


def test_another_number_under_the_same_signature_is_forged(town: Town, for_zhou: Invitation) -> None:
    other = inviting.invite(organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei, phone=SECRET_NUMBER)
    signature = inviting.code_of(for_zhou).partition(".")[2]
    assert inviting.of_code(f"{other.pk}.{signature}") is None


def test_links_live_on_when_the_secret_is_changed(for_zhou: Invitation) -> None:
    with override_settings(SECRET_KEY="an old secret that was in use before"):
        old = inviting.code_of(for_zhou)
    assert inviting.of_code(old) is None
    with override_settings(SECRET_KEY_FALLBACKS=["an old secret that was in use before"]):
        assert inviting.of_code(old) == for_zhou


# --- accepting --------------------------------------------------------------------------------------------------------


def test_whose_number_it_is_comes_in_with_the_role(town: Town, for_zhou: Invitation) -> None:
    answer = as_(town.zhou).post(link(for_zhou), follow=True)
    assert "欢迎！你已加入玉祁社区。" in answer.content.decode()
    zhou = User.objects.get(pk=town.zhou.pk)
    assert permits.may(zhou, Right.RUN_ACTION, town.yuqi)
    assert Message.objects.get(kind="invitation_accepted").person_id == town.mei.pk


def test_once_only_and_again_is_the_same(town: Town, for_zhou: Invitation) -> None:
    first = inviting.accept(invitation=for_zhou, by=town.zhou)
    assert inviting.accept(invitation=for_zhou, by=town.zhou) == first
    membership.let_go(person=town.zhou, organisation=town.yuqi, by=town.mei)
    with pytest.raises(Refused) as refusal:
        inviting.accept(invitation=for_zhou, by=town.zhou)
    assert code_of(refusal) == "used"
    assert not membership.live(town.zhou, town.yuqi).exists()


@pytest.mark.parametrize("name", ["dana", "bo", "chen", "mei", "admin"])
def test_others_read_that_it_is_for_somebody_else_and_no_number(town: Town, for_zhou: Invitation, name: str) -> None:
    client = as_(town.people[name])
    told = client.get(link(for_zhou)).content.decode().partition("<main")[2].partition("</main>")[0]
    assert town.zhou.phone[-4:] not in told
    assert "周宝" not in told
    answer = client.post(link(for_zhou))
    assert answer.status_code == 403
    assert Membership.objects.filter(organisation=town.yuqi, role=Role.LEADER).count() == 0


def test_an_account_without_a_number_does_not_match_an_emptied_invitation(town: Town) -> None:
    used = inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone=town.zhou.phone)
    inviting.accept(invitation=used, by=town.zhou)
    Invitation.objects.filter(pk=used.pk).update(phone="")
    for empty in ("", None):
        town.dana.phone = empty
        assert not inviting.is_for(Invitation.objects.get(pk=used.pk), town.dana)


@pytest.mark.parametrize("how", ["expired", "revoked", "used"])
def test_what_is_over_says_so_plainly(town: Town, for_zhou: Invitation, how: str) -> None:
    if how == "expired":
        Invitation.objects.filter(pk=for_zhou.pk).update(expires_at=timezone.now())
    elif how == "revoked":
        inviting.revoke(invitation=for_zhou, by=town.mei)
    else:
        inviting.accept(invitation=for_zhou, by=town.zhou)
        membership.let_go(person=town.zhou, organisation=town.yuqi, by=town.mei)
    hindrance = inviting.closed_because(Invitation.objects.get(pk=for_zhou.pk))
    assert hindrance is not None
    assert hindrance.code == how
    answer = Client().get(link(for_zhou))
    assert hindrance.sentence in main(answer)
    assert not page(answer).main.select("form, .btn.main")
    assert as_(town.zhou).post(link(for_zhou)).status_code == 409
    assert not membership.live(town.zhou, town.yuqi).exists()


def test_who_may_no_longer_take_in_members_has_invited_nobody(town: Town) -> None:
    """A coordinator who goes leaves no back door behind."""
    membership.join(person=town.lan, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
    door = inviting.invite(organisation=town.yuqi, role=Role.COORDINATOR, by=town.lan, person=town.dana)
    membership.let_go(person=town.lan, organisation=town.yuqi, by=town.mei)
    with pytest.raises(Refused) as refusal:
        inviting.accept(invitation=door, by=town.dana)
    assert code_of(refusal) == "revoked"


def test_a_suspended_coordinators_invitation_is_worth_nothing(town: Town, for_zhou: Invitation) -> None:
    suspending.suspend(person=town.mei, reason="x", by=town.admin)
    with pytest.raises(Refused):
        inviting.accept(invitation=for_zhou, by=town.zhou)


def test_who_asked_before_does_not_wait_any_longer(town: Town, for_zhou: Invitation) -> None:
    joining.ask(organisation=town.yuqi, by=town.zhou)
    inviting.accept(invitation=for_zhou, by=town.zhou)
    assert JoinRequest.objects.get().was_accepted


def test_a_visitor_is_led_to_sign_in_and_back(for_zhou: Invitation, visitor: Client) -> None:
    text = visitor.get(link(for_zhou)).content.decode()
    assert "玉祁社区" in text
    assert "梅芳" in text
    assert f'href="/account/login/?next={link(for_zhou).replace("/", "%2F")}"' in text
    assert visitor.post(link(for_zhou))["Location"] == f"/account/login/?next={link(for_zhou)}"
    assert visitor.get(link(for_zhou))["Cache-Control"] == "private, no-store"


# --- by SMS -----------------------------------------------------------------------------------------------------------


def invited_by_sms(town: Town, **more: Any) -> Outgoing:
    inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone=SECRET_NUMBER, **more)
    return Outgoing.objects.latest("made_at")


def address_in(letter: Outgoing) -> str:
    found = re.search(r"/join/[^/]+/", letter.body)
    assert found
    return found[0]


def test_a_number_without_an_account_gets_the_link_and_no_name_of_anybody(town: Town, visitor: Client) -> None:
    letter = invited_by_sms(town)
    assert (letter.channel, letter.address, letter.message) == ("sms", SECRET_NUMBER, None)
    assert "玉祁社区" in letter.body
    assert "梅芳" not in letter.body
    assert "13912345678" not in letter.body
    assert visitor.get(address_in(letter)).status_code == 200
    inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone=SECRET_NUMBER)
    assert Outgoing.objects.count() == 1, "prolonged, not sent again"


def test_who_comes_by_the_sms_finds_the_own_number_in_the_form(town: Town, visitor: Client) -> None:
    here = address_in(invited_by_sms(town))
    way_in = page(visitor.get(here)).select_one("main a.btn.main")["href"]
    form = page(visitor.get(way_in))
    assert form.select_one("main [name=phone]")["value"] == "13912345678"
    visitor.post("/account/number/", {"phone": SECRET_NUMBER, "next": here})
    code = page(visitor.get("/account/code/")).select_one("[data-demo-code] .code-shown").text
    assert visitor.post("/account/code/", {"code": code})["Location"] == "/account/welcome/"
    answer = visitor.post("/account/welcome/", {"display_name": "新邻居", "agrees": "on"})
    assert answer["Location"] == here
    visitor.post(here)
    assert Membership.objects.live().filter(person__phone=SECRET_NUMBER, organisation=town.yuqi).exists()


def test_a_link_that_is_shown_around_says_nothing_of_the_number(town: Town, visitor: Client) -> None:
    invited_by_sms(town)
    way_in = page(visitor.get(link(Invitation.objects.get()))).select_one("main a.btn.main")["href"]
    assert SECRET_NUMBER[-8:] not in visitor.get(way_in).content.decode()


@pytest.mark.parametrize("way", ["revoked_at", "expires_at"])
def test_nor_does_one_that_is_over(town: Town, visitor: Client, way: str) -> None:
    here = address_in(invited_by_sms(town))
    Invitation.objects.update(**{way: timezone.now()})
    assert SECRET_NUMBER[-8:] not in visitor.get(f"/account/login/?next={here}").content.decode()


@pytest.mark.parametrize("target", ["/join/x/", "/join/1.x/", "//evil.example/join/1.x/", "/nowhere/", "/%00/", "x"])
def test_other_ways_in_fill_in_nothing(town: Town, visitor: Client, target: str) -> None:
    invited_by_sms(town)
    answer = visitor.get("/account/login/", {"next": target})
    assert answer.status_code == 200
    assert not page(answer).select_one("main [name=phone]").get("value")


def test_nobody_is_rung_up_again_and_again(town: Town) -> None:
    for _time in range(inviting.A_DAY):
        invited_by_sms(town)
        inviting.revoke(invitation=Invitation.objects.latest("pk"), by=town.mei)
    with pytest.raises(Refused) as refusal:
        invited_by_sms(town)
    assert (code_of(refusal), refusal.value.status) == ("too_often", 429)
    assert Outgoing.objects.count() == inviting.A_DAY
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=1))
    invited_by_sms(town)


def test_no_account_is_rung_up_again_and_again(town: Town) -> None:
    by_name = {"organisation": town.yuqi, "by": town.mei, "person": town.zhou}
    still_open = inviting.invite(role=Role.MEMBER, **by_name)
    for _time in range(inviting.A_DAY - 1):
        inviting.revoke(invitation=inviting.invite(role=Role.LEADER, **by_name), by=town.mei)
    with pytest.raises(Refused) as refusal:
        inviting.invite(role=Role.LEADER, **by_name)
    assert (code_of(refusal), refusal.value.status) == ("too_often", 429)
    assert Message.objects.filter(person=town.zhou).count() == inviting.A_DAY
    assert inviting.invite(role=Role.MEMBER, **by_name) == still_open
    inviting.invite(role=Role.LEADER, organisation=town.school, by=town.bo, person=town.zhou)
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=1))
    inviting.invite(role=Role.LEADER, **by_name)


def test_who_has_an_account_is_not_written_to_twice(town: Town, for_zhou: Invitation) -> None:
    assert Outgoing.objects.get().message.person == town.zhou


@pytest.mark.parametrize("end", ["expires_at", "revoked_at"])
def test_the_number_of_who_did_not_come_is_forgotten(town: Town, for_zhou: Invitation, end: str) -> None:
    inviting.accept(invitation=for_zhou, by=town.zhou)
    over = timezone.now()
    Invitation.objects.update(expires_at=over)
    stranger = inviting.invite(organisation=town.school, role=Role.MEMBER, by=town.bo, phone=SECRET_NUMBER)
    far = {"expires_at": over + timedelta(days=300), end: over}
    Invitation.objects.filter(pk=stranger.pk).update(**far)
    assert inviting.forget_old(now=over + inviting.KEPT - timedelta(microseconds=1)) == 0
    assert inviting.forget_old(now=over + inviting.KEPT) == 1
    assert list(Invitation.objects.all()) == [for_zhou], "who came explains the membership"


# --- the coordinator's pages ------------------------------------------------------------------------------------------


def test_the_form_makes_a_link_for_a_number_or_an_account(town: Town) -> None:
    mei = as_(town.mei)
    address = f"/my/organisations/{town.yuqi.pk}/invite/"
    for written, phone, person in (("139 1234 5678", SECRET_NUMBER, None), ("ZHOU", "", town.zhou)):
        answer = mei.post(address, {"to": written, "role": "member", "days": "7"}, follow=True)
        made = Invitation.objects.latest("pk")
        assert (made.phone, made.person) == (phone, person)
        assert f"http://testserver{link(made)}" in main(answer)
        assert "13912345678" not in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", ""),
        ("to", "niemand"),
        ("to", "12"),
        ("to", "0510 8388 0000"),
        ("role", "emperor"),
        ("role", ""),
        ("days", "9999"),
        ("days", "x"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(town: Town, field: str, value: str) -> None:
    sent = {"to": "13912345678", "role": "leader", "days": "30", field: value}
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/invite/", sent)
    assert answer.status_code == 422
    assert errors(answer, field)
    assert answer.context["form"].data["to"] == sent["to"]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("kind", "begin"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_code_is_a_picture_that_nobody_keeps(town: Town, for_zhou: Invitation, kind: str, begin: bytes) -> None:
    answer = as_(town.mei).get(f"/my/organisations/{town.yuqi.pk}/invitations/{for_zhou.pk}/code.{kind}")
    assert answer.content.startswith(begin)
    assert answer["Cache-Control"] == "private, no-store"


def test_the_code_is_dark_on_white_with_its_quiet_zone() -> None:
    drawn = qr.picture("https://example.org/join/1.x/", "svg").decode()
    assert 'fill="#fff"' in drawn
    assert 'stroke="#000"' in drawn
    assert "M4 4.5h7" in drawn, "the first row begins after four light modules"


def test_the_drawing_inside_a_page_is_the_same_code() -> None:
    address = "https://example.org/join/1.x/"
    drawn = str(qr.inline(address))
    size = int(re.search(r'viewBox="0 0 (\d+) ', drawn)[1])
    dark = [[0] * size for _row in range(size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn):
        dark[int(y)][int(x) : int(x) + int(length)] = [1] * int(length)
    assert dark == [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    assert re.sub(r'd="[^"]*"', "", drawn) == f'<svg viewBox="0 0 {size} {size}" class="qr"><path /></svg>'


def test_the_welcome_is_in_one_language(town: Town, for_zhou: Invitation) -> None:
    User.objects.filter(pk=town.zhou.pk).update(language="en")
    client = as_(User.objects.get(pk=town.zhou.pk))
    client.cookies["django_language"] = "en"
    welcome = client.post(link(for_zhou), follow=True).content.decode()
    assert "You belong to Yuqi Community now." in welcome


def test_from_an_invitation_one_comes_back_to_the_members(town: Town, for_zhou: Invitation) -> None:
    own = f"/my/organisations/{town.yuqi.pk}"
    found = page(as_(town.mei).get(f"{own}/invitations/{for_zhou.pk}/")).main
    assert [link["href"] for link in found.select("a.go")] == [f"{own}/members/"]


def test_another_organisations_invitation_is_not_there(town: Town, for_zhou: Invitation) -> None:
    bo = as_(town.bo)
    for path in (f"{for_zhou.pk}/", f"{for_zhou.pk}/code.svg", f"{for_zhou.pk}/code.png"):
        assert bo.get(f"/my/organisations/{town.school.pk}/invitations/{path}").status_code == 404
        assert bo.get(f"/my/organisations/{town.yuqi.pk}/invitations/{path}").status_code == 404
    assert bo.post(f"/my/organisations/{town.school.pk}/invitations/{for_zhou.pk}/revoke/").status_code == 404
    assert Invitation.objects.get().revoked_at is None


def test_a_used_invitation_cannot_be_taken_back(town: Town, for_zhou: Invitation) -> None:
    inviting.accept(invitation=for_zhou, by=town.zhou)
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/invitations/{for_zhou.pk}/revoke/")
    assert answer.status_code == 409
    assert Invitation.objects.get().revoked_at is None


def test_the_page_of_an_invitation_costs_the_same_with_more_of_them(town: Town) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mei.get(f"/my/organisations/{town.yuqi.pk}/members/").status_code == 200
        return len(queries)

    mei = as_(town.mei)
    neighbours = list(town.neighbours())
    inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, person=neighbours[0])
    few = asked()
    for person in neighbours[1:4]:
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, person=person)
    assert asked() == few


# --- races ------------------------------------------------------------------------------------------------------------

TIMES = 5


def press(town: Town, invitation: Invitation) -> list[Any]:
    return at_once(*[lambda: inviting.accept(invitation=invitation, by=User.objects.get(pk=town.zhou.pk))] * TIMES)


def test_accepted_at_once_it_is_one_membership(committed: Town) -> None:
    invitation = inviting.invite(organisation=committed.yuqi, role=Role.MEMBER, by=committed.mei, person=committed.zhou)
    answers = press(committed, invitation)
    assert {answer.pk for answer in answers} == {Membership.objects.get(person=committed.zhou).pk}
    assert Message.objects.filter(kind="invitation_accepted").count() == 1


def test_twin_without_the_persons_lock_several_are_written(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = inviting.invite(organisation=committed.yuqi, role=Role.MEMBER, by=committed.mei, person=committed.zhou)
    all_have_looked = threading.Barrier(TIMES)

    def look_then_take(person: User, organisation: Any, role: Role) -> Membership:
        assert not membership.live(person, organisation).exists()
        meet(all_have_looked)
        return Membership.objects.create(person=person, organisation=organisation, role=role)

    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(people, "hold", lambda ids: {one.pk: one for one in User.objects.filter(pk__in=list(ids))})
    monkeypatch.setattr(Invitation.objects, "select_for_update", lambda **_how: Invitation.objects.all())
    monkeypatch.setattr(membership, "take_in_asked", look_then_take)

    answers = press(committed, invitation)

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == TIMES - 1, "the database refuses the rest"
