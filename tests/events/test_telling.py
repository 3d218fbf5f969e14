"""What the deeds say in the book: which verb in which topics, and to whom it stays hidden."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from communities.models import Organisation
from communities.permits import may_follow_organisation
from events import calling_off, permits, posting, publishing, seats, shifts
from events.models import Action
from events.shifts import Hours
from tests import cast, listening
from tests.cast import Town
from tests.listening import Ear, do, run
from updates.models import Topic, Update


def said(topic: str) -> list[tuple[str, dict[str, Any]]]:
    return list(Update.objects.filter(topic__name=topic).order_by("seq").values_list("verb", "payload"))


def verbs_in(town: Town, action: Action) -> dict[str, list[str]]:
    topics = (f"action:{action.pk}", f"desk:{action.pk}", f"organisation:{town.yuqi.pk}", "town")
    return {topic.partition(":")[0]: [verb for verb, _payload in said(topic)] for topic in topics}


def everywhere(*verbs: str) -> dict[str, list[str]]:
    return {family: list(verbs) for family in ("action", "desk", "organisation", "town")}


def test_a_draft_says_nothing(town: Town) -> None:
    action = cast.draft(town)
    shift = shifts.add(action=action, hours=cast.in_hours(72), by=town.mei)
    shifts.change(shift=shift, hours=cast.in_hours(80, capacity=3), by=town.mei)
    publishing.revise(action=action, details=cast.details(title="x"), by=town.mei)
    assert not Topic.objects.exclude(name__startswith="person:").exists()


def test_opened_is_news_for_everybody(town: Town) -> None:
    action = cast.announced(town, title="湖西路除雪", title_en="Snow")
    assert verbs_in(town, action) == everywhere("opened")
    payload = said("town")[0][1]
    assert payload["action"] == {
        "id": action.pk,
        "kind": action.kind,
        "title": "湖西路除雪",
        "title_en": "Snow",
        "url": action.get_absolute_url(),
    }
    actor = Update.objects.filter(topic__name="town").get().actor
    assert actor == {"organisation": town.yuqi.pk, "name": "玉祁社区", "name_en": town.yuqi.name_en}
    publishing.announce(action=action, by=town.mei)
    assert verbs_in(town, action) == everywhere("opened"), "again says nothing"


def test_moved_tells_both_hours_and_changed_sends_to_the_page(town: Town) -> None:
    action = cast.announced(town)
    shift = action.shifts.get()
    before = shift.starts_at
    hours = cast.in_hours(96, task="北段")
    shifts.change(shift=shift, hours=hours, by=town.mei)
    assert verbs_in(town, action) == everywhere("opened", "moved")
    payload = said("town")[-1][1]
    assert payload["shift"] == shift.pk
    told = [parse_datetime(moment) for moment in (payload["was"]["starts_at"], payload["starts_at"])]
    assert told == [moment.replace(second=0) for moment in (before, hours.starts_at)]  # told in minutes

    changes: list[Callable[[], object]] = [
        lambda: shifts.change(shift=shift, hours=Hours(hours.starts_at, hours.ends_at, 10, 1, "南段"), by=town.mei),
        lambda: shifts.add(action=action, hours=cast.in_hours(120), by=town.mei),
        lambda: shifts.remove(shift=action.shifts.last(), by=town.mei),
        lambda: publishing.revise(action=action, details=cast.details(title="另一个"), by=town.mei),
    ]
    for number, change in enumerate(changes, 1):
        change()
        assert verbs_in(town, action)["action"] == ["opened", "moved", *["changed"] * number]
    assert verbs_in(town, action)["town"] == ["opened", "moved"]
    # Nothing else than before: nothing is said.
    shift.refresh_from_db()
    shifts.change(shift=shift, hours=Hours(shift.starts_at, shift.ends_at, 10, 1, "南段"), by=town.mei)
    assert len(verbs_in(town, action)["action"]) == 6


def test_called_off_and_closed(town: Town) -> None:
    action = cast.announced(town)
    calling_off.call_off(action=action, reason="雪停了", by=town.mei)
    calling_off.call_off(action=action, reason="雪停了", by=town.mei)
    assert verbs_in(town, action)["town"] == ["opened", "called_off"]
    assert said("town")[-1][1]["reason"] == "雪停了"
    done = cast.announced(town)
    cast.put_back(done, timedelta(days=10))
    calling_off.close(action=done, by=town.mei)
    calling_off.close(action=done, by=town.mei)
    assert verbs_in(town, done)["action"] == ["opened", "closed"]


def test_each_sign_up_cancellation_and_promotion_tells_how_the_places_stand(town: Town) -> None:
    action = cast.announced(town, cast.in_hours(72, capacity=1))
    shift = action.shifts.get()
    first = cast.sign_up(town.chen, shift)
    cast.sign_up(town.chen, shift)  # the same again
    cast.sign_up(town.dana, shift)
    seats.cancel(sign_up=first, by=town.chen)
    seats.cancel(sign_up=first, by=town.chen)
    seats.resize(shift=shift, capacity=4, by=town.mei)
    seats.resize(shift=shift, capacity=4, by=town.mei)
    counts = [payload for verb, payload in said(f"action:{action.pk}") if verb == "places"]
    assert counts == [
        {"shift": shift.pk, "capacity": 1, "taken": 1, "waiting": 0},
        {"shift": shift.pk, "capacity": 1, "taken": 1, "waiting": 1},
        {"shift": shift.pk, "capacity": 1, "taken": 1, "waiting": 0},
        {"shift": shift.pk, "capacity": 4, "taken": 1, "waiting": 0},
    ]
    assert verbs_in(town, action)["town"] == ["opened"]
    assert verbs_in(town, action)["organisation"] == ["opened"]


def test_an_offer_that_is_made_answered_and_declined(town: Town) -> None:
    action = cast.announced(town, cast.in_hours(1, capacity=1))
    shift = action.shifts.get()
    first = cast.sign_up(town.chen, shift)
    second, _third = cast.sign_up(town.dana, shift), cast.sign_up(town.zhou, shift)
    seats.cancel(sign_up=first, by=town.chen, reason="x")
    seats.decline(sign_up=second, by=town.dana)
    third = action.shifts.get().sign_ups.get(person=town.zhou)
    seats.accept(sign_up=third, by=town.zhou)
    counts = [(payload["taken"], payload["waiting"]) for verb, payload in said(f"desk:{action.pk}") if verb == "places"]
    assert counts == [(1, 0), (1, 1), (1, 2), (1, 1), (1, 0), (1, 0)]


def test_what_the_public_may_not_see_is_told_to_nobody_else(town: Town) -> None:
    action = cast.announced(town)
    action.page.unpublish()
    shift = action.shifts.get()
    shifts.change(shift=shift, hours=cast.in_hours(96), by=town.mei)
    posting.post(action=Action.objects.get(pk=action.pk), text="geheim", by=town.mei)
    assert verbs_in(town, action)["town"] == ["opened"]
    assert verbs_in(town, action)["organisation"] == ["opened"]
    assert verbs_in(town, action)["action"] == ["opened", "moved", "posted"]
    assert verbs_in(town, action)["desk"] == ["opened", "changed", "moved", "posted"]


def test_whoever_followed_is_let_go_when_the_page_is_taken_offline(committed: Town) -> None:
    action = cast.announced(committed)
    topic = f"action:{action.pk}"
    cookie, page = listening.session_of(committed.yan), action.page

    async def scenario() -> None:
        visitor, yan = await Ear().open(), await Ear(cookie=cookie).open()
        await visitor.follow(topic)
        await yan.follow(topic)
        await do(page.unpublish)
        assert (await visitor.next(lambda frame: frame["type"] == "refused"))["topic"] == topic
        await do(lambda: posting.post(action=Action.objects.get(pk=action.pk), text="geheim", by=committed.mei))
        await yan.until(topic, 2)
        assert await visitor.is_silent()
        assert "geheim" not in str(visitor.frames)
        await visitor.close()
        await yan.close()

    with listening.layer(listening.IN_MEMORY):
        run(scenario())


def test_whoever_followed_an_organisation_is_let_go_with_its_page(committed: Town) -> None:
    topic, section = f"organisation:{committed.yuqi.pk}", committed.yuqi.section.specific

    async def scenario() -> None:
        visitor, other = await Ear().open(), await Ear().open()
        await visitor.follow(topic)
        await other.follow(f"organisation:{committed.school.pk}")
        await do(section.unpublish)
        assert (await visitor.next(lambda frame: frame["type"] == "refused"))["topic"] == topic
        assert await other.is_silent()
        for ear in (visitor, other):
            await ear.close()

    with listening.layer(listening.IN_MEMORY):
        run(scenario())


def test_nobody_follows_an_organisation_whose_page_is_not_public(town: Town) -> None:
    assert may_follow_organisation(town.dana, str(town.school.pk))
    town.school.section.unpublish()
    assert not may_follow_organisation(town.dana, str(town.school.pk))
    assert not may_follow_organisation(town.dana, str(Organisation.objects.latest("pk").pk + 1))
    assert permits.may_follow_action(town.dana, "0") is False
