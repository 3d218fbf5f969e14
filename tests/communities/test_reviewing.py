"""Handing in, approving and returning: who may, what is published, what is told, and two who decide at once."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Task, TaskState, WorkflowState

from communities import ground, membership, reviewing, reviews
from communities.models import Organisation, ReviewTask, User
from communities.roles import Role
from kit.refusals import Refused
from portal import clock
from portal.models import NoticeIndexPage, NoticePage
from tests.cast import Town
from updates import inbox
from updates.models import Message, Outgoing


def a_notice(town: Town, *, host: Organisation | None = None, by: User | None = None, **words: Any) -> NoticePage:
    """A draft in the section of 玉祁社区, by yan."""
    index = NoticeIndexPage.objects.child_of((host or town.yuqi).section).get()
    written = {"title": "湖西路停水", "summary": "周三上午九点到十二点。", "slug": f"n{NoticePage.objects.count()}"}
    page: NoticePage = index.add_child(instance=NoticePage(**{**written, **words}, live=False, owner=by or town.yan))
    page.save_revision(user=by or town.yan)
    return page


def handed_in(town: Town, **changes: Any) -> TaskState:
    """One that waits for approval."""
    page = a_notice(town, **changes)
    return hand_in(page, changes.get("by") or town.yan)


def hand_in(page: NoticePage, by: User) -> TaskState:
    page = NoticePage.objects.get(pk=page.pk)
    again = page.current_workflow_state
    workflow_state = again or page.get_workflow().start(page, by)
    if again:
        again.resume(by)
    state = WorkflowState.objects.get(pk=workflow_state.pk).current_task_state
    assert state is not None
    return state


def page_of(state: TaskState) -> NoticePage:
    return NoticePage.objects.get(pk=state.workflow_state.object_id)


def looked(state: TaskState) -> str:
    latest = page_of(state).latest_revision
    assert latest is not None
    return reviewing.seen(latest)


def titles(person: User) -> list[str]:
    return [entry.words.title for entry in (inbox.told(each, timezone.now()) for each in inbox.of(person))]


def refused(code: str, deed: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        deed()
    assert refusal.value.code == code
    return refusal.value


# --- the task ---------------------------------------------------------------------------------------------------------


def test_there_is_one_workflow_for_every_page(town: Town) -> None:
    assert [type(task) for task in Task.objects.specific()] == [ReviewTask]
    page = a_notice(town)
    assert page.get_workflow() == Page.objects.get(depth=1).get_workflow()


def test_whoever_may_approve_reads_it_and_nobody_else_writes_in_it(town: Town) -> None:
    page = page_of(handed_in(town))
    task = page.current_workflow_task
    may = {name for name, person in town.people.items() if task.user_can_access_editor(page, person)}
    assert may == {"mei", "admin"}
    assert {name for name, person in town.people.items() if task.get_actions(page, person)} == may
    assert {name for name, person in town.people.items() if not task.locked_for_user(page, person)} == may


def test_a_page_of_nobody_is_the_operators(town: Town) -> None:
    home = Page.objects.get(depth=2)
    assert {name for name, person in town.people.items() if ground.may_approve(person, home)} == {"admin"}
    assert list(ground.approvers(home)) == [town.admin]


def test_what_waits_is_found_in_one_query_however_much_it_is(town: Town) -> None:
    def queries() -> int:
        fresh = User.objects.get(pk=town.mei.pk)
        with CaptureQueriesContext(connection) as asked:
            list(TaskState.objects.reviewable_by(fresh))
        return len(asked)

    handed_in(town)
    handed_in(town, host=town.school, by=town.bo)
    few = queries()
    for _more in range(3):
        handed_in(town)
    assert queries() == few
    states = TaskState.objects.reviewable_by(town.mei)
    assert states.count() == 4
    assert {ground.owner(page_of(state)) for state in states} == {town.yuqi}


# --- deeds ------------------------------------------------------------------------------------------------------------


def test_approving_publishes_and_tells_who_wrote_it(town: Town) -> None:
    state = handed_in(town)
    decided = reviewing.approve(state=state, by=town.mei, looked_at=looked(state), word="写得清楚")
    assert decided.status == TaskState.STATUS_APPROVED
    page = page_of(state)
    assert page.live
    assert page.current_workflow_state is None
    assert Message.objects.get(person=town.yan).kind == "review_approved"
    assert "湖西路停水" in titles(town.yan)[0]


def test_returning_publishes_nothing_and_says_why(town: Town) -> None:
    state = handed_in(town)
    reviewing.send_back(state=state, by=town.mei, looked_at=looked(state), word=" 请写明停水到几点 ")
    page = page_of(state)
    assert not page.live
    assert page.current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    told = Message.objects.get(person=town.yan)
    assert (told.kind, told.payload["word"]) == ("review_returned", "请写明停水到几点")
    again = hand_in(page, town.yan)
    assert again.pk != state.pk
    assert Message.objects.filter(person=town.mei, kind="review_asked").count() == 2


@pytest.mark.parametrize("word", ["", "  \n "])
def test_nothing_is_returned_without_a_word(town: Town, word: str) -> None:
    state = handed_in(town)
    refusal = refused("word_missing", lambda: reviewing.send_back(state=state, by=town.mei, word=word))
    assert (refusal.status, refusal.field) == (422, "word")
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


@pytest.mark.parametrize("name", ["yan", "bo", "lan", "chen", "dana"])
def test_nobody_else_decides(town: Town, name: str) -> None:
    state = handed_in(town)
    by = town.people[name]
    for deed in (
        lambda: reviewing.approve(state=state, by=by),
        lambda: reviewing.send_back(state=state, by=by, word="x"),
    ):
        assert refused("no_right", deed).status == 403
    assert not page_of(state).live
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


def test_who_lost_the_role_decides_no_more(town: Town) -> None:
    state = handed_in(town)
    membership.join(person=town.zhou, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
    membership.end(membership=town.mei.memberships.get(organisation=town.yuqi), by=town.zhou)
    refused("no_right", lambda: reviewing.approve(state=state, by=User.objects.get(pk=town.mei.pk)))


def test_somebody_alone_may_approve_the_own_words_and_is_told_nothing(town: Town) -> None:
    state = handed_in(town, host=town.school, by=town.bo)
    assert not Message.objects.filter(person=town.bo).exists()
    reviewing.approve(state=state, by=town.bo)
    assert page_of(state).live
    assert not Message.objects.filter(person=town.bo).exists()


def test_what_is_decided_stays_decided(town: Town) -> None:
    state = handed_in(town)
    reviewing.send_back(state=state, by=town.mei, word="再看看")
    refusal = refused("decided", lambda: reviewing.approve(state=state, by=town.admin))
    assert town.mei.name in refusal.sentence
    assert not page_of(state).live


def test_what_was_withdrawn_is_not_published(town: Town) -> None:
    state = handed_in(town)
    page_of(state).current_workflow_state.cancel(user=town.yan)
    refused("decided", lambda: reviewing.approve(state=state, by=town.mei))
    assert not page_of(state).live
    assert not Message.objects.filter(person=town.yan).exists()


def test_a_deleted_page_is_gone_politely(town: Town) -> None:
    state = handed_in(town)
    state = TaskState.objects.get(pk=state.pk)
    page_of(state).delete()
    refused("gone", lambda: reviewing.approve(state=state, by=town.admin))


def test_a_text_that_changed_is_looked_at_again(town: Town) -> None:
    state = handed_in(town)
    before = looked(state)
    page = page_of(state)
    page.title = "湖西路停水两天"
    page.save_revision(user=town.mei)
    refused("changed", lambda: reviewing.approve(state=state, by=town.mei, looked_at=before))
    refused("changed", lambda: reviewing.send_back(state=state, by=town.mei, word="x", looked_at=before))
    assert not page_of(state).live
    reviewing.approve(state=state, by=town.mei, looked_at=looked(state))
    assert page_of(state).title == "湖西路停水两天"


def test_a_version_that_is_saved_into_again_is_another_text(town: Town) -> None:
    """The editor saves by itself, and always into the same version."""
    state = handed_in(town)
    page = page_of(state)
    page.save_revision(user=town.mei)
    before = looked(state)
    page.title = "改了一个字"
    page.save_revision(user=town.mei, overwrite_revision=page.latest_revision)
    assert looked(state).split(":")[0] == before.split(":")[0]
    refused("changed", lambda: reviewing.approve(state=state, by=town.mei, looked_at=before))


def test_what_readers_need_must_be_there(town: Town) -> None:
    """A draft may be saved without its summary; it is not published so, and nothing falls over."""
    state = handed_in(town)
    page = page_of(state)
    page.summary = ""
    page.save_revision(user=town.mei, clean=False)
    refused("incomplete", lambda: reviewing.approve(state=state, by=town.mei))
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


def test_who_publishes_directly_ends_the_review_and_the_writer_learns_it(town: Town) -> None:
    state = handed_in(town)
    page_of(state).latest_revision.publish(user=town.mei)
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_CANCELLED
    assert Message.objects.get(person=town.yan).kind == "review_approved"
    refused("decided", lambda: reviewing.approve(state=state, by=town.admin))


# --- messages ---------------------------------------------------------------------------------------------------------


def test_those_who_approve_are_told_and_nobody_else(town: Town) -> None:
    membership.join(person=town.zhou, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
    state = handed_in(town)
    told = Message.objects.filter(kind="review_asked")
    assert {message.person for message in told} == {town.mei, town.zhou}
    message = told[0]
    words = inbox.told(message, timezone.now()).words
    assert words.url == f"/review/{state.pk}/"
    assert "湖西路停水" in words.title
    assert town.yan.name in words.text


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_wagtail_writes_no_mails_of_its_own(town: Town) -> None:
    User.objects.update(email="somebody@example.org")
    first, second = handed_in(town), handed_in(town)
    reviewing.approve(state=first, by=town.mei)
    reviewing.send_back(state=second, by=town.mei, word="x")
    page_of(second).current_workflow_state.cancel(user=town.mei)
    assert mail.outbox == []


def test_ours_go_out_in_the_language_of_who_reads_them(town: Town, settings: Any) -> None:
    settings.SMS_CARRIER = "file"
    User.objects.filter(pk=town.mei.pk).update(language="en", phone="+8613900000001")
    state = handed_in(town)
    letter = Outgoing.objects.get(message__person=town.mei)
    assert "Waits for your approval" in letter.body
    assert f"/review/{state.pk}/" in letter.body


# --- the clock --------------------------------------------------------------------------------------------------------


def test_an_hour_that_was_asked_for_is_kept(town: Town) -> None:
    start = timezone.now()
    state = handed_in(town, go_live_at=start + timedelta(hours=2), expire_at=start + timedelta(hours=5))
    reviewing.approve(state=state, by=town.mei, looked_at=looked(state))
    assert not page_of(state).live
    assert "goes_live" in Message.objects.get(person=town.yan).payload
    clock.publish_scheduled()
    assert not page_of(state).live
    with time_machine.travel(start + timedelta(hours=3), tick=False):
        clock.publish_scheduled()
        assert page_of(state).live
    with time_machine.travel(start + timedelta(hours=6), tick=False):
        clock.publish_scheduled()
        page = page_of(state)
        assert (page.live, page.expired) == (False, True)


def test_what_should_be_offline_already_is_not_approved(town: Town) -> None:
    start = timezone.now()
    state = handed_in(town, expire_at=start + timedelta(hours=1))
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        refused("over", lambda: reviewing.approve(state=state, by=town.mei))
    assert not page_of(state).live


# --- reading ----------------------------------------------------------------------------------------------------------


def test_each_sees_what_waits_and_what_became_of_the_own(town: Town) -> None:
    waiting, returned, approved = handed_in(town), handed_in(town), handed_in(town)
    reviewing.send_back(state=returned, by=town.mei, word="x")
    reviewing.approve(state=approved, by=town.mei)
    assert [each.state for each in reviews.reviews(reviews.to_approve(town.mei))] == [waiting]
    mine = reviews.reviews(reviews.handed_in(town.yan))
    assert [(each.state, each.stands) for each in mine] == [
        (approved, "approved"),
        (returned, "returned"),
        (waiting, "waiting"),
    ]
    assert {each.organisation for each in mine} == {town.yuqi}
    assert reviews.count_to_approve(town.mei) == 1
    assert reviews.count_to_approve(town.bo) == reviews.count_to_approve(town.dana) == 0


# --- races ------------------------------------------------------------------------------------------------------------


def _together(*deeds: Callable[[], object]) -> list[str]:
    """Do these at once; what each came to."""
    start = threading.Barrier(len(deeds))
    said: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait()
            deed()
            said.append("done")
        except Refused as refusal:
            said.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def _two_decide(town: Town) -> tuple[list[str], TaskState]:
    state = handed_in(town)
    # Both have read it while it waited.
    first, second = TaskState.objects.get(pk=state.pk), TaskState.objects.get(pk=state.pk)
    said = _together(
        lambda: reviewing.approve(state=first, by=town.mei),
        lambda: reviewing.send_back(state=second, by=town.admin, word="停一下"),
    )
    return said, state


def test_of_two_who_decide_at_once_one_does(committed: Town) -> None:
    for _each in range(5):
        said, state = _two_decide(committed)
        assert said == ["decided", "done"]
        decided = TaskState.objects.get(pk=state.pk)
        assert page_of(state).live == (decided.status == TaskState.STATUS_APPROVED)


def test_without_reading_again_both_would_decide(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: Wagtail's own question, asked of what was read before."""

    def as_it_was(state: TaskState, by: User) -> reviewing._Held:
        latest = page_of(state).latest_revision
        assert latest is not None
        return reviewing._Held(state, latest)

    monkeypatch.setattr(reviewing, "_hold", as_it_was)
    said, _state = _two_decide(committed)
    assert said == ["done", "done"]


def test_what_leaves_the_site_bears_no_break_mark(town: Town) -> None:
    state = handed_in(town, title="湖西路|停水")
    told = Message.objects.get(person=town.mei, kind="review_asked")
    assert "湖西路停水" in inbox.told(told, timezone.now()).words.title
    assert "湖西路停水" in Outgoing.objects.get(message=told).body
    reviewing.send_back(state=state, by=town.mei, word="写明几点")
    told = Message.objects.get(person=town.yan, kind="review_returned")
    assert "湖西路停水" in inbox.told(told, timezone.now()).words.title


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_a_word_that_is_too_long_decides_nothing_in_the_editor(town: Town, action: str) -> None:
    state = handed_in(town)
    client = Client(headers={"x-requested-with": "XMLHttpRequest"})
    client.force_login(town.mei)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page_of(state).pk, action, state.pk])
    answer = client.post(address, {"comment": "长" * 401})
    assert answer.status_code == 200
    # Only to return something a word is asked for; that window is shown again and says what is wrong.
    assert ("401" in answer.content.decode()) == (action == "reject")
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS


def test_the_clients_of_the_editor_do_the_deeds(town: Town) -> None:
    """Wagtail takes the state from one address and asks about the page in another: somebody else's state is not decided."""
    theirs = handed_in(town)
    own = handed_in(town, host=town.school, by=town.bo)
    client = Client(raise_request_exception=False)
    client.force_login(town.bo)

    def approve(state: TaskState) -> int:
        address = reverse("wagtailadmin_pages:workflow_action", args=[page_of(own).pk, "approve", state.pk])
        return client.post(address, {"comment": ""}).status_code

    assert approve(theirs) == 403
    assert not page_of(theirs).live
    assert approve(own) == 302
    assert page_of(own).live
