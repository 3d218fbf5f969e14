"""Asking to belong, being taken in or not, leaving, handing over."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from communities import joining, membership, people, permits
from communities.models import JoinRequest, Membership, Organisation, User
from communities.roles import Right, Role
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.reading import errors, main, page
from updates import inbox, messages
from updates.models import Message

NOTE = "geheime-notiz"


@pytest.fixture
def asked(town: Town) -> JoinRequest:
    """dana asks 玉祁社区."""
    return joining.ask(organisation=town.yuqi, by=town.dana, note=NOTE)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_coordinators_are_told_and_nobody_else(town: Town, asked: JoinRequest) -> None:
    assert set(Message.objects.filter(kind="asked_to_join").values_list("person", flat=True)) == {town.mei.pk}
    message = Message.objects.get()
    assert NOTE in messages.words(message.kind, message.payload, None).text


def test_again_is_the_same_request_and_nobody_is_told_twice(town: Town, asked: JoinRequest) -> None:
    assert joining.ask(organisation=town.yuqi, by=town.dana, note="anders") == asked
    assert Message.objects.count() == 1


def test_no_message_leads_to_a_page_that_is_offline(town: Town, asked: JoinRequest) -> None:
    town.yuqi.section.specific.unpublish()
    asked = JoinRequest.objects.get(pk=asked.pk)
    joining.decline(request=asked, word="请先来坐坐。", by=town.mei)
    message = Message.objects.get(person=town.dana, kind="join_declined")
    assert inbox.told(message, timezone.now()).words.url == "/"


def test_who_belongs_need_not_ask(town: Town) -> None:
    with pytest.raises(Refused) as refusal:
        joining.ask(organisation=town.yuqi, by=town.yan)
    assert refusal.value.code == "belongs"


def test_a_hidden_organisation_is_not_asked(town: Town) -> None:
    town.yuqi.section.specific.unpublish()
    dana = as_(town.dana)
    address = f"/my/organisations/{town.yuqi.pk}"
    for path in ("join", "follow", "unfollow"):
        assert dana.post(f"{address}/{path}/").status_code == 404
    assert not JoinRequest.objects.exists()


def test_the_sheet_keeps_what_was_written(town: Town) -> None:
    answer = as_(town.dana).post(f"/my/organisations/{town.yuqi.pk}/join/", {"note": "长" * 201})
    assert answer.status_code == 422
    assert errors(answer, "note")
    assert "长" * 201 in answer.content.decode()
    assert not JoinRequest.objects.exists()


def test_only_who_asked_takes_it_back(town: Town, asked: JoinRequest) -> None:
    assert as_(town.zhou).post(f"/my/requests/{asked.pk}/take-back/").status_code == 404
    with pytest.raises(Refused) as refusal:
        joining.take_back(request=asked, by=town.mei)
    assert refusal.value.status == 403
    as_(town.dana).post(f"/my/requests/{asked.pk}/take-back/")
    assert JoinRequest.objects.get().answered_at is not None
    joining.ask(organisation=town.yuqi, by=town.dana)
    assert JoinRequest.objects.count() == 2


# --- answering --------------------------------------------------------------------------------------------------------


def test_taken_in_as_a_member_and_told(town: Town, asked: JoinRequest) -> None:
    joining.accept(request=asked, by=town.mei)
    joining.accept(request=asked, by=town.mei)
    dana = User.objects.get(pk=town.dana.pk)
    assert permits.may(dana, Right.BELONG, town.yuqi)
    assert not permits.may(dana, Right.COMPOSE_ACTION, town.yuqi)
    assert told(town.dana) == ["join_accepted"]


def test_declined_with_a_word(town: Town, asked: JoinRequest) -> None:
    joining.decline(request=asked, word="请先到社区登记。", by=town.mei)
    assert told(town.dana) == ["join_declined"]
    message = Message.objects.get(person=town.dana)
    assert "请先到社区登记。" in messages.words(message.kind, message.payload, None).text
    with pytest.raises(Refused) as refusal:
        joining.accept(request=asked, by=town.mei)
    assert refusal.value.code == "answered"
    assert not membership.live(town.dana, town.yuqi).exists()


def test_a_no_without_a_word_is_none(town: Town, asked: JoinRequest) -> None:
    address = f"/my/organisations/{town.yuqi.pk}/requests/{asked.pk}/decline/"
    answer = as_(town.mei).post(address, {"word": "  "})
    assert answer.status_code == 422
    assert errors(answer, "word")
    assert JoinRequest.objects.get().answered_at is None


def test_what_was_taken_back_is_not_taken_in(town: Town, asked: JoinRequest) -> None:
    joining.take_back(request=asked, by=town.dana)
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/requests/{asked.pk}/accept/")
    assert answer.status_code == 409
    assert not membership.live(town.dana, town.yuqi).exists()


@pytest.mark.parametrize("name", ["dana", "yan", "bo", "chen"])
def test_nobody_else_answers(town: Town, asked: JoinRequest, name: str) -> None:
    for deed in (
        lambda by: joining.accept(request=asked, by=by),
        lambda by: joining.decline(request=asked, word="x", by=by),
    ):
        with pytest.raises(Refused) as refusal:
            deed(town.people[name])
        assert refusal.value.status == 403
    assert JoinRequest.objects.get().answered_at is None


def test_a_coordinator_does_not_answer_for_another_organisation(town: Town, asked: JoinRequest) -> None:
    bo = as_(town.bo)
    for path in ("accept", "decline"):
        assert bo.post(f"/my/organisations/{town.school.pk}/requests/{asked.pk}/{path}/").status_code == 404
    assert JoinRequest.objects.get().answered_at is None


# --- leaving, roles, handing over -------------------------------------------------------------------------------------


def test_one_leaves_with_all_roles_and_the_coordinators_know(town: Town) -> None:
    membership.join(person=town.yan, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    answer = as_(town.yan).post(f"/my/organisations/{town.yuqi.pk}/leave/")
    assert answer["Location"] == "/me/"
    assert not membership.live(town.yan, town.yuqi).exists()
    assert not User.objects.get(pk=town.yan.pk).groups.exists()
    assert told(town.mei) == ["left"]


def test_the_last_coordinator_stays_and_reads_why(town: Town) -> None:
    membership.join(person=town.mei, organisation=town.yuqi, role=Role.EDITOR, by=town.mei)
    mei = as_(town.mei)
    address = f"/my/organisations/{town.yuqi.pk}"
    for path in ("leave/", f"members/{town.mei.pk}/let-go/"):
        answer = mei.post(f"{address}/{path}")
        assert answer.status_code == 409
        assert page(answer).select(".msg.bad")
    answer = mei.post(f"{address}/members/{town.mei.pk}/", {"roles": ["member"]})
    assert answer.status_code == 409
    assert len(membership.live(town.mei, town.yuqi)) == 2


def test_roles_are_given_and_taken_and_the_person_told(town: Town) -> None:
    began = membership.live(town.yan, town.yuqi).get().began_at
    mei = as_(town.mei)
    address = f"/my/organisations/{town.yuqi.pk}/members/{town.yan.pk}/"
    mei.post(address, {"roles": ["editor", "leader"]})
    held = {each.role: each for each in membership.live(town.yan, town.yuqi)}
    assert set(held) == {"editor", "leader"}
    assert held["editor"].began_at == began, "what one is goes on"
    mei.post(address, {"roles": ["leader"]})
    yan = User.objects.get(pk=town.yan.pk)
    assert not yan.has_perm("wagtailadmin.access_admin")
    assert told(town.yan) == ["roles_given", "roles_given"]
    mei.post(address, {"roles": ["leader"]})
    assert len(told(town.yan)) == 2


@pytest.mark.parametrize("roles", [[], ["emperor"]])
def test_unreadable_roles_change_nothing(town: Town, roles: list[str]) -> None:
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/members/{town.yan.pk}/", {"roles": roles})
    assert answer.status_code == 422
    assert [each.role for each in membership.live(town.yan, town.yuqi)] == ["editor"]


def test_nobody_is_made_a_member_by_being_given_a_role(town: Town) -> None:
    for deed in (
        lambda: membership.give_roles(person=town.dana, organisation=town.yuqi, roles=[Role.MEMBER], by=town.mei),
        lambda: joining.hand_over(organisation=town.yuqi, to=town.dana, by=town.mei),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "no_member"
    assert as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/members/{town.dana.pk}/").status_code == 404
    assert not membership.live(town.dana, town.yuqi).exists()


def test_let_go_and_told(town: Town) -> None:
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/members/{town.yan.pk}/let-go/")
    assert answer.status_code == 302
    assert not membership.live(town.yan, town.yuqi).exists()
    assert told(town.yan) == ["let_go"]


def test_handing_over_makes_one_coordinator_of_the_other(town: Town) -> None:
    answer = as_(town.mei).post(f"/my/organisations/{town.yuqi.pk}/members/{town.yan.pk}/hand-over/", follow=True)
    assert "严宁" in main(answer)
    roles = Membership.objects.live().filter(organisation=town.yuqi).values_list("person__username", "role")
    assert set(roles) == {("mei", "member"), ("yan", "editor"), ("yan", "coordinator")}
    assert not permits.may(User.objects.get(pk=town.mei.pk), Right.MANAGE_MEMBERS, town.yuqi)
    assert told(town.yan) == ["roles_given"]


def test_only_a_coordinator_has_something_to_hand_over(town: Town) -> None:
    for by, code in ((town.admin, "no_coordinator"), (town.yan, "no_right"), (town.bo, "no_right")):
        with pytest.raises(Refused) as refusal:
            joining.hand_over(organisation=town.yuqi, to=town.yan, by=by)
        assert refusal.value.code == code


def test_what_is_stored_is_what_the_memberships_say(town: Town, asked: JoinRequest) -> None:
    joining.accept(request=asked, by=town.mei)
    joining.assign(person=town.dana, organisation=town.yuqi, roles=[Role.LEADER, Role.EDITOR], by=town.mei)
    joining.hand_over(organisation=town.yuqi, to=town.dana, by=town.mei)
    joining.leave(organisation=town.yuqi, by=town.mei)
    assert list(membership.differences(town.yuqi)) == []


# --- races ------------------------------------------------------------------------------------------------------------

TIMES = 5


def test_asked_at_once_it_is_one_request(committed: Town) -> None:
    answers = at_once(*[lambda: joining.ask(organisation=committed.yuqi, by=committed.dana)] * TIMES)
    assert {answer.pk for answer in answers} == {JoinRequest.objects.get().pk}
    assert Message.objects.filter(kind="asked_to_join").count() == 1


def test_twin_looking_before_writing_is_not_enough(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    all_have_looked = threading.Barrier(TIMES)

    def look_then_make(asked: Any, *, defaults: dict[str, Any], **wanted: Any) -> tuple[JoinRequest, bool]:
        found = asked.filter(**wanted).first()
        meet(all_have_looked)
        return (found, False) if found else (JoinRequest.objects.create(**wanted, **defaults), True)

    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(people, "hold", lambda ids: {one.pk: one for one in User.objects.filter(pk__in=list(ids))})
    monkeypatch.setattr(type(JoinRequest.objects.all()), "get_or_create", look_then_make)

    answers = at_once(*[lambda: joining.ask(organisation=committed.yuqi, by=committed.dana)] * TIMES)

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == TIMES - 1, "the database refuses the rest"


class _Meeting:
    """Stands between looking for other coordinators and leaving, and waits there for the other one, but not for ever."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(2)

    def now(self) -> object:
        meet(self.barrier)
        return timezone.now()


def both_leave(town: Town, let_go: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> int:
    """Both coordinators of 玉祁社区 go with all they are, in the same instant; how many are left."""
    membership.join(person=town.yan, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
    membership.end(membership=town.yan.memberships.get(role=Role.EDITOR), by=town.mei)
    monkeypatch.setattr(membership, "timezone", _Meeting())
    at_once(*(lambda by=by: let_go(person=by, organisation=town.yuqi, by=by) for by in (town.mei, town.yan)))
    return town.yuqi.memberships.live().filter(role=Role.COORDINATOR).count()


def test_of_two_coordinators_who_go_at_once_one_stays(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert both_leave(committed, membership.let_go, monkeypatch) == 1


def test_twin_without_the_organisations_lock_nobody_is_left(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Organisation.objects, "held", lambda pk: Organisation.objects.get(pk=pk))
    monkeypatch.setattr(people, "hold_one", lambda person: person)
    assert both_leave(committed, membership.let_go.__wrapped__, monkeypatch) == 0


def test_coordinators_are_not_rung_up_again_and_again(town: Town) -> None:
    for _time in range(joining.A_DAY):
        joining.take_back(request=joining.ask(organisation=town.yuqi, by=town.dana), by=town.dana)
    with pytest.raises(Refused) as refusal:
        joining.ask(organisation=town.yuqi, by=town.dana)
    assert (refusal.value.code, refusal.value.status) == ("too_often", 429)
    joining.ask(organisation=town.school, by=town.dana)
    JoinRequest.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert joining.ask(organisation=town.yuqi, by=town.dana).answered_at is None
