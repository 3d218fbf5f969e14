"""Asking, answering and taking part on pages; and that nobody reads what was asked of whom."""

import io
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from communities import founding, membership, short_codes
from communities.models import Organisation, User
from communities.roles import Role
from communities.short_codes import Thing
from events import parties, posting
from events.models import Action, ComposerDraft, Party, Post
from tests import cast
from tests.cast import Town
from tests.events.test_compose_page import NEW, typed
from tests.reading import main, page, words
from updates.models import Update

SECRET, NO = "只给被邀请的人看", "不想让别人知道的理由"
State = Party.State


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(town: Town, action: Action | None = None, organisation: Organisation | None = None) -> Party:
    action = action or cast.announced(town, title="一起扫雪")
    return parties.invite(action=action, organisation=organisation or town.school, asked_for=SECRET, by=town.mei)


def joined(town: Town, action: Action | None = None) -> Party:
    return parties.accept(party=asked(town, action), word="我们带二十人来", by=town.bo)


def box(organisation: Organisation) -> str:
    return f"partner-{organisation.pk}"


# --- what nobody else may read -----------------------------------------------------------------------------------------


def test_who_has_not_said_yes_is_on_no_public_page_and_in_no_book(town: Town, visitor: Client) -> None:
    action = cast.announced(town, title="一起扫雪")
    asked(town, action)
    parties.decline(party=asked(town, action, town.enterprise), word=NO, by=town.qiang)
    parties.take_back(party=asked(town, action, town.chengguan), by=town.mei)
    addresses = [
        action.get_absolute_url(),
        "/",
        "/actions/",
        "/updates/",
        town.yuqi.section.url,
        town.school.section.url,
        f"/api/v1/actions/{action.pk}/",
        "/api/v1/actions/",
        f"/api/v1/updates/action:{action.pk}/",
        f"/api/v1/updates/organisation:{town.school.pk}/",
        "/api/v1/updates/town/",
    ]
    for client in (visitor, as_(town.dana), as_(town.chen)):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            text = answer.content.decode()
            assert SECRET not in text, address
            assert NO not in text, address
    assert "示范初级中学" not in main(visitor.get(action.get_absolute_url()))
    assert "示范初级中学" not in visitor.get("/updates/").content.decode()
    assert visitor.get(f"/api/v1/actions/{action.pk}/").json()["partners"] == []
    assert not Update.objects.filter(payload__icontains=SECRET).exists()
    assert not Update.objects.filter(payload__icontains=NO).exists()


def test_the_walk_above_would_find_it(town: Town, visitor: Client) -> None:
    """A yes is told with its word, on the same pages."""
    party = joined(town)
    for address in (party.action.get_absolute_url(), "/updates/", "/api/v1/updates/town/"):
        assert "我们带二十人来" in visitor.get(address).content.decode(), address


def test_a_draft_and_its_partners_are_read_by_host_and_partner_alone(town: Town) -> None:
    action = cast.draft(town, title="还没公布的除雪", summary="先别说出去")
    party = joined(town, action)
    assert "先别说出去" in main(as_(town.bo).get(f"/my/invitations/{party.pk}/"))
    for who in ("dana", "qiang", "chen"):
        assert as_(town.people[who]).get(f"/my/invitations/{party.pk}/").status_code == 404
    assert as_(town.bo).get(action.get_absolute_url()).status_code == 404
    parties.leave(party=party, by=town.bo)
    left = as_(town.bo).get(f"/my/invitations/{party.pk}/").content.decode()
    assert "先别说出去" not in left
    assert "还没公布的除雪" not in left
    assert "还没公布的除雪" not in as_(town.bo).get("/my/invitations/?tab=answered").content.decode()


# --- the list, and one page to answer ----------------------------------------------------------------------------------


def test_the_list_shows_what_waits_and_what_was_answered(town: Town) -> None:
    asked(town, cast.announced(town, title="等答复的一场"))
    parties.decline(party=asked(town, cast.announced(town, title="婉拒的一场")), by=town.bo)
    past = asked(town, cast.announced(town, title="过去的一场"))
    cast.put_back(past.action, timedelta(days=9))
    client = as_(town.bo)
    waiting, answered = main(client.get("/my/invitations/")), main(client.get("/my/invitations/?tab=answered"))
    assert "等答复的一场" in waiting
    assert "婉拒的一场" not in waiting
    assert "婉拒的一场" in answered
    assert "过去的一场" in answered
    for address in ("/me/", "/desk/"):
        link = page(client.get(address)).select_one("main a[href='/my/invitations/']")
        assert link.select_one(".count").get_text() == "1"
    assert not page(as_(town.chen).get("/me/")).select("main a[href='/my/invitations/']")


def test_an_operator_is_not_asked_for_others(town: Town) -> None:
    party = asked(town)
    assert "一起扫雪" not in main(as_(town.admin).get("/my/invitations/"))
    assert as_(town.admin).get(f"/my/invitations/{party.pk}/").status_code == 200, "but may answer"


def test_the_lists_ask_no_more_for_more(town: Town) -> None:
    def queries() -> list[int]:
        counts = []
        for address in ("/my/invitations/", "/my/invitations/?tab=answered"):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    client = as_(town.bo)
    asked(town)
    parties.decline(party=asked(town), by=town.bo)
    few = queries()
    for _more in range(3):
        asked(town)
        parties.decline(party=asked(town), by=town.bo)
    assert queries() == few


def test_yes_with_a_word(town: Town, visitor: Client) -> None:
    party = asked(town)
    client = as_(town.bo)
    shown = main(client.get(f"/my/invitations/{party.pk}/"))
    for told in (SECRET, "一起扫雪", "梅芳", "玉祁社区", "湖西路"):
        assert told in shown, told
    answer = client.post(f"/my/invitations/{party.pk}/", {"word": "我们带铁锹来", "do": "accept"})
    assert answer.headers["Location"] == f"/my/invitations/{party.pk}/"
    party.refresh_from_db()
    assert (party.state, party.word, party.answered_by) == (State.JOINED, "我们带铁锹来", town.bo)
    seen = page(visitor.get(party.action.get_absolute_url())).select_one("[aria-labelledby=hosts]")
    assert "示范初级中学" in words(seen)
    assert seen.find("a", string="示范初级中学")["href"].endswith(town.school.section.url)


def test_what_was_typed_is_kept_and_how_it_stands_is_said(town: Town) -> None:
    party = asked(town)
    client = as_(town.bo)
    address = f"/my/invitations/{party.pk}/"
    long = client.post(address, {"word": "字" * 201, "do": "accept"})
    assert long.status_code == 422
    assert "字" * 201 in long.content.decode()
    assert client.post(address, {"word": "x", "do": "nonsense"}).status_code == 422
    parties.take_back(party=party, by=town.mei)
    late = client.post(address, {"word": "来", "do": "accept"})
    assert late.status_code == 409
    assert "收回" in main(late)
    assert SECRET not in main(late)
    assert Party.objects.get().state == State.WITHDRAWN


def test_members_without_the_right_are_told_so(town: Town) -> None:
    membership.join(person=town.chen, organisation=town.school, role=Role.LEADER, by=town.bo)
    party = asked(town)
    for answer in (
        as_(town.chen).get(f"/my/invitations/{party.pk}/"),
        as_(town.chen).post(f"/my/invitations/{party.pk}/", {"do": "accept"}),
    ):
        assert answer.status_code == 403
        assert "协调员" in answer.content.decode()
        assert SECRET not in answer.content.decode()
    assert Party.objects.get().state == State.INVITED


def test_a_partner_leaves_from_its_page(town: Town) -> None:
    party = joined(town)
    client = as_(town.bo)
    link = page(client.get(party.action.get_absolute_url())).select_one(f"a[href='/my/invitations/{party.pk}/']")
    assert link is not None
    client.post(f"/my/invitations/{party.pk}/", {"word": "老师都病了", "do": "leave"})
    assert Party.objects.get().parting == "老师都病了"
    after = page(client.get(party.action.get_absolute_url()))
    assert "示范初级中学" not in words(after.select_one("[aria-labelledby=hosts]"))
    assert not after.select(f"a[href='/my/invitations/{party.pk}/']")


# --- the desk ----------------------------------------------------------------------------------------------------------


def test_the_desk_asks_several_and_shows_how_each_stands(town: Town) -> None:
    action = cast.announced(town)
    client = as_(town.mei)
    form = page(client.get(f"/desk/{action.pk}/partners/"))
    assert form.select_one(f"[name='{box(town.school)}']")
    assert not form.select(f"[name='{box(town.yuqi)}']"), "the host is there anyway"
    sent = {box(town.school): "1", box(town.enterprise): "1", "asked_for": SECRET, "do": "invite"}
    assert client.post(f"/desk/{action.pk}/partners/", sent).status_code == 302
    assert {(party.organisation, party.asked_for) for party in action.parties.all()} == {
        (town.school, SECRET),
        (town.enterprise, SECRET),
    }
    school, company = action.parties.order_by("organisation_id")
    parties.accept(party=school, word="带铁锹来", by=town.bo)
    parties.decline(party=company, word=NO, by=town.qiang)
    shown = words(page(client.get(f"/desk/{action.pk}/")).select_one("#desk-parties"))
    for told in ("示范初级中学", "带铁锹来", "柏川", "示范制造有限公司", NO, "强立"):
        assert told in shown, told


def test_who_runs_it_without_rewriting_it_sees_partners_and_asks_nobody(town: Town) -> None:
    membership.join(person=town.lan, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    party = asked(town)
    client = as_(town.lan)
    panel = page(client.get(f"/desk/{party.action_id}/")).select_one("#desk-parties")
    assert "示范初级中学" in words(panel)
    assert not panel.select("form, a.btn")
    assert client.post(f"/desk/{party.action_id}/partners/", {box(town.enterprise): "1"}).status_code == 403
    assert Party.objects.count() == 1


def test_nothing_ticked_and_too_many_words_keep_what_was_typed(town: Town) -> None:
    action = cast.announced(town)
    client = as_(town.mei)
    nothing = client.post(f"/desk/{action.pk}/partners/", {"asked_for": SECRET, "do": "invite"})
    assert nothing.status_code == 422
    assert SECRET in nothing.content.decode()
    long = client.post(f"/desk/{action.pk}/partners/", {box(town.school): "1", "asked_for": "字" * 201, "do": "invite"})
    assert long.status_code == 422
    assert page(long).select_one(f"[name='{box(town.school)}']").has_attr("checked")
    assert not Party.objects.exists()


def test_among_many_one_looks_by_name_and_the_ticked_ones_stay(town: Town) -> None:
    for number in range(15):
        new = founding.found(
            name=f"第{number:02}商户组", kind=Organisation.Kind.MERCHANTS, coordinator=town.zhou, by=town.admin
        )
        founding.verify(organisation=new, by=town.admin)
    action = cast.announced(town)
    client = as_(town.mei)
    first = page(client.get(f"/desk/{action.pk}/partners/"))
    assert len(first.select("[name^=partner-]")) == 12
    found = page(
        client.post(
            f"/desk/{action.pk}/partners/",
            {box(town.school): "1", "asked_for": SECRET, "partners_query": "第14", "do": "find"},
        )
    )
    boxes = {each["name"]: each.has_attr("checked") for each in found.select("[name^=partner-]")}
    last = Organisation.objects.get(name="第14商户组")
    assert boxes == {box(town.school): True, box(last): False}
    assert found.select_one("[name=asked_for]").get_text().strip() == SECRET
    assert not Party.objects.exists()


def test_taking_back_and_going_on_without(town: Town) -> None:
    action = cast.announced(town)
    waiting = asked(town, action)
    there = parties.accept(party=asked(town, action, town.enterprise), by=town.qiang)
    client = as_(town.mei)
    client.post(f"/desk/{action.pk}/partners/{waiting.pk}/take-back/")
    assert client.post(f"/desk/{action.pk}/partners/{there.pk}/let-go/", {"word": ""}).status_code == 422
    client.post(f"/desk/{action.pk}/partners/{there.pk}/let-go/", {"word": "人够了"})
    waiting.refresh_from_db()
    there.refresh_from_db()
    assert (waiting.state, there.state, there.parting) == (State.WITHDRAWN, State.LEFT, "人够了")
    again = client.get(f"/desk/{action.pk}/partners/{there.pk}/let-go/")
    assert again.headers["Location"] == f"/desk/{action.pk}/"


# --- the composer ------------------------------------------------------------------------------------------------------


def test_the_composer_asks_in_the_same_deed(town: Town) -> None:
    client = as_(town.mei)
    sent = typed(town, **{box(town.school): "1", "asked_for": SECRET})
    assert client.post(NEW, sent).status_code == 302
    party = Party.objects.get()
    assert (party.organisation, party.asked_for, party.action.state) == (town.school, SECRET, Action.State.ANNOUNCED)
    client.post(NEW, sent)
    assert Party.objects.count() == 1


def test_a_refusal_asks_nobody_and_keeps_the_ticks(town: Town) -> None:
    client = as_(town.mei)
    answer = client.post(NEW, typed(town, risks="", **{box(town.school): "1", "asked_for": SECRET}))
    assert answer.status_code == 422
    form = page(answer)
    assert form.select_one(f"[name='{box(town.school)}']").has_attr("checked")
    assert form.select_one("#partners").has_attr("open")
    assert SECRET in form.select_one("[name=asked_for]").get_text()
    assert not Party.objects.exists()


def test_autosave_keeps_the_ticks(town: Town) -> None:
    client = as_(town.mei)
    client.post(f"{NEW}autosave/", {"title": "x", box(town.school): "1", "asked_for": SECRET, "partner-x": "1"})
    assert ComposerDraft.objects.get().typed == {"title": "x", box(town.school): "1", "asked_for": SECRET}
    form = page(client.get(NEW))
    assert form.select_one(f"[name='{box(town.school)}']").has_attr("checked")
    assert form.select_one("[name=asked_for]").get_text().strip() == SECRET


def test_a_change_asks_more_and_offers_only_who_was_not_asked(town: Town) -> None:
    party = asked(town)
    client = as_(town.mei)
    form = page(client.get(f"/desk/{party.action_id}/edit/"))
    assert not form.select(f"[name='{box(town.school)}']")
    hidden = {each["name"]: each.get("value", "") for each in form.select("#composer input[type=hidden]")}
    rest = {name: value for name, value in typed(town, do="save").items() if not name.startswith("shifts-")}
    shifts_as_they_are = {
        each["name"]: each.get("value", "") for each in form.select("#composer [name^='shifts-0']") if each.get("name")
    }
    sent = {**rest, **shifts_as_they_are, **hidden, box(town.enterprise): "1"}
    assert client.post(f"/desk/{party.action_id}/edit/", sent).status_code == 302
    assert set(party.action.parties.values_list("organisation__name", flat=True)) == {
        "示范初级中学",
        "示范制造有限公司",
    }


# --- posts in a partner's name -----------------------------------------------------------------------------------------


def test_a_partner_posts_from_the_page_and_sees_no_desk(town: Town) -> None:
    party = joined(town)
    volunteer = next(town.neighbours())
    cast.sign_up(volunteer, party.action.shifts.get())
    client = as_(town.bo)
    seen = client.get(party.action.get_absolute_url())
    assert page(seen).select(f"a[href='/desk/{party.action_id}/post/?next=page']")
    assert volunteer.name not in seen.content.decode()
    assert client.get(f"/desk/{party.action_id}/").status_code == 404
    answer = client.post(f"/desk/{party.action_id}/post/", {"text": "老师到了"})
    assert answer.headers["Location"] == party.action.get_absolute_url()
    assert Post.objects.get().organisation == town.school
    parties.leave(party=party, by=town.bo)
    assert client.post(f"/desk/{party.action_id}/post/", {"text": "又来了"}).status_code == 404
    assert Post.objects.count() == 1


def test_who_speaks_for_several_chooses(town: Town) -> None:
    membership.join(person=town.bo, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    party = joined(town)
    client = as_(town.bo)
    form = page(client.get(f"/desk/{party.action_id}/post/"))
    assert [each["value"] for each in form.select("[name=organisation]")] == [str(town.yuqi.pk), str(town.school.pk)]
    client.post(f"/desk/{party.action_id}/post/", {"text": "学校的话", "organisation": str(town.school.pk)})
    client.post(f"/desk/{party.action_id}/post/", {"text": "社区的话", "organisation": str(town.yuqi.pk)})
    other = client.post(f"/desk/{party.action_id}/post/", {"text": "别家的话", "organisation": str(town.group.pk)})
    assert other.status_code == 422
    assert list(Post.objects.values_list("organisation__name", "text")) == [
        ("示范初级中学", "学校的话"),
        ("玉祁社区", "社区的话"),
    ]


def test_a_partner_is_offered_to_withdraw_its_own_posts_alone(town: Town) -> None:
    party = joined(town)
    own = posting.post(action=party.action, text="学校的话", organisation=town.school, by=town.bo)
    hosts = posting.post(action=party.action, text="社区的话", by=town.mei)

    def offered(person: User) -> set[str]:
        links = page(as_(person).get(party.action.get_absolute_url())).select(".entries .entry-deed a")
        return {link["href"].split("/")[4] for link in links}

    assert offered(town.bo) == {str(own.key)}
    assert offered(town.mei) == {str(own.key), str(hosts.key)}
    assert offered(town.qiang) == set()
    client = as_(town.bo)
    assert client.post(f"/desk/{party.action_id}/posts/{hosts.key}/withdraw/").status_code == 404
    assert client.post(f"/desk/{party.action_id}/posts/{own.key}/withdraw/").status_code == 302
    assert list(Post.objects.filter(withdrawn_at__isnull=False)) == [own]


# --- where partners are shown ------------------------------------------------------------------------------------------


def test_cards_and_the_api_name_partners_with_as_many_queries(town: Town, visitor: Client) -> None:
    addresses = ("/actions/", "/api/v1/actions/")
    action = cast.announced(town)
    joined(town, action)

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            visitor.get(address)
            with CaptureQueriesContext(connection) as seen:
                visitor.get(address)
            counts.append(len(seen))
        return counts

    few = queries()
    assert "示范初级中学" in words(page(visitor.get("/actions/")).select_one(".card .who"))
    told = visitor.get(f"/api/v1/actions/{action.pk}/").json()["partners"]
    assert told == [
        {"id": town.school.pk, "name": "示范初级中学", "url": f"http://testserver{town.school.section.url}"}
    ]
    for organisation, who in ((town.enterprise, town.qiang), (town.group, town.admin)):
        for other in (action, cast.announced(town)):
            parties.accept(party=asked(town, other, organisation), by=who)
    assert queries() == few


def test_the_page_of_an_action_asks_no_more_for_more_partners(town: Town, visitor: Client) -> None:
    party = joined(town)
    address = party.action.get_absolute_url()
    visitor.get(address)
    with CaptureQueriesContext(connection) as few:
        visitor.get(address)
    for organisation, who in ((town.enterprise, town.qiang), (town.group, town.admin)):
        parties.accept(party=asked(town, party.action, organisation), by=who)
    with CaptureQueriesContext(connection) as many:
        visitor.get(address)
    # Each yes is a piece of news, which costs nothing; so are the names.
    assert len(many) == len(few)


def test_an_organisation_shows_what_it_takes_part_in_and_with_whom(town: Town, visitor: Client) -> None:
    joined(town, cast.announced(town, title="社区办的"))
    own = cast.announced(town, host=town.school, by=town.bo, title="学校办的")
    parties.accept(party=parties.invite(action=own, organisation=town.yuqi, by=town.bo), by=town.mei)
    asked(town, cast.announced(town, title="没答应的"))
    school = page(visitor.get(town.school.section.url))
    assert "社区办的" in words(school.select_one("[aria-labelledby=coming]"))
    assert "没答应的" not in words(school)
    joint = school.select_one("[aria-labelledby=joint]")
    assert "玉祁社区" in words(joint)
    assert "2" in words(joint.select_one("li .muted"))
    assert not page(visitor.get(town.group.section.url)).select("[aria-labelledby=joint]")
    listed = main(visitor.get(f"/actions/?host={town.school.slug}"))
    assert "社区办的" in listed
    assert "没答应的" not in listed


# --- the code ----------------------------------------------------------------------------------------------------------


def test_the_code_is_dark_on_white_with_its_quiet_zone_and_the_address_in_letters(town: Town) -> None:
    action = cast.announced(town)
    client = as_(town.mei)
    shown = client.get(f"/desk/{action.pk}/share/").content.decode()
    assert f"http://testserver{short_codes.path_of(Thing.ACTION, action.pk)}" in shown
    picture = Image.open(io.BytesIO(client.get(f"/desk/{action.pk}/share/code.png").content)).convert("L")
    edge = 16 * 4
    assert picture.getextrema() == (0, 255)
    for strip in ((0, 0, picture.width, edge), (0, 0, edge, picture.height)):
        assert picture.crop(strip).getextrema() == (255, 255)
    assert picture.getpixel((edge, edge)) == 0, "the finder begins where the quiet zone ends"
    drawn = client.get(f"/desk/{action.pk}/share/code.svg").content.decode()
    assert 'fill="#fff"' in drawn
    assert 'stroke="#000"' in drawn
    assert client.get(f"/desk/{action.pk}/share/code.svg")["Cache-Control"] == "private, no-store"


def test_a_draft_has_nothing_to_share(town: Town) -> None:
    action = cast.draft(town)
    shown = page(as_(town.mei).get(f"/desk/{action.pk}/share/"))
    assert not shown.select("img.code")
