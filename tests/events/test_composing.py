"""The composer's deeds: an action with its page and shifts in one go, or nothing at all."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from events import composing, publishing, seats
from events.composing import Row
from events.models import Action, ActionPage, Allotment, ComposerDraft, Shift
from events.shifts import WouldOverlap
from kit.refusals import Refused
from tests import cast
from tests.cast import Town, details, in_hours


def compose(town: Town, **changes: object) -> composing.Composed:
    asked: dict[str, object] = {
        "key": uuid.uuid4(),
        "host": town.yuqi,
        "details": details(),
        "rows": [Row(in_hours(24)), Row(in_hours(48, capacity=4))],
        "announce": True,
        "by": town.mei,
    }
    return composing.compose(**{**asked, **changes})


def everything() -> dict[str, list[object]]:
    """All that composing could leave behind."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Action, ActionPage, Shift, Allotment, ComposerDraft)
    }


def test_action_page_and_shifts_are_made_and_announced(town: Town) -> None:
    action, is_new = compose(town)
    assert is_new
    assert action.is_announced
    assert action.page.live
    assert list(action.shifts.with_places().values_list("capacity", "taken")) == [(10, 0), (4, 0)]
    assert (action.starts_at, action.ends_at) == (action.shifts.first().starts_at, action.shifts.last().ends_at)


def test_a_draft_is_not_public(town: Town) -> None:
    action, _is_new = compose(town, announce=False, rows=[])
    assert action.state == Action.State.DRAFT
    assert not action.page.live
    assert action.shifts.count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rows": [Row(in_hours(24)), Row(in_hours(-3))]}, "begun"),
        ({"rows": [Row(in_hours(24)), Row(in_hours(24, capacity=3, least=4))]}, "least_above_capacity"),
        ({"rows": [Row(in_hours(24)), Row(in_hours(48, 25))]}, "too_long"),
        ({"rows": []}, "shift_missing"),
        ({"details": details(risks=" ")}, "risks_missing"),
        ({"details": details(place="")}, "place_missing"),
    ],
)
def test_a_refusal_in_the_middle_leaves_nothing_behind(town: Town, changes: dict[str, object], code: str) -> None:
    composing.keep_typed(action=None, typed={"title": "扫雪"}, by=town.mei)
    before = everything()
    with pytest.raises(Refused) as refused:
        compose(town, **changes)
    assert refused.value.code == code
    assert everything() == before
    if code in ("begun", "least_above_capacity", "too_long"):
        assert refused.value.facts["row"] == 1


@pytest.mark.parametrize("who", ["dana", "chen", "bo"])
def test_others_may_not_compose_for_the_host(town: Town, who: str) -> None:
    before = everything()
    with pytest.raises(Refused) as refused:
        compose(town, by=town.people[who], announce=False)
    assert (refused.value.code, refused.value.status) == ("no_right", 403)
    assert everything() == before


def test_an_editor_drafts_and_does_not_announce(town: Town) -> None:
    before = everything()
    with pytest.raises(Refused) as refused:
        compose(town, by=town.yan)
    assert refused.value.code == "no_right"
    assert everything() == before
    assert compose(town, by=town.yan, announce=False).action.state == Action.State.DRAFT


def test_the_same_key_again_makes_nothing(town: Town) -> None:
    key = uuid.uuid4()
    first = compose(town, key=key)
    before = everything()
    second = compose(town, key=key, details=details(title="又一次"))
    assert (second.action, second.is_new) == (first.action, False)
    assert everything() == before


def test_somebody_elses_key_is_refused(town: Town) -> None:
    key = uuid.uuid4()
    compose(town, key=key, announce=False)
    before = everything()
    with pytest.raises(Refused) as refused:
        compose(town, key=key, by=town.yan, announce=False)
    assert refused.value.code == "other_request"
    assert everything() == before


def test_sending_forgets_what_was_typed_and_a_late_autosave_does_not_bring_it_back(town: Town) -> None:
    key = uuid.uuid4()
    composing.keep_typed(action=None, typed={"key": str(key), "title": "半个标题"}, by=town.mei)
    assert composing.typed_before(town.mei, None) is not None
    compose(town, key=key)
    assert composing.typed_before(town.mei, None) is None
    assert composing.keep_typed(action=None, typed={"key": str(key)}, by=town.mei) is None
    assert composing.typed_before(town.mei, None) is None


def test_a_late_autosave_does_not_bring_back_a_change_that_was_saved(town: Town) -> None:
    action = cast.announced(town)
    opened = {"edition": str(action.page.latest_revision_id), "title": "半个标题"}
    assert composing.keep_typed(action=action, typed=opened, by=town.mei) is not None
    composing.recompose(action=action, details=details(title="改好了"), rows=[], announce=False, by=town.mei)
    action = Action.objects.get(pk=action.pk)
    assert composing.keep_typed(action=action, typed=opened, by=town.mei) is None
    assert composing.typed_before(town.mei, action) is None
    # The next change begins from what was saved, and is kept; so is what somebody else still writes.
    anew = {**opened, "edition": str(action.page.latest_revision_id)}
    assert composing.keep_typed(action=action, typed=anew, by=town.mei) is not None
    assert composing.keep_typed(action=action, typed=opened, by=town.yan) is not None


def test_who_saved_meanwhile_is_not_written_over_unseen(town: Town) -> None:
    action = cast.announced(town)
    mine = {"edition": str(action.page.latest_revision_id), "details": details(title="我的"), "rows": []}
    composing.recompose(action=action, details=details(title="别人的"), rows=[], announce=False, by=town.admin)
    before = everything()
    with pytest.raises(Refused) as refused:
        composing.recompose(action=action, announce=False, by=town.mei, **mine)
    assert (refused.value.code, everything()) == ("changed_meanwhile", before)
    mine["edition"] = str(refused.value.facts["edition"])
    assert composing.recompose(action=action, announce=False, by=town.mei, **mine).page.title == "我的"


def test_what_was_typed_is_kept_once_per_person_and_form(town: Town) -> None:
    draft = cast.draft(town)
    for title in ("一", "二"):
        composing.keep_typed(action=None, typed={"title": title}, by=town.mei)
        composing.keep_typed(action=draft, typed={"title": f"改{title}"}, by=town.mei)
        composing.keep_typed(action=None, typed={"title": f"严{title}"}, by=town.yan)
    kept = {(kept.person, kept.action_id): kept.typed["title"] for kept in ComposerDraft.objects.all()}
    assert kept == {(town.mei, None): "二", (town.mei, draft.pk): "改二", (town.yan, None): "严二"}


def test_recompose_keeps_the_long_text_and_the_address(town: Town) -> None:
    action = cast.announced(town)
    address = action.get_absolute_url()
    page = action.page
    page.body = "<p>编辑在后台写的长文。</p>"
    page.save_revision().publish()
    changed = composing.recompose(action=action, details=details(title="新标题"), rows=[], announce=False, by=town.mei)
    assert changed.page.title == "新标题"
    assert changed.page.body == "<p>编辑在后台写的长文。</p>"
    assert changed.get_absolute_url() == address


def test_recompose_adds_changes_and_removes_together_or_not_at_all(town: Town) -> None:
    action = cast.announced(town, in_hours(24), in_hours(48))
    first, second = action.shifts.all()
    rows = [Row(in_hours(30, capacity=5), first), Row(shift=second), Row(in_hours(72))]
    cast.sign_up(town.chen, second)
    before = everything()
    with pytest.raises(Refused) as refused:
        composing.recompose(action=action, details=details(title="改"), rows=rows, announce=False, by=town.mei)
    assert (refused.value.code, refused.value.facts["row"]) == ("has_sign_ups", 1)
    assert everything() == before
    rows[1] = Row(in_hours(48, capacity=3), second)
    composing.recompose(action=action, details=details(title="改"), rows=rows, announce=False, by=town.mei)
    assert sorted(action.shifts.with_places().values_list("capacity", flat=True)) == [3, 5, 10]


def test_the_only_shift_of_an_announced_action_can_be_replaced(town: Town) -> None:
    action = cast.announced(town)
    old = action.shifts.get()
    composing.recompose(
        action=action,
        details=details(),
        rows=[Row(shift=old), Row(in_hours(100))],
        announce=False,
        by=town.mei,
    )
    assert action.shifts.exclude(pk=old.pk).count() == action.shifts.count() == 1


def test_below_those_who_are_in_is_refused_with_the_number(town: Town) -> None:
    shift = cast.a_shift(town)
    for person in list(town.neighbours())[:3]:
        cast.sign_up(person, shift)
    before = everything()
    with pytest.raises(Refused) as refused:
        composing.recompose(
            action=shift.action,
            details=details(),
            rows=[Row(in_hours(72, capacity=2), shift)],
            announce=False,
            by=town.mei,
        )
    assert (refused.value.code, refused.value.facts["taken"]) == ("below_taken", 3)
    assert "3" in refused.value.sentence
    assert everything() == before


def test_an_editor_changes_the_shifts_of_a_draft_even_when_their_day_has_passed(town: Town) -> None:
    action, _is_new = compose(town, by=town.yan, announce=False, rows=[Row(in_hours(2))])
    cast.put_back(action, timedelta(days=7))
    shift = action.shifts.get()
    composing.recompose(
        action=action, details=details(), rows=[Row(in_hours(24, capacity=6), shift)], announce=False, by=town.yan
    )
    changed = action.shifts.with_places().get()
    assert changed.starts_at > timezone.now()
    assert changed.capacity == 6


def test_a_member_without_the_right_to_announce_cannot_rewrite_what_is_announced(town: Town) -> None:
    action = cast.announced(town)
    before = everything()
    with pytest.raises(Refused) as refused:
        composing.recompose(action=action, details=details(title="严改"), rows=[], announce=False, by=town.yan)
    assert refused.value.status == 403
    assert everything() == before


def test_moving_onto_another_shift_of_somebody_is_shown_first(town: Town) -> None:
    action = cast.announced(town, in_hours(24), in_hours(48))
    first, second = action.shifts.all()
    mine = cast.sign_up(town.chen, first)
    seats.sign_up(person=town.chen, shift=second)
    rows = [Row(in_hours(48), first)]
    with pytest.raises(WouldOverlap) as refused:
        composing.recompose(action=action, details=details(), rows=rows, announce=False, by=town.mei)
    assert [overlap.sign_up for overlap in refused.value.overlaps] == [mine]
    composing.recompose(action=action, details=details(), rows=rows, announce=False, by=town.mei, seen=[mine.pk])
    first.refresh_from_db()
    assert first.starts_at == rows[0].hours.starts_at


def test_recompose_may_announce_a_draft(town: Town) -> None:
    draft = publishing.draft(host=town.yuqi, details=details(), by=town.yan)
    action = composing.recompose(action=draft, details=details(), rows=[Row(in_hours(24))], announce=True, by=town.mei)
    assert action.is_announced
    assert action.page.live
