"""Posts are filled, handed over and ended; no two terms of a post that one person holds overlap; everybody hears of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communities.models import Organisation, User
from grid.chain import appointing, ending, integrity, standing_in
from grid.chain.answering import who_acts
from grid.models import Area, Post
from grid.net import paving
from grid.net.sketches import Sketch
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net
from updates.models import Message

Role = Post.Role


@pytest.fixture
def net(town: Town) -> Net:
    return chains.lay(town)


def today() -> date:
    return timezone.localdate()


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def appoint(town: Town, net: Net, **changes: Any) -> Post:
    """lu becomes the worker of ``N-1`` today; name what should be otherwise."""
    wanted: dict[str, Any] = {"role": Role.CELL_WORKER, "place": net.cell, "person": town.lu, "since": today()}
    return appointing.appoint(**{**wanted, "by": town.admin, **changes})


def refusal(**wanted: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        appointing.appoint(**wanted)
    return caught.value


def kinds(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


class TestAppointing:
    def test_the_holder_acts_from_the_day_on_and_is_told(self, town: Town, net: Net) -> None:
        post = appoint(town, net, since=in_days(1), duty_phone="0510-8388 0001")
        assert (post.person, post.area, post.duty_phone, post.until) == (town.lu, net.cell, "0510-8388 0001", None)
        assert kinds(town.lu) == ["post_appointed"]
        assert not Post.objects.on(today()).filter(pk=post.pk).exists()
        assert Post.objects.on(in_days(1)).filter(pk=post.pk).exists()

    def test_a_second_holder_of_a_single_post_is_refused_with_the_name_of_the_first(self, town: Town, net: Net) -> None:
        appoint(town, net)
        with pytest.raises(Refused) as caught:
            appoint(town, net, person=town.chen, since=in_days(5))
        assert caught.value.code == "taken"
        assert town.lu.name in caught.value.sentence

    @pytest.mark.parametrize(
        ("since", "until", "is_free"),
        [(-20, -10, True), (-20, -9, False), (-20, None, False), (0, 5, False), (9, None, False), (10, None, True)],
    )
    def test_terms_touch_and_never_overlap(
        self, since: int, until: int | None, is_free: bool, town: Town, net: Net
    ) -> None:
        appoint(town, net, since=in_days(-10), until=in_days(10))
        end = in_days(until) if until is not None else None
        if is_free:
            appoint(town, net, person=town.chen, since=in_days(since), until=end)
        else:
            with pytest.raises(Refused, match=str(town.lu.name)):
                appoint(town, net, person=town.chen, since=in_days(since), until=end)

    def test_levels_and_stretches_of_a_road_are_posts_of_their_own(self, town: Town, net: Net) -> None:
        chief = {"role": Role.ROAD_CHIEF, "place": net.road}
        appoint(town, net, **chief, level=1)
        appoint(town, net, **chief, level=3)
        appoint(town, net, **chief, level=3, segment=net.first)
        with pytest.raises(Refused) as caught:
            appoint(town, net, **chief, level=3, segment=net.first, person=town.chen)
        assert caught.value.code == "taken"

    def test_what_several_hold_takes_many_but_nobody_twice(self, town: Town, net: Net) -> None:
        micro = {"role": Role.MICRO_ROAD_CHIEF, "place": net.road}
        appoint(town, net, **micro, person=town.zhou)
        appoint(town, net, **micro, person=town.dana)
        with pytest.raises(Refused) as caught:
            appoint(town, net, **micro, person=town.zhou, until=in_days(9))
        assert caught.value.code == "taken"

    def test_the_same_again_changes_nothing(self, town: Town, net: Net) -> None:
        post = appoint(town, net, until=in_days(9))
        assert appoint(town, net, until=in_days(9)) == post
        later = appointing.hand_over(post=post, to=town.chen, since=in_days(2), by=town.admin)
        assert appointing.hand_over(post=post, to=town.chen, since=in_days(2), by=town.admin) == later
        assert kinds(town.lu) == ["post_appointed", "post_relieved"]
        assert kinds(town.chen) == ["post_handed_over"]

    def test_a_line_department_is_a_verified_organisation(self, town: Town, net: Net) -> None:
        line = {"role": Role.LINE_DEPARTMENT, "place": net.town, "person": None}
        post = appoint(town, net, **line, organisation=town.chengguan, categories="e04")
        assert post.categories == "E04"
        assert kinds(town.lu) == ["post_appointed"], "who handles its cases hears of it"
        Organisation.objects.filter(pk=town.group.pk).update(verified_at=None, verified_by=None)
        town.group.refresh_from_db()
        for code, changes in (
            ("taken", {"organisation": town.chengguan, "categories": "E04", "until": in_days(9)}),
            ("organisation_missing", {"organisation": None}),
            ("not_verified", {"organisation": town.group}),
            ("person_unwanted", {"organisation": town.yuqi, "person": town.lu}),
            ("categories_unreadable", {"organisation": town.yuqi, "categories": "4E"}),
        ):
            with pytest.raises(Refused) as caught:
                appoint(town, net, **{**line, **changes})
            assert caught.value.code == code

    @pytest.mark.parametrize(
        ("code", "changes"),
        [
            ("place_unfit", {"role": Role.ZONE_HEAD}),
            ("place_unfit", {"role": Role.ROAD_CHIEF, "level": 1}),
            ("level_unfit", {"role": Role.ROAD_CHIEF}),
            ("person_missing", {"person": None}),
            ("too_far", {"since": date(2062, 1, 1)}),
            ("duty_phone_unreadable", {"duty_phone": "call me"}),
        ],
    )
    def test_what_cannot_be_is_explained_and_written_nowhere(
        self, code: str, changes: dict[str, Any], town: Town, net: Net
    ) -> None:
        with pytest.raises(Refused) as caught:
            appoint(town, net, **changes)
        assert (caught.value.code, caught.value.status) == (code, 422)
        assert not Post.objects.filter(area=net.cell).exists()
        assert not kinds(town.lu)

    def test_no_term_ends_before_it_begins(self, town: Town, net: Net) -> None:
        with pytest.raises(Refused) as caught:
            appoint(town, net, until=in_days(-9))
        assert caught.value.code == "ends_before"

    def test_nobody_answers_for_a_place_that_does_not_stand(self, town: Town, net: Net) -> None:
        Area.objects.filter(pk=net.cell.pk).update(until=in_days(3))
        net.cell.refresh_from_db()
        with pytest.raises(Refused) as caught:
            appoint(town, net, since=in_days(3))
        assert caught.value.code == "not_standing"

    def test_no_term_lasts_longer_than_its_place(self, town: Town, net: Net) -> None:
        Area.objects.filter(pk=net.cell.pk).update(until=in_days(30))
        with pytest.raises(Refused) as caught:
            appoint(town, net, until=in_days(31))
        assert (caught.value.code, caught.value.field) == ("place_ends", "until")
        assert appoint(town, net).until == in_days(30)

    def test_a_stretch_belongs_to_its_road(self, town: Town, net: Net) -> None:
        other = chains.a_road("R-2")
        told = refusal(
            role=Role.ROAD_CHIEF, level=3, place=other, segment=net.first, person=town.lu, since=today(), by=town.admin
        )
        assert told.code == "segment_unfit"

    def test_closed_and_suspended_people_hold_nothing(self, town: Town, net: Net) -> None:
        User.objects.filter(pk=town.lu.pk).update(is_active=False)
        with pytest.raises(Refused) as caught:
            appoint(town, net)
        assert caught.value.code == "inactive"


class TestWhoMay:
    def test_the_head_of_a_zone_fills_its_cells_and_nothing_else(self, town: Town, net: Net) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        chains.post(town, Role.ZONE_HEAD, net.south, town.dana)
        appoint(town, net, by=town.yan)
        for by, changes in (
            (town.dana, {"place": net.street_cell}),
            (town.yan, {"role": Role.ZONE_HEAD, "place": net.south}),
            (town.yan, {"role": Role.ROAD_CHIEF, "place": net.road, "level": 3}),
            (town.lu, {"place": net.street_cell}),
            (town.mei, {"place": net.street_cell}),
        ):
            with pytest.raises(Refused) as caught:
                appoint(town, net, **changes, by=by)
            assert caught.value.status == 403

    def test_who_stands_in_for_the_head_may_too_while_the_head_is_away(self, town: Town, net: Net) -> None:
        head = chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        chains.deputy(head, town.chen)
        with pytest.raises(Refused):
            appoint(town, net, by=town.chen)
        chains.away(head)
        appoint(town, net, by=town.chen)


class TestHandingOver:
    def test_the_old_term_ends_the_day_the_new_one_begins(self, town: Town, net: Net) -> None:
        old = appoint(town, net, since=in_days(-10), duty_phone="83880001")
        new = appointing.hand_over(post=old, to=town.chen, since=in_days(2), note="钥匙在门卫处。", by=town.admin)
        old.refresh_from_db()
        assert old.until == new.since == in_days(2)
        assert (new.follows, new.handover, new.duty_phone, new.until) == (old, "钥匙在门卫处。", "83880001", None)
        assert kinds(town.chen) == ["post_handed_over"]
        assert kinds(town.lu) == ["post_appointed", "post_relieved"]
        assert who_acts(new, in_days(2)) == town.chen

    def test_a_department_hands_over_to_another(self, town: Town, net: Net) -> None:
        old = appoint(
            town,
            net,
            role=Role.LINE_DEPARTMENT,
            place=net.town,
            person=None,
            organisation=town.chengguan,
            categories="E",
        )
        new = appointing.hand_over(post=old, organisation=town.yuqi, since=in_days(1), by=town.admin)
        assert (new.organisation, new.person, new.categories) == (town.yuqi, None, "E")
        assert "post_handed_over" in kinds(town.mei)

    @pytest.mark.parametrize(
        ("code", "changes"),
        [
            ("too_early", {"since": 0}),
            ("same", {"to": "lu"}),
            ("person_missing", {"to": None}),
            ("handover_too_long", {"note": "长" * 601}),
        ],
    )
    def test_what_cannot_be_leaves_the_old_term(self, code: str, changes: dict[str, Any], town: Town, net: Net) -> None:
        old = appoint(town, net)
        to = changes.get("to", "chen")
        wanted = {"to": town.people[to] if to else None, "note": changes.get("note", "")}
        with pytest.raises(Refused) as caught:
            appointing.hand_over(post=old, since=in_days(changes.get("since", 1)), by=town.admin, **wanted)
        assert caught.value.code == code
        old.refresh_from_db()
        assert old.until is None

    def test_a_term_is_handed_over_once(self, town: Town, net: Net) -> None:
        old = appoint(town, net)
        appointing.hand_over(post=old, to=town.chen, since=in_days(1), by=town.admin)
        with pytest.raises(Refused) as caught:
            appointing.hand_over(post=old, to=town.zhou, since=in_days(1), by=town.admin)
        assert caught.value.code == "ended"

    def test_who_comes_later_keeps_the_place(self, town: Town, net: Net) -> None:
        old = appoint(town, net, until=in_days(10))
        appoint(town, net, person=town.chen, since=in_days(10))
        new = appointing.hand_over(post=old, to=town.zhou, since=in_days(5), by=town.admin)
        assert new.until == in_days(10), "what was agreed for the post still holds"
        old.refresh_from_db()
        assert old.until == in_days(5)

    def test_who_stood_in_does_so_no_longer(self, town: Town, net: Net) -> None:
        old = appoint(town, net)
        deputy = standing_in.name_deputy(post=old, person=town.zhou, by=town.admin)
        version = User.objects.get(pk=town.zhou.pk).rights_version
        appointing.hand_over(post=old, to=town.chen, since=in_days(1), by=town.admin)
        deputy.refresh_from_db()
        assert deputy.until == in_days(1)
        assert kinds(town.zhou) == ["post_deputy", "post_no_deputy"]
        assert User.objects.get(pk=town.zhou.pk).rights_version > version

    def test_the_chief_of_a_stretch_that_was_drawn_anew(self, town: Town, net: Net) -> None:
        """It is another row, and the same stretch: one chief for it, who goes with it and can hand it over."""
        chief = {"role": Role.ROAD_CHIEF, "place": net.road, "level": 3}
        old = appoint(town, net, **chief, segment=net.second, since=in_days(-5))
        words = replace(paving.words_of_segment(net.second), name="新名")
        drawn = paving.draw_segment(
            road=net.road, number=2, words=words, sketch=Sketch(net.second.shape), since=today(), by=town.admin
        )
        with pytest.raises(Refused) as caught:
            appoint(town, net, **chief, segment=drawn, person=town.chen)
        assert caught.value.code == "taken"
        appoint(town, net, **chief, segment=net.first, since=in_days(-5))
        assert net.road not in [each.place for each in integrity.empty_places(today())]
        new = appointing.hand_over(post=old, to=town.chen, since=in_days(1), by=town.admin)
        assert new.segment == drawn
        ending.end_segment(segment=drawn, until=in_days(3), by=town.admin)
        new.refresh_from_db()
        assert new.until == in_days(3), "with its stretch"


class TestRelieving:
    def test_the_term_ends_and_those_who_fill_it_hear_of_the_gap(self, town: Town, net: Net) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        post = appoint(town, net)
        appointing.relieve(post=post, until=in_days(3), by=town.admin)
        appointing.relieve(post=post, until=in_days(3), by=town.admin)
        assert kinds(town.lu) == ["post_appointed", "post_relieved"]
        assert kinds(town.yan) == ["post_empty"]

    def test_where_somebody_follows_there_is_no_gap(self, town: Town, net: Net) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        post = appoint(town, net, until=in_days(9))
        appoint(town, net, person=town.chen, since=in_days(9))
        appointing.relieve(post=post, until=in_days(3), by=town.admin)
        assert kinds(town.yan) == ["post_empty"]
        appointing.relieve(post=post, until=in_days(9), by=town.admin)
        assert kinds(town.yan) == ["post_empty"]

    def test_a_mistake_is_set_right_on_its_first_day(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        appointing.relieve(post=post, until=today(), by=town.admin)
        assert not Post.objects.on(today()).filter(area=net.cell).exists()
        appoint(town, net, person=town.chen)

    def test_what_is_over_stays_over(self, town: Town, net: Net) -> None:
        post = appoint(town, net, since=in_days(-20), until=in_days(-10))
        with pytest.raises(Refused) as caught:
            appointing.relieve(post=post, until=in_days(5), by=town.admin)
        assert caught.value.code == "ended"

    def test_a_longer_term_never_runs_into_the_next(self, town: Town, net: Net) -> None:
        post = appoint(town, net, until=in_days(5))
        appoint(town, net, person=town.chen, since=in_days(5))
        with pytest.raises(Refused) as caught:
            appointing.relieve(post=post, until=in_days(6), by=town.admin)
        assert caught.value.code == "taken"


class TestTheDutyPhone:
    def test_whoever_fills_the_post_changes_it(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        appointing.set_duty_phone(post=post, duty_phone="12345", by=town.admin)
        with pytest.raises(Refused) as caught:
            appointing.set_duty_phone(post=post, duty_phone="110", by=town.lu)
        assert caught.value.status == 403
        post.refresh_from_db()
        assert post.duty_phone == "12345"


class TestStandingIn:
    def test_the_deputy_is_told_when_named_and_when_it_begins(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        standing_in.tell_absence(post=post, since=today(), until=in_days(3), by=town.lu)
        standing_in.tell_absence(post=post, since=today(), until=in_days(3), by=town.lu)
        assert kinds(town.chen) == ["post_deputy", "post_stands_in"]
        assert who_acts(post, today()) == town.chen

    def test_without_a_deputy_those_who_name_one_are_told(self, town: Town, net: Net) -> None:
        chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        post = appoint(town, net)
        standing_in.tell_absence(post=post, since=in_days(1), until=in_days(3), by=town.lu)
        assert kinds(town.yan) == ["post_empty"]
        assert kinds(town.admin) == ["post_empty"]

    def test_another_deputy_takes_the_place_of_the_first(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin, since=in_days(2))
        standing_in.name_deputy(post=post, person=town.zhou, by=town.admin)
        chains.away(post, days=9)
        assert [who_acts(post, in_days(day)) for day in (0, 2, 5)] == [town.zhou] * 3
        assert kinds(town.chen) == ["post_deputy", "post_no_deputy"]

    def test_who_is_named_during_an_absence_is_told_of_it(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        standing_in.tell_absence(post=post, since=today(), until=in_days(3), by=town.lu)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        assert kinds(town.chen) == ["post_deputy", "post_stands_in"]

    def test_of_a_term_that_ended_today_there_is_nothing_to_tell(self, town: Town, net: Net) -> None:
        over = appoint(town, net, since=in_days(-9), until=today())
        post = appoint(town, net, place=net.street_cell)
        told = standing_in.tell_absence_everywhere(since=in_days(-1), until=in_days(3), by=town.lu)
        assert [absence.post for absence in told] == [post]
        assert not over.absences.exists()

    def test_whoever_stands_in_for_the_head_hears_of_an_empty_place(self, town: Town, net: Net) -> None:
        head = chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
        chains.deputy(head, town.zhou)
        chains.away(head)
        post = appoint(town, net)
        standing_in.tell_absence(post=post, since=today(), until=in_days(3), by=town.lu)
        assert kinds(town.zhou) == kinds(town.yan) == ["post_empty"]

    def test_nobody_planned_stands_in_either(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        standing_in.name_deputy(post=post, person=town.zhou, by=town.admin, since=in_days(10))
        standing_in.dismiss_deputy(post=post, by=town.admin)
        chains.away(post, days=20)
        assert [who_acts(post, in_days(day)) for day in (0, 5, 12)] == [None] * 3

    def test_nobody_stands_in_any_more(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        chains.away(post)
        standing_in.dismiss_deputy(post=post, by=town.admin)
        standing_in.dismiss_deputy(post=post, by=town.admin)
        assert who_acts(post, today()) is None

    def test_the_holder_is_back_earlier(self, town: Town, net: Net) -> None:
        post = appoint(town, net, since=in_days(-10))
        standing_in.name_deputy(post=post, person=town.chen, by=town.admin)
        running = chains.away(post, since=in_days(-2), days=9)
        coming = standing_in.tell_absence(post=post, since=in_days(8), until=in_days(9), by=town.lu)
        for absence in (running, coming, running):
            standing_in.come_back(absence=absence, by=town.lu)
        running.refresh_from_db()
        assert running.until == today()
        assert not post.absences.filter(pk=coming.pk).exists()
        assert who_acts(post, today()) == town.lu
        assert kinds(town.chen).count("post_is_back") == 2

    @pytest.mark.parametrize(
        ("code", "since", "until"),
        [
            ("back_before", 3, 3),
            ("too_long", 0, 200),
            ("too_far", -5, 0),
            ("too_far", 400, 401),
            ("overlap", 2, 4),
            ("ended", 50, 60),
        ],
    )
    def test_days_that_cannot_be(self, code: str, since: int, until: int, town: Town, net: Net) -> None:
        post = appoint(town, net, until=in_days(50))
        standing_in.tell_absence(post=post, since=in_days(3), until=in_days(5), by=town.lu)
        with pytest.raises(Refused) as caught:
            standing_in.tell_absence(post=post, since=in_days(since), until=in_days(until), by=town.lu)
        assert caught.value.code == code
        assert post.absences.count() == 1

    def test_absences_and_deputies_are_nobody_elses_business(self, town: Town, net: Net) -> None:
        post = appoint(town, net)
        for deed in (
            lambda: standing_in.tell_absence(post=post, since=today(), until=in_days(2), by=town.chen),
            lambda: standing_in.name_deputy(post=post, person=town.chen, by=town.chen),
            lambda: standing_in.name_deputy(post=post, person=town.chen, by=town.lu),
            lambda: standing_in.dismiss_deputy(post=post, by=town.chen),
        ):
            with pytest.raises(Refused) as caught:
                deed()
            assert caught.value.status == 403

    @pytest.mark.parametrize(
        ("code", "who", "since"),
        [("oneself", "lu", None), ("inactive", "dana", None), ("too_early", "chen", -1), ("ended", "chen", 9)],
    )
    def test_who_cannot_stand_in(self, code: str, who: str, since: int | None, town: Town, net: Net) -> None:
        User.objects.filter(pk=town.dana.pk).update(is_active=False)
        post = appoint(town, net, until=in_days(9))
        first = in_days(since) if since is not None else None
        with pytest.raises(Refused) as caught:
            standing_in.name_deputy(post=post, person=town.people[who], since=first, by=town.admin)
        assert caught.value.code == code

    def test_a_department_arranges_it_itself(self, town: Town, net: Net) -> None:
        post = appoint(town, net, role=Role.LINE_DEPARTMENT, place=net.town, person=None, organisation=town.chengguan)
        for deed in (
            lambda: standing_in.name_deputy(post=post, person=town.lu, by=town.admin),
            lambda: standing_in.tell_absence(post=post, since=today(), until=in_days(1), by=town.admin),
        ):
            with pytest.raises(Refused) as caught:
                deed()
            assert caught.value.code == "department"
