"""A problem is reported: what it takes, where it lies, who hears of it, and what is kept of whoever reported it."""

import io
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import closing, own_data
from communities.models import User
from grid import permits
from grid.cases import moving, reporting
from grid.cases.reporting import Contact, Reported
from grid.models import (
    Case,
    Category,
    DraftPhoto,
    Photo,
    PointOfInterest,
    Post,
    ReportDraft,
    Reporter,
    Segment,
    Step,
    Subscription,
    Supporter,
)
from grid.reports import drafts, floods, placing, receipts, similar
from grid.reports import own as reports_own
from grid.reports.placing import Spot
from grid.rules.transitions import Actor
from kit.refusals import Refused
from tests.cast import Town
from tests.grid import cases, chains, pictures
from tests.grid.cases import Scene
from tests.grid.chains import IN_CELL, ON_ROAD, OUTSIDE
from updates.models import Message, Update

State, Channel = Case.State, Case.Channel


@pytest.fixture
def scene(town: Town) -> Scene:
    made = cases.set_up(town)
    Segment.objects.filter(pk=made.net.first.pk).update(odd_from=1, odd_to=99, even_from=2, even_to=98)
    return made


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def report(**told: Any) -> Reported:
    described: dict[str, Any] = {
        "request_key": uuid.uuid4(),
        "spot": Spot(position=ON_ROAD),
        "description": "垃圾桶边一堆垃圾",
        "source": "10.0.0.1",
    }
    return reporting.report(**{**described, **told})


def refused(**told: Any) -> Refused:
    before = Case.objects.count()
    with pytest.raises(Refused) as caught:
        report(**told)
    assert Case.objects.count() == before
    return caught.value


def kind(scene: Scene, **fields: Any) -> Category:
    category = scene.standard.category
    for name, value in fields.items():
        setattr(category, name, value)
    category.save()
    return category


# --- the case -----------------------------------------------------------------------------------------------------------


def test_anybody_reports_and_gets_a_number_and_a_code(scene: Scene) -> None:
    done = report()
    case = done.case
    assert done.is_new
    assert case.number == f"YQ{timezone.localdate():%Y%m%d}0001"
    assert (case.state, case.channel, case.is_urgent) == (State.REPORTED, Channel.WEB, False)
    assert receipts.case_of(done.receipt) == case
    assert done.receipt not in case.receipt
    assert (case.reporter.person, case.reporter.name, case.reporter.phone, case.reporter.mail) == (None, "", "", "")
    step = case.steps.get()
    assert (step.number, step.deed, step.after, step.by, step.by_role) == (
        1,
        "report",
        State.REPORTED,
        None,
        "reporter",
    )
    assert case.step_due_at is not None


def test_who_is_signed_in_is_its_reporter(scene: Scene) -> None:
    case = report(by=scene.reporter).case
    assert (case.reporter.person, case.steps.get().by) == (scene.reporter, scene.reporter)


def test_the_same_again_is_the_same_case_with_the_same_code(scene: Scene) -> None:
    key = uuid.uuid4()
    first, again = report(request_key=key), report(request_key=key)
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.case, again.receipt) == (first.case, first.receipt)
    assert (Case.objects.count(), Step.objects.count(), Reporter.objects.count()) == (1, 1, 1)
    assert report(request_key=uuid.uuid4()).case != first.case


def test_a_code_outlives_a_new_secret_of_the_site(scene: Scene, settings: Any) -> None:
    done = report()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert reporting.receipt_of(done.case) == done.receipt
    settings.SECRET_KEY_FALLBACKS = []
    assert reporting.receipt_of(done.case) == ""


def test_what_is_dangerous_is_urgent(scene: Scene) -> None:
    assert report(category=kind(scene, is_dangerous=True)).case.is_urgent


def test_those_who_take_reports_in_hear_of_it_and_nobody_else(scene: Scene) -> None:
    case = report(contact=Contact("张三", "13900000001")).case
    told = Message.objects.get()
    assert told.person_id == scene.acceptor.pk
    assert case.number in str(told.payload)
    for secret in ("张三", "13900000001"):
        assert secret not in str(told.payload)
        assert not Update.objects.filter(payload__icontains=secret).exists()
    assert set(Update.objects.exclude(topic__name__startswith="person:").values_list("topic__name", flat=True)) == {
        f"case:{case.number}",
        "road:R-1",
        "cases",
    }


def test_the_acceptor_who_reports_is_not_told_of_it(scene: Scene) -> None:
    report(by=scene.acceptor)
    assert not Message.objects.filter(person=scene.acceptor).exists()
    assert Message.objects.filter(person=scene.town.lan).exists(), "those above hear that nobody can take it in"


# --- what has to be told ------------------------------------------------------------------------------------------------


def test_a_word_a_kind_or_a_picture_is_enough_and_nothing_is_not(scene: Scene) -> None:
    told = refused(description="  ")
    assert (told.code, told.status, told.field) == ("nothing_told", 422, "description")
    assert report(description="", category=scene.standard.category).is_new
    key = uuid.uuid4()
    drafts.keep(key=key, uploads=[io.BytesIO(pictures.jpeg())], source="")
    assert report(description="", draft=key).is_new


@pytest.mark.parametrize(
    ("told", "code", "field"),
    [
        ({"description": "字" * 501}, "description_too_long", "description"),
        ({"spot": Spot(words="路" * 121)}, "address_too_long", "address"),
        ({"spot": Spot()}, "place_missing", "address"),
        ({"spot": Spot(position=OUTSIDE)}, "outside", "position"),
        ({"contact": Contact(phone="12")}, "phone_unreadable", "phone"),
        ({"contact": Contact(mail="wang")}, "mail_unreadable", "mail"),
        ({"contact": Contact(name="王" * 41)}, "name_too_long", "name"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(scene: Scene, told: dict[str, Any], code: str, field: str) -> None:
    refusal = refused(**told)
    assert (refusal.code, refusal.status, refusal.field) == (code, 422, field)


def test_the_contact_is_kept_apart_and_as_numbers_are_written_here(scene: Scene) -> None:
    reporter = report(contact=Contact(" 张三 ", "139 0000 0001", "zhang@example.org")).case.reporter
    assert (reporter.name, reporter.phone, reporter.mail) == ("张三", "+8613900000001", "zhang@example.org")


# --- where it is --------------------------------------------------------------------------------------------------------


def test_a_position_tells_cell_road_and_stretch(scene: Scene) -> None:
    case = report().case
    net = scene.net
    assert (case.longitude, case.latitude) == ON_ROAD
    assert (case.cell, case.road, case.segment) == (net.street_cell, net.road, net.first)
    case = report(spot=Spot(position=IN_CELL)).case
    assert (case.cell, case.road, case.segment) == (net.cell, None, None)


def test_a_road_and_a_number_tell_the_position(scene: Scene) -> None:
    case = report(spot=Spot(road=scene.net.road, house_number=51)).case
    assert case.longitude == pytest.approx(chains.WEST + 0.005, abs=0.0003)
    assert (case.house_number, case.segment, case.cell) == (51, scene.net.first, scene.net.street_cell)


def test_a_number_that_the_road_does_not_have_is_refused_with_a_way_out(scene: Scene) -> None:
    refusal = refused(spot=Spot(road=scene.net.road, house_number=1001))
    assert (refusal.code, refusal.field) == ("house_unknown", "house_number")
    assert report(spot=Spot(road=scene.net.road, words="1001号对面")).case.road == scene.net.road


@pytest.mark.parametrize("words", ["示范路51号门口", "就在示范路 51 号", "Model Road 51, by the bin"])
def test_words_that_name_a_road_and_a_number_are_read(scene: Scene, words: str) -> None:
    case = report(spot=Spot(words=words)).case
    assert (case.road, case.house_number, case.address) == (scene.net.road, 51, words)
    assert case.longitude == pytest.approx(chains.WEST + 0.005, abs=0.0003)


def test_a_number_in_words_that_the_road_does_not_have_is_no_mistake(scene: Scene) -> None:
    case = report(spot=Spot(words="示范路1001号")).case
    assert (case.road, case.longitude, case.cell) == (scene.net.road, None, None)


def test_the_longest_name_in_the_words_is_meant(scene: Scene) -> None:
    longer = chains.a_road("R-2", name="示范路东段")
    assert report(spot=Spot(words="示范路东段的桥")).case.road == longer


def test_words_that_name_what_everybody_knows_are_read(scene: Scene) -> None:
    PointOfInterest.objects.create(
        code="school",
        name="示范小学",
        kind="school",
        longitude=IN_CELL[0],
        latitude=IN_CELL[1],
        since=chains.long_ago(),
    )
    case = report(spot=Spot(words="示范小学后门")).case
    assert ((case.longitude, case.latitude), case.cell) == (IN_CELL, scene.net.cell)


def test_words_that_nobody_knows_are_kept_as_they_are(scene: Scene) -> None:
    case = report(spot=Spot(words="老槐树下")).case
    assert (case.address, case.longitude, case.road, case.cell) == ("老槐树下", None, None, None)


def test_a_picture_knows_its_place_where_nobody_tells_another(scene: Scene) -> None:
    def with_picture(**told: Any) -> Case:
        key = uuid.uuid4()
        drafts.keep(key=key, uploads=[io.BytesIO(pictures.jpeg(position=ON_ROAD))], source="")
        return report(draft=key, **told).case

    assert with_picture(spot=Spot()).segment == scene.net.first
    assert with_picture(spot=Spot(position=IN_CELL)).cell == scene.net.cell
    assert report(spot=Spot(), seen_at=ON_ROAD).case.segment == scene.net.first


def test_a_picture_from_elsewhere_tells_no_place(scene: Scene) -> None:
    key = uuid.uuid4()
    drafts.keep(key=key, uploads=[io.BytesIO(pictures.jpeg(position=OUTSIDE))], source="")
    assert refused(spot=Spot(), draft=key).code == "place_missing"
    assert report(spot=Spot(words="老槐树下"), draft=key).case.longitude is None


def test_what_was_chosen_stands_where_the_phone_errs(scene: Scene) -> None:
    case = report(spot=Spot(position=IN_CELL, road=scene.net.road)).case
    assert (case.road, case.cell, case.segment) == (scene.net.road, scene.net.cell, None)


def test_a_position_in_words(scene: Scene) -> None:
    assert placing.words_for(ON_ROAD, on=timezone.localdate()) == "示范路 · 1 段 · 区S-1"
    assert placing.words_for(IN_CELL, on=timezone.localdate()) == "区N-1"


# --- pictures -----------------------------------------------------------------------------------------------------------


def files() -> set[str]:
    return {str(path.relative_to(settings.MEDIA_ROOT)) for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")}


def kept(key: uuid.UUID, *contents: bytes) -> list[str]:
    return [refusal.code for refusal in drafts.keep(key=key, uploads=map(io.BytesIO, contents), source="")]


def test_pictures_go_over_to_the_case_file_by_file(scene: Scene) -> None:
    key = uuid.uuid4()
    assert kept(key, pictures.jpeg(), pictures.heic()) == []
    before = files()
    case = report(draft=key).case
    photos = list(case.photos.all())
    assert {name for photo in photos for name in (photo.file.name, photo.small.name)} == before == files()
    assert {(photo.moment, photo.step, photo.width) for photo in photos} == {
        (Photo.Moment.BEFORE, case.steps.get(), 640)
    }
    assert not ReportDraft.objects.exists()


def test_the_same_picture_again_is_one_and_what_came_too_late_is_thrown_away(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    key, request = uuid.uuid4(), uuid.uuid4()
    kept(key, pictures.jpeg())
    kept(key, pictures.jpeg())
    assert len(drafts.pictures_of(key)) == 1
    report(request_key=request, draft=key)
    before = files()
    kept(key, pictures.jpeg())
    with django_capture_on_commit_callbacks(execute=True):
        again = report(request_key=request, draft=key)
    assert (again.case.photos.count(), files()) == (1, before)
    assert not DraftPhoto.objects.exists()


def test_one_bad_picture_takes_nothing_from_the_others(scene: Scene) -> None:
    key = uuid.uuid4()
    assert kept(key, b"no picture", pictures.jpeg(), pictures.jpeg((1600, 1200))[:-900]) == [
        "not_a_photo",
        "photo_broken",
    ]
    assert len(drafts.pictures_of(key)) == 1


def test_six_are_kept_and_a_seventh_is_refused_with_its_files(scene: Scene) -> None:
    key = uuid.uuid4()
    assert kept(key, *(pictures.jpeg((20 + each, 20)) for each in range(7))) == ["too_many_photos"]
    assert (len(drafts.pictures_of(key)), len(files())) == (6, 12)


def test_beyond_six_nothing_is_unpacked(scene: Scene) -> None:
    """What is no picture is found out by reading it; of a seventh nobody finds out."""
    key, broken = uuid.uuid4(), [io.BytesIO(f"no picture {each}".encode()) for each in range(8)]
    codes = [refusal.code for refusal in drafts.keep(key=key, uploads=broken, source="10.0.0.1")]
    assert codes == ["not_a_photo"] * drafts.MOST_PHOTOS + ["too_many_photos"] * 2
    assert [file.tell() for file in broken[drafts.MOST_PHOTOS :]] == [0, 0]


def test_what_comes_to_a_full_report_is_not_unpacked(scene: Scene) -> None:
    key = uuid.uuid4()
    held = [pictures.jpeg((100 + each, 80)) for each in range(drafts.MOST_PHOTOS)]
    assert drafts.keep(key=key, uploads=map(io.BytesIO, held), source="10.0.0.1") == []
    refusals = drafts.keep(key=key, uploads=[io.BytesIO(held[0]), io.BytesIO(b"no picture")], source="10.0.0.1")
    assert [refusal.code for refusal in refusals] == ["too_many_photos"]
    assert len(drafts.pictures_of(key)) == drafts.MOST_PHOTOS


def test_a_picture_can_be_taken_away_by_whoever_has_the_key(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    kept(mine, pictures.jpeg())
    (photo,) = drafts.pictures_of(mine)
    drafts.drop(key=other, photos=[photo.pk])
    assert len(files()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        drafts.drop(key=mine, photos=[photo.pk])
    assert (files(), drafts.pictures_of(mine)) == (set(), [])


def test_a_draft_is_forgotten_after_a_week_and_no_earlier(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    old, new = uuid.uuid4(), uuid.uuid4()
    kept(old, pictures.jpeg())
    kept(new, pictures.jpeg())
    week = timezone.now() - drafts.KEPT
    ReportDraft.objects.filter(key=old).update(touched_at=week - timedelta(minutes=1))
    ReportDraft.objects.filter(key=new).update(touched_at=week + timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        drafts.forget_old(now=timezone.now())
    assert ReportDraft.objects.get().key == new
    assert len(files()) == 2
    assert all(default_storage.exists(photo.file.name) for photo in drafts.pictures_of(new))


# --- floods -------------------------------------------------------------------------------------------------------------


def test_a_flood_from_one_address_is_stopped_and_loses_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PER_ADDRESS", 2)
    key, again = uuid.uuid4(), uuid.uuid4()
    report(request_key=again)
    report()
    kept(key, pictures.jpeg())
    refusal = refused(draft=key)
    assert (refusal.code, refusal.status, refusal.facts["retry_after"]) == ("too_many", 429, 3600)
    assert len(drafts.pictures_of(key)) == 1
    # What is known already is answered, other addresses and people go on, and those who write down for others.
    assert report(request_key=again).is_new is False
    assert report(source="10.0.0.2").is_new
    assert report(by=scene.reporter).is_new
    assert report(by=scene.acceptor, channel=Channel.HOTLINE).is_new


def test_a_person_has_a_limit_wherever_he_or_she_is(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PER_PERSON", 1)
    report(by=scene.reporter, source="10.0.0.1")
    assert refused(by=scene.reporter, source="10.0.0.2").code == "too_many"


def test_what_was_refused_for_something_else_is_not_counted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PER_ADDRESS", 1)
    for _each in range(3):
        refused(spot=Spot())
    assert report().is_new


def test_a_flood_of_pictures_is_stopped(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PICTURES_PER_ADDRESS", 1)
    assert kept(uuid.uuid4(), pictures.jpeg(), pictures.jpeg((30, 30))) == ["too_many"]


# --- written down for others --------------------------------------------------------------------------------------------


def test_what_the_hotline_heard_is_the_callers(scene: Scene) -> None:
    case = report(
        by=scene.acceptor, channel=Channel.HOTLINE, contact=Contact("李四", "13900000002"), is_urgent=True
    ).case
    assert (case.reporter.person, case.reporter.name, case.is_urgent) == (None, "李四", True)
    step = case.steps.get()
    assert (step.by, step.by_role, case.channel) == (scene.acceptor, "acceptor", Channel.HOTLINE)


def test_what_a_patrol_found_is_the_workers_own(scene: Scene) -> None:
    case = report(by=scene.worker, channel=Channel.PATROL).case
    assert (case.reporter.person, case.steps.get().by_role) == (scene.worker, "inspector")


def test_what_was_told_on_a_visit_is_the_residents(scene: Scene) -> None:
    """Whoever visits writes it down: the contact of the resident is not the worker's, nor goes with the worker's account."""
    case = report(by=scene.worker, channel=Channel.VISIT, contact=Contact("张三", "13800000003")).case
    assert (case.reporter.person, case.reporter.name, case.steps.get().by_role) == (None, "张三", "inspector")
    assert "13800000003" not in str(own_data.file_of(scene.worker))
    assert Actor.REPORTER not in permits.roles_toward(scene.worker, case)
    reports_own.forget(scene.worker)
    case.reporter.refresh_from_db()
    assert case.reporter.phone == "+8613800000003"


@pytest.mark.parametrize(
    ("left", "field"),
    [(Contact("张三"), "name"), (Contact("张三", "13800000003"), "phone"), (Contact(mail="z@example.org"), "mail")],
)
def test_on_patrol_nobody_leaves_a_contact(scene: Scene, left: Contact, field: str) -> None:
    no = refused(by=scene.worker, channel=Channel.PATROL, contact=left)
    assert (no.code, no.field, no.status) == ("contact_of_another", field, 422)


@pytest.mark.parametrize("channel", [Channel.HOTLINE, Channel.GROUP, Channel.PATROL, Channel.VISIT])
@pytest.mark.parametrize("who", ["dana", "chen", "yan", None])
def test_nobody_else_writes_down_for_others(scene: Scene, channel: Case.Channel, who: str | None) -> None:
    by = getattr(scene.town, who) if who else None
    assert refused(by=by, channel=channel).status == 403


def test_who_is_no_longer_in_office_does_not_either(scene: Scene) -> None:
    Post.objects.filter(person=scene.acceptor).update(until=timezone.localdate())
    assert refused(by=scene.acceptor, channel=Channel.HOTLINE).status == 403


def test_a_worker_answers_no_hotline(scene: Scene) -> None:
    assert refused(by=scene.worker, channel=Channel.HOTLINE).status == 403


# --- similar ones -------------------------------------------------------------------------------------------------------


def metres_east(metres: float) -> tuple[float, float]:
    return ON_ROAD[0] + metres / 94_600, ON_ROAD[1]


def near(metres: float, category: Category | None = None, after: timedelta = timedelta()) -> list[int]:
    return [each.metres for each in similar.near(metres_east(metres), category, now=timezone.now() + after)]


def test_what_lies_within_fifty_metres_and_a_day_is_similar(scene: Scene) -> None:
    report()
    assert near(45) == [45]
    assert near(55) == []
    assert near(0, after=timedelta(hours=23)) == [0]
    assert near(0, after=timedelta(hours=24, minutes=1)) == []
    assert similar.near(None, None, now=timezone.now()) == []


def test_of_another_big_class_it_must_lie_beside_it(scene: Scene) -> None:
    report(category=scene.standard.category)
    other = scene.standard.category
    big = other.big_class
    big.pk, big.code = None, "98"
    big.save()
    other.pk, other.big_class, other.code = None, big, "E9801"
    other.save()
    assert near(45, Category.objects.get(code="E9901")) == [45]
    assert near(45, other) == []
    assert near(25, other) == [25]


@pytest.mark.parametrize("change", [{"is_public": False}, {"is_dwelling": True}, {"state": State.VOID}])
def test_what_not_everybody_may_see_or_is_over_is_not_shown(scene: Scene, change: dict[str, Any]) -> None:
    case = report().case
    assert near(0) == [0]
    Case.objects.filter(pk=case.pk).update(**change)
    assert near(0) == []


def test_the_three_nearest_are_shown_and_asking_costs_the_same(scene: Scene) -> None:
    counts = []
    found: list[int] = []
    for many in (1, 2, 27):
        for each in range(many):
            report(spot=Spot(position=metres_east(each + many)), source=str(uuid.uuid4()))
        with CaptureQueriesContext(connection) as asked:
            found = near(0)
        counts.append(len(asked))
        assert found == sorted(found)
    assert len(found) == 3
    assert counts == [counts[0]] * 3


def test_me_too_counts_once_for_a_person_and_for_a_browser(scene: Scene) -> None:
    case = report().case
    mark = uuid.uuid4()
    assert similar.support(case=case, by=scene.reporter)
    assert not similar.support(case=case, by=scene.reporter)
    assert similar.support(case=case, mark=mark)
    assert not similar.support(case=case, mark=mark)
    assert similar.support(case=case, mark=uuid.uuid4())
    case.refresh_from_db()
    assert case.supporters_count == Supporter.objects.filter(case=case).count() == 3
    assert Subscription.objects.get().person == scene.reporter


def test_me_too_is_over_when_the_case_is(scene: Scene) -> None:
    case = cases.brought_to(scene, State.CLOSED)
    with pytest.raises(Refused) as caught:
        similar.support(case=case, by=scene.reporter)
    assert caught.value.code == "ended"
    with pytest.raises(Refused) as caught:
        similar.support(case=report().case)
    assert caught.value.code == "nobody"


# --- what is kept of people ---------------------------------------------------------------------------------------------


def contact_of(case: Case) -> tuple[Any, ...]:
    reporter = Reporter.objects.get(case=case)
    return reporter.name, reporter.phone, reporter.mail


@pytest.mark.parametrize("state", [State.CLOSED, State.VOID])
def test_contacts_are_emptied_a_year_after_the_end_and_no_earlier(scene: Scene, state: Case.State) -> None:
    case = cases.brought_to(scene, state)
    open_one = report(contact=Contact("开", "13900000003")).case
    Reporter.objects.filter(case=case).update(name="张三", phone="+8613900000001")
    year = timezone.now() + reporting.CONTACT_KEPT
    reporting.forget_contacts(now=year - timedelta(hours=1))
    assert contact_of(case) == ("张三", "+8613900000001", "")
    reporting.forget_contacts(now=year + timedelta(hours=1))
    assert contact_of(case) == ("", "", "")
    assert contact_of(open_one)[0] == "开"
    assert Reporter.objects.get(case=case).person == scene.reporter


def test_a_person_reads_what_was_reported_and_takes_the_name_away(scene: Scene) -> None:
    person = User.objects.get(pk=scene.town.dana.pk)
    case = report(by=person, contact=Contact("达娜", "13900000004")).case
    other = report(by=scene.reporter).case
    similar.support(case=other, by=person)
    told = own_data.file_of(person)
    assert [(row["number"], row["phone"]) for row in told["reports"]] == [(case.number, "+8613900000004")]
    assert [row["number"] for row in told["supported_cases"]] == [other.number]
    closing.close(person=person)
    reporter = Reporter.objects.get(case=case)
    assert (reporter.person, reporter.name, reporter.phone) == (None, "", "")
    assert Reporter.objects.get(case=other).person == scene.reporter
    supporter = Supporter.objects.get(case=other)
    assert (supporter.person, Case.objects.get(pk=other.pk).supporters_count) == (None, 1)
    assert Case.objects.filter(pk=case.pk, description="垃圾桶边一堆垃圾").exists()


def test_a_report_can_be_taken_in(scene: Scene) -> None:
    """It is a case like any other: the engine moves it on."""
    case = report().case
    filed = moving.move(case=case, deed=moving.Deed.FILE, by=scene.acceptor, standard=scene.standard)
    assert filed.state == State.FILED
