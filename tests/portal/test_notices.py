"""Notices are made known by who may, told once, taken back when they go, and asked for what a reader would miss."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from communities.models import Organisation
from events.models import ActionPage
from kit.refusals import Refused
from portal import notices
from portal.models import NoticeIndexPage, NoticePage
from portal.notice_form import read_document_number, read_index_number
from portal.notice_states import publicity, says_validity, validity
from tests import cast
from tests.cast import Town
from tests.reading import page, words
from updates.models import Update

TODAY = timezone.localdate
MORNING = timezone.make_aware(datetime(2026, 12, 5, 9, 0))


@pytest.fixture(autouse=True)
def _morning(time_machine: Any) -> None:
    """The test and the site mean the same day."""
    time_machine.move_to(MORNING, tick=False)


def told(topic: str = "town") -> list[tuple[str, str]]:
    """What stands in the book there: verb and title, empty where it was taken back."""
    lines = Update.objects.filter(topic__name=topic).order_by("seq")
    return [(line.verb, line.payload.get("notice", {}).get("title", "")) for line in lines]


def publish(notice: NoticePage, **changes: Any) -> None:
    """As Wagtail's button does it: a new revision goes live."""
    current = NoticePage.objects.get(pk=notice.pk)
    for name, value in changes.items():
        setattr(current, name, value)
    current.save_revision().publish()


# --- told --------------------------------------------------------------------------------------------------------------


def test_it_is_told_once_in_the_organisation_and_in_the_town(town: Town) -> None:
    notice = cast.notice(town, title="让道", title_en="Make way")
    assert told() == told(f"organisation:{town.yuqi.pk}") == [("notice", "让道")]
    line = Update.objects.get(topic__name="town")
    assert line.actor == {"organisation": town.yuqi.pk, "name": "玉祁社区", "name_en": "Yuqi Community"}
    assert line.payload["notice"] == {
        "id": notice.pk,
        "kind": "announcement",
        "title": "让道",
        "title_en": "Make way",
        "summary": "把车停进车位，给除雪车让路。",
        "summary_en": "",
        "url": f"/notices/{notice.pk}/",
    }


def test_published_again_with_changes_it_is_not_repeated(town: Town) -> None:
    notice = cast.notice(town)
    publish(notice, summary="改了一个字")
    publish(notice, summary="又改了一个字")
    assert told() == [("notice", "雪天请让道")]


def test_a_draft_is_not_told_and_its_publication_is(town: Town) -> None:
    draft = cast.notice_draft(town, title="草稿")
    assert told() == []
    publish(draft)
    assert told() == [("notice", "草稿")]


def test_one_for_later_is_told_when_its_time_has_come(town: Town) -> None:
    draft = cast.notice_draft(town)
    publish(draft, go_live_at=timezone.now() + timedelta(days=1))
    assert told() == []
    publish(draft, go_live_at=timezone.now() - timedelta(minutes=1))
    assert [verb for verb, _title in told()] == ["notice"]


def test_taken_offline_it_is_taken_back_and_online_again_it_is_told_again(town: Town) -> None:
    notice = cast.notice(town)
    for _twice in range(2):
        NoticePage.objects.get(pk=notice.pk).unpublish()
    assert told() == [("notice", ""), ("withdrawn", "")]
    publish(notice)
    assert told() == [("notice", ""), ("withdrawn", ""), ("notice", "雪天请让道")]
    first, second = Update.objects.filter(topic__name="town", verb="notice").order_by("seq")
    assert first.key != second.key
    NoticePage.objects.get(pk=notice.pk).unpublish()
    assert told() == [("notice", ""), ("withdrawn", ""), ("notice", ""), ("withdrawn", "")]


def test_deleted_it_is_taken_back(town: Town) -> None:
    NoticePage.objects.get(pk=cast.notice(town).pk).delete()
    assert told() == [("notice", ""), ("withdrawn", "")]


def test_what_was_made_known_long_ago_is_no_news(town: Town) -> None:
    then = timezone.now() - timedelta(days=3)
    notice = cast.notice(town, on=then)
    assert told() == []
    assert notice.first_published_at == then
    assert notice.live


def test_below_a_page_that_is_offline_nothing_is_told(town: Town) -> None:
    town.yuqi.section.specific.unpublish()
    cast.notice(town)
    assert told() == []


def test_the_stream_forgets_what_is_hidden(town: Town, visitor: Client) -> None:
    def about() -> list[str]:
        return [words(title) for title in page(visitor.get("/updates/")).select(".entry-about")]

    cast.announced(town, title="扫雪")
    cast.notice(town, title="还在的")
    hidden = cast.notice(town, title="不见的")
    assert about() == ["不见的", "还在的", "扫雪"]
    NoticePage.objects.filter(pk=hidden.pk).update(live=False)
    assert about() == ["还在的", "扫雪"]
    ActionPage.objects.update(live=False)
    assert about() == ["还在的"]


# --- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["yan", "bo", "lan", "chen", "dana"])
def test_only_who_approves_pages_of_the_organisation_issues(town: Town, name: str) -> None:
    with pytest.raises(Refused) as refused:
        cast.notice(town, by=town.people[name])
    assert (refused.value.code, refused.value.status) == ("no_right", 403)
    assert not NoticePage.objects.exists()
    assert told() == []


def test_the_index_lies_in_every_section(town: Town) -> None:
    for organisation in Organisation.objects.all():
        assert NoticeIndexPage.objects.child_of(organisation.section).count() == 1


def test_its_address_is_in_plain_letters(town: Town) -> None:
    first, second = cast.notice(town, title="雪天请让道"), cast.notice(town, title="雪天请让道")
    assert (first.slug, second.slug) == ("xue-tian-qing-rang-dao", "xue-tian-qing-rang-dao-2")
    typed = cast.notice_draft(town, title="停水", slug="停水")
    assert typed.slug == "ting-shui"


# --- does it hold? -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "phase", "tone"),
    [
        ({}, "valid", "ok"),
        ({"valid_from": 1}, "upcoming", "want"),
        ({"valid_from": 0, "valid_until": 0}, "valid", "ok"),
        ({"valid_until": -1}, "expired", ""),
        ({"validity": "amended"}, "amended", "want"),
        ({"validity": "amended", "valid_until": -1}, "expired", ""),
        ({"validity": "repealed", "valid_until": -1}, "repealed", "bad"),
    ],
)
def test_the_calendar_and_people_decide(fields: dict[str, Any], phase: str, tone: str) -> None:
    day = TODAY()
    notice = NoticePage(
        **{name: day + timedelta(days=value) if isinstance(value, int) else value for name, value in fields.items()}
    )
    assert notice.phase(day) == phase
    assert validity(notice, day).tone == tone


def test_news_neither_hold_nor_run_out() -> None:
    assert not says_validity(NoticePage(kind="news"))
    assert says_validity(NoticePage(kind="policy"))
    assert says_validity(NoticePage(kind="news", document_number="玉城管〔2026〕1号"))
    assert says_validity(NoticePage(kind="news", valid_until=TODAY()))
    assert says_validity(NoticePage(kind="news", validity="repealed"))


@pytest.mark.parametrize(
    ("begins", "ends", "phase"), [(1, 8, "ahead"), (-3, 4, "open"), (-7, 0, "open"), (-8, -1, "over"), (None, None, "")]
)
def test_how_long_people_may_comment(begins: int | None, ends: int | None, phase: str) -> None:
    day = TODAY()
    notice = NoticePage(kind="publicity")
    if begins is not None and ends is not None:
        notice.publicity_from, notice.publicity_until = day + timedelta(days=begins), day + timedelta(days=ends)
    assert notice.publicity_phase(day) == phase
    said = publicity(notice, day)
    assert (said is None) == (phase == "")
    if phase == "open":
        assert said is not None
        assert said.tone == "want"
        assert str(ends) in said.word or ends == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_from": 0, "valid_until": -1},
        {"publicity_from": 0, "publicity_until": -1},
        {"publicity_from": 0},
        {"publicity_until": 0},
    ],
)
def test_the_database_refuses_periods_that_are_none(town: Town, fields: dict[str, int]) -> None:
    notice = cast.notice(town)
    days = {name: TODAY() + timedelta(days=value) for name, value in fields.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticePage.objects.filter(pk=notice.pk).update(**days)


# --- what the editor's form asks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [("", ""), ("玉城管〔2026〕12号", "玉城管〔2026〕12号"), (" 澄政办发 〔2022〕 39 号", "澄政办发〔2022〕39号")],
)
def test_a_document_number(typed: str, read: str) -> None:
    assert read_document_number(typed) == read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("玉城管[2026]12号", "玉城管〔2026〕12号"),
        ("玉城管（2026）012号", "玉城管〔2026〕12号"),
        ("玉城管〔2026〕第7号", "玉城管〔2026〕7号"),
        ("玉城管2026年12号", "玉城管〔2026〕12号"),
        ("十二号", "玉城管〔2026〕12号"),
    ],
)
def test_a_document_number_with_a_slip_comes_back_with_the_right_form(typed: str, meant: str) -> None:
    with pytest.raises(ValidationError) as error:
        read_document_number(typed)
    assert meant in str(error.value)


def test_an_index_number() -> None:
    assert read_index_number(" 01404053x/2026-00012 ") == "01404053X/2026-00012"
    assert read_index_number("") == ""
    for typed in ("2026-12", "01404053X/2026-12", "01404053X-2026-00012"):
        with pytest.raises(ValidationError):
            read_index_number(typed)


def form(notice: NoticePage, *, is_draft: bool = False, **typed: Any) -> Any:
    """The editor's form with these fields; what is wrong with it, field by field."""
    form_class = NoticePage.get_edit_handler().get_form_class()
    blank = {"title": "停水", "slug": "ting-shui", "kind": "announcement", "summary": "停一天", "validity": "valid"}
    streams = {f"{name}-count": "0" for name in ("body", "body_en")}
    files = {"attachments-TOTAL_FORMS": "0", "attachments-INITIAL_FORMS": "0", "comments-TOTAL_FORMS": "0"}
    sent = {**blank, **streams, **files, "comments-INITIAL_FORMS": "0", **typed}
    filled = form_class(sent, instance=notice, parent_page=notice.get_parent())
    if is_draft:
        filled.defer_required_fields()
    filled.is_valid()
    return filled.errors


def test_a_whole_form_is_accepted(town: Town) -> None:
    notice = cast.notice_draft(town)
    day = TODAY().isoformat()
    assert not form(notice)
    assert not form(notice, kind="consultation", publicity_from=day, publicity_until=day)
    assert not form(notice, kind="warning", valid_until=day)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"publicity_from": "2026-11-24"}, "publicity_until"),
        ({"publicity_until": "2026-11-24"}, "publicity_from"),
        ({"kind": "publicity"}, "publicity_until"),
        ({"kind": "consultation"}, "publicity_until"),
        ({"kind": "warning"}, "valid_until"),
        ({"document_number": "玉城管[2026]1号"}, "document_number"),
        ({"index_number": "12"}, "index_number"),
    ],
)
def test_what_a_reader_would_miss_is_asked_for(town: Town, typed: dict[str, str], field: str) -> None:
    assert list(form(cast.notice_draft(town), **typed)) == [field]


def test_a_draft_may_be_kept_without_its_dates(town: Town) -> None:
    assert not form(cast.notice_draft(town), is_draft=True, kind="consultation")
    assert not form(cast.notice_draft(town), is_draft=True, kind="warning")


def test_what_replaces_a_notice_is_another_one_and_has_a_word(town: Town) -> None:
    old, new = cast.notice_draft(town), cast.notice(town)
    assert list(form(old, replaced_by=str(new.pk))) == ["validity"]
    assert not form(old, replaced_by=str(new.pk), validity="repealed")
    assert list(form(old, replaced_by=str(old.pk), validity="repealed")) == ["replaced_by"]


def test_told_by_hand_in_any_order_it_stays_one(town: Town) -> None:
    notice = cast.notice(town)
    notices.tell(notice=notice)
    notices.withdraw(notice=notice)
    notices.withdraw(notice=notice)
    assert told() == [("notice", ""), ("withdrawn", "")]
