"""Announcing, and that nothing Wagtail does to a page moves the action."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from communities import founding, membership
from communities.models import Organisation
from communities.roles import Role
from events import calling_off, permits, publishing, seats, shifts
from events.models import Action, ActionPage
from kit.refusals import Refused
from tests import cast
from tests.cast import Town


def row(action: Action) -> dict[str, Any]:
    """The operation as it is stored, with its shifts and their places."""
    return {
        "action": Action.objects.filter(pk=action.pk).values().get(),
        "shifts": list(action.shifts.order_by("pk").values()),
        "places": list(action.shifts.order_by("pk").values_list("allotments__capacity", "allotments__taken")),
        "sign_ups": list(action.shifts.order_by("sign_ups__pk").values_list("sign_ups__pk", "sign_ups__state")),
    }


def ready(town: Town, **changes: object) -> Action:
    """A draft that lacks nothing, or only what is named."""
    action = cast.draft(town, **changes)
    shifts.add(action=action, hours=cast.in_hours(72), by=town.mei)
    return action


def refused(town: Town, action: Action, name: str = "mei") -> Refused:
    before = row(action)
    with pytest.raises(Refused) as refusal:
        publishing.announce(action=action, by=town.people[name])
    assert row(action) == before
    assert not action.page.live
    return refusal.value


# --- the conditions, one by one ---------------------------------------------------------------------------------------


def test_whole_and_by_a_coordinator_it_is_announced_and_live_at_once(town: Town, visitor: Client) -> None:
    action = publishing.announce(action=ready(town), by=town.mei)
    assert action.is_announced
    assert action.announced_at is not None
    assert ActionPage.objects.get(translation_key=action.key).live
    assert visitor.get(action.get_absolute_url()).status_code == 200
    assert list(Action.objects.public()) == [action]


def test_announcing_again_changes_nothing(town: Town) -> None:
    action = publishing.announce(action=ready(town), by=town.mei)
    before, revisions = row(action), Revision.objects.count()
    publishing.announce(action=action, by=town.mei)
    assert row(action) == before
    assert Revision.objects.count() == revisions


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_risks_must_be_stated(town: Town, blank: str) -> None:
    refusal = refused(town, ready(town, risks=blank))
    assert (refusal.code, refusal.field) == ("risks_missing", "risks")


def test_a_place_or_online(town: Town) -> None:
    refusal = refused(town, ready(town, place=" "))
    assert (refusal.code, refusal.field) == ("place_missing", "place")
    assert publishing.announce(action=ready(town, place="", is_online=True), by=town.mei).is_announced


def test_at_least_one_shift(town: Town) -> None:
    refusal = refused(town, cast.draft(town))
    assert (refusal.code, refusal.field) == ("shift_missing", "shifts")


def test_at_least_one_shift_ahead(town: Town) -> None:
    action = ready(town)
    cast.put_back(action, timedelta(days=10))
    refusal = refused(town, Action.objects.get(pk=action.pk))
    assert (refusal.code, refusal.field) == ("shift_begun", "shifts")


def test_a_verified_host(town: Town) -> None:
    new = founding.found(name="民主社区", kind=Organisation.Kind.COMMUNITY, coordinator=town.dana, by=town.admin)
    action = cast.draft(town, host=new, by=town.dana)
    shifts.add(action=action, hours=cast.in_hours(72), by=town.dana)
    refusal = refused(town, action, "dana")
    assert (refusal.code, refusal.status) == ("unverified", 403)
    founding.verify(organisation=new, by=town.admin)
    assert publishing.announce(action=Action.objects.get(pk=action.pk), by=town.dana).is_announced


@pytest.mark.parametrize("name", ["yan", "bo", "lan", "chen", "dana"])
def test_the_right_to_announce(town: Town, name: str) -> None:
    refusal = refused(town, ready(town), name)
    assert (refusal.code, refusal.status) == ("no_right", 403)


@pytest.mark.parametrize("name", ["lan", "bo", "dana", "zhou"])
def test_drafting_takes_the_right_at_that_host(town: Town, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        cast.draft(town, by=town.people[name])
    assert refusal.value.code == "no_right"
    assert not Action.objects.exists()
    assert not ActionPage.objects.exists()


def test_a_leader_drafts_and_a_coordinator_announces(town: Town) -> None:
    membership.join(person=town.dana, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    action = cast.draft(town, by=town.dana)
    shifts.add(action=action, hours=cast.in_hours(72), by=town.dana)
    assert refused(town, action, "dana").code == "no_right"
    assert publishing.announce(action=action, by=town.mei).is_announced


def test_called_off_is_called_off(town: Town) -> None:
    action = cast.announced(town)
    calling_off.call_off(action=action, reason="暴雨", by=town.mei)
    with pytest.raises(Refused) as refusal:
        publishing.announce(action=action, by=town.mei)
    assert refusal.value.code == "over"
    assert Action.objects.get().state == Action.State.CALLED_OFF


def test_what_was_announced_stays_whole_when_it_is_rewritten(town: Town) -> None:
    action = cast.announced(town)
    before = row(action)
    for gap, code in (({"risks": ""}, "risks_missing"), ({"place": ""}, "place_missing")):
        with pytest.raises(Refused) as refusal:
            publishing.revise(action=action, details=cast.details(**gap), by=town.mei)
        assert refusal.value.code == code
        assert row(action) == before


def test_the_database_refuses_an_announced_action_with_gaps_too(town: Town) -> None:
    action = cast.announced(town)
    for gap in ({"risks": ""}, {"place": ""}, {"announced_at": None}, {"starts_at": None, "ends_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(**gap)


# --- rewriting --------------------------------------------------------------------------------------------------------


def test_the_address_stays_when_the_title_changes(town: Town, visitor: Client) -> None:
    action = cast.announced(town)
    address = action.get_absolute_url()
    publishing.revise(action=action, details=cast.details(title="换了一个题目"), by=town.mei)
    assert Action.objects.get().get_absolute_url() == address
    assert "换了一个题目" in visitor.get(address).content.decode()


def test_an_editor_rewrites_drafts_but_not_what_is_announced(town: Town) -> None:
    draft, announced = cast.draft(town), cast.announced(town)
    publishing.revise(action=draft, details=cast.details(title="编辑改的"), by=town.yan)
    with pytest.raises(Refused) as refusal:
        publishing.revise(action=announced, details=cast.details(title="编辑改的"), by=town.yan)
    assert refusal.value.code == "no_right"
    assert ActionPage.objects.get(translation_key=announced.key).title != "编辑改的"


def test_rewriting_a_hidden_action_does_not_show_it_again(town: Town) -> None:
    action = cast.announced(town)
    action.page.unpublish()
    publishing.revise(action=Action.objects.get(), details=cast.details(title="还是藏着"), by=town.mei)
    assert not ActionPage.objects.get().live
    assert not Action.objects.public().exists()


# --- what Wagtail does to the page ------------------------------------------------------------------------------------


@pytest.fixture
def busy(town: Town) -> Action:
    """Announced, moved once, with sign-ups: much that could be undone."""
    action = cast.announced(town, cast.in_hours(72, capacity=1), title="第一稿", place="老地方")
    shift = action.shifts.get()
    cast.sign_up(town.dana, shift)
    cast.sign_up(town.zhou, shift)
    publishing.revise(action=action, details=cast.details(title="第二稿", place="新地方"), by=town.mei)
    shifts.change(shift=shift, hours=cast.in_hours(96, capacity=2), by=town.mei)
    return Action.objects.get(pk=action.pk)


def test_publishing_the_oldest_draft_changes_words_alone(town: Town, busy: Action) -> None:
    before = row(busy)
    busy.page.revisions.order_by("pk").first().publish(user=town.mei)
    assert ActionPage.objects.get().title == "第一稿"
    assert row(busy) == before


def test_reverting_in_the_admin_changes_words_alone(town: Town, busy: Action) -> None:
    before = row(busy)
    client = Client()
    client.force_login(town.mei)
    page, oldest = busy.page, busy.page.revisions.order_by("pk").first()
    assert client.get(f"/admin/pages/{page.pk}/revisions/{oldest.pk}/revert/").status_code == 200
    assert client.post(f"/admin/pages/{page.pk}/unpublish/").status_code == 302
    assert row(busy) == before


def test_a_scheduled_page_goes_live_and_the_draft_action_stays_a_draft(town: Town, visitor: Client) -> None:
    action = ready(town)
    page = action.page
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    before = row(action)
    call_command("publish_scheduled", verbosity=0)
    assert ActionPage.objects.get().live
    assert row(action) == before
    assert visitor.get(action.get_absolute_url()).status_code == 404
    assert not Action.objects.public().exists()
    with pytest.raises(Refused) as refusal:
        seats.sign_up(person=town.dana, shift=action.shifts.get())
    assert refusal.value.code == "closed"


def test_a_page_that_expires_hides_and_cancels_nobody(town: Town, busy: Action) -> None:
    before = row(busy)
    page = busy.page
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save()
    call_command("publish_scheduled", verbosity=0)
    assert not ActionPage.objects.get().live
    assert row(busy) == before


def test_an_old_draft_cannot_reopen_what_was_called_off(town: Town, busy: Action) -> None:
    calling_off.call_off(action=busy, reason="暴雨", by=town.mei)
    before = row(busy)
    for revision in busy.page.revisions.order_by("pk"):
        revision.publish(user=town.mei)
        assert row(busy) == before
    busy.page.unpublish()
    ActionPage.objects.get().save_revision().publish()
    assert row(busy) == before
    with pytest.raises(Refused) as refusal:
        seats.sign_up(person=town.lan, shift=busy.shifts.get())
    assert refusal.value.code == "called_off"


def test_unpublishing_hides_closes_and_publishing_opens_again(town: Town, busy: Action, visitor: Client) -> None:
    before = row(busy)
    address = busy.get_absolute_url()
    client = Client()
    client.force_login(town.mei)
    assert client.post(f"/admin/pages/{busy.page.pk}/unpublish/").status_code == 302
    assert visitor.get(address).status_code == 404
    assert not permits.is_public(busy)
    with pytest.raises(Refused) as refusal:
        seats.sign_up(person=town.lan, shift=busy.shifts.get())
    assert refusal.value.code == "closed"
    assert row(busy) == before
    ActionPage.objects.get().save_revision().publish()
    assert visitor.get(address).status_code == 200
    assert row(busy) == before
    assert seats.sign_up(person=town.lan, shift=busy.shifts.get()).is_new


def test_no_revision_can_change_which_action_it_belongs_to(town: Town) -> None:
    """The key is not among what a revision restores."""
    mine, other = cast.announced(town, title="我的"), cast.announced(town, title="别的")
    page = mine.page
    revision = page.save_revision()
    revision.content["translation_key"] = str(other.key)
    revision.save()
    revision.publish()
    page.refresh_from_db()
    assert page.translation_key == mine.key
    assert Action.objects.get(pk=other.pk).page.title == "别的"


def test_all_that_an_announcement_lacks_is_known_at_once() -> None:
    lacking = publishing.what_is_missing(risks=" ", place="", is_online=False, has_shifts=False)
    assert [(refusal.code, refusal.field) for refusal in lacking] == [
        ("risks_missing", "risks"),
        ("place_missing", "place"),
        ("shift_missing", "shifts"),
    ]
    assert publishing.what_is_missing(risks="路滑", place="", is_online=True, has_shifts=True) == []
