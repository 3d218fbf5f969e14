"""The same report at the same instant is one case; everybody who met it too is counted. Each race has a twin that goes wrong."""

import io
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from grid.cases import reporting
from grid.cases.reporting import Reported
from grid.models import Case, DraftPhoto, Photo, Reporter, Step, Supporter
from grid.reports import drafts, similar
from grid.reports.placing import Spot
from kit import deeds
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.grid import pictures

TWENTY = 20


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(key: uuid.UUID, request: uuid.UUID) -> Reported:
    """As the page does it: the pictures are kept, then the report is made."""
    drafts.keep(key=key, uploads=[io.BytesIO(pictures.jpeg((60, 40)))], source="")
    return reporting.report(
        request_key=request, spot=Spot(words="老槐树下"), description="垃圾", draft=key, source="10.0.0.1"
    )


def rush() -> list[Any]:
    key, request = uuid.uuid4(), uuid.uuid4()
    return at_once(*(lambda: send(key, request) for _each in range(TWENTY)))


class TestTheSameTwentyTimes:
    def test_it_is_one_case_with_one_picture_and_one_code(self, committed: Town, tmp_path: Path) -> None:
        answers = rush()

        assert [answer for answer in answers if not isinstance(answer, Reported)] == []
        assert sorted(answer.is_new for answer in answers) == [False] * (TWENTY - 1) + [True]
        assert len({(answer.case.pk, answer.case.number, answer.receipt) for answer in answers}) == 1
        assert (Case.objects.count(), Step.objects.count(), Reporter.objects.count()) == (1, 1, 1)
        assert (Photo.objects.count(), DraftPhoto.objects.count()) == (1, 0)
        assert len(list(tmp_path.rglob("*.jpg"))) == 2

    def test_twin_without_a_key_it_is_twenty(self, committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        """What makes it one is the key in the database, and nothing that looks before."""
        made = reporting._made

        def under_a_key_of_its_own(case: Case, now: Any) -> Case | None:
            case.request_key = uuid.uuid4()
            case.receipt = case.request_key.hex
            return made(case, now)

        monkeypatch.setattr(reporting, "_made", under_a_key_of_its_own)
        rush()
        assert Case.objects.count() > 1

    def test_whoever_looked_before_the_other_wrote_is_told_of_the_one_case(
        self, committed: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both find nothing, and meet; the second is refused by the database and given the case of the first."""
        barrier = threading.Barrier(2)
        read = reporting.placing.place

        def place(*args: Any, **kwargs: Any) -> Any:
            meet(barrier)
            return read(*args, **kwargs)

        monkeypatch.setattr(reporting.placing, "place", place)
        monkeypatch.setattr(deeds, "_pen", _NoPen())
        key, request = uuid.uuid4(), uuid.uuid4()
        answers = at_once(*(lambda: send(key, request) for _each in range(2)))
        assert {answer.case.pk for answer in answers} == {Case.objects.get().pk}


class _NoPen:
    """SQLite itself decides who writes first."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None: ...


class TestManyWhoMetItToo:
    def many(self) -> Case:
        case = send(uuid.uuid4(), uuid.uuid4()).case
        at_once(*(lambda: similar.support(case=case, mark=uuid.uuid4()) for _each in range(TWENTY)))
        case.refresh_from_db()
        return case

    def test_all_are_counted(self, committed: Town) -> None:
        case = self.many()
        assert case.supporters_count == Supporter.objects.filter(case=case).count() == TWENTY

    def test_twin_who_counts_on_what_was_read_before_loses_some(
        self, committed: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        barrier = threading.Barrier(TWENTY)

        def careless(*, case: Case, mark: uuid.UUID) -> None:
            before = Case.objects.get(pk=case.pk).supporters_count
            meet(barrier)
            Case.objects.filter(pk=case.pk).update(supporters_count=before + 1)

        monkeypatch.setattr(similar, "support", careless)
        assert self.many().supporters_count < TWENTY

    def test_one_browser_that_taps_twenty_times_is_counted_once(self, committed: Town) -> None:
        case, mark = send(uuid.uuid4(), uuid.uuid4()).case, uuid.uuid4()
        answers = at_once(*(lambda: similar.support(case=case, mark=mark) for _each in range(TWENTY)))
        assert sorted(answers) == [False] * (TWENTY - 1) + [True]
        case.refresh_from_db()
        assert case.supporters_count == 1


class TestManyReports:
    def test_each_has_a_number_of_its_own_without_gaps(self, committed: Town) -> None:
        answers = at_once(*(lambda: send(uuid.uuid4(), uuid.uuid4()) for _each in range(TWENTY)))
        assert sorted(int(answer.case.number[-4:]) for answer in answers) == list(range(1, TWENTY + 1))


class TestPicturesOfOneDraft:
    def test_there_are_never_more_than_six(self, committed: Town, tmp_path: Path) -> None:
        key = uuid.uuid4()
        contents = [pictures.jpeg((20 + each, 20)) for each in range(12)]
        at_once(
            *(
                lambda content=content: drafts.keep(key=key, uploads=[io.BytesIO(content)], source="")
                for content in contents
            )
        )
        assert len(drafts.pictures_of(key)) == drafts.MOST_PHOTOS
        assert len(list(tmp_path.rglob("*.jpg"))) == 2 * drafts.MOST_PHOTOS

    def test_twin_who_counts_without_the_lock_keeps_more(
        self, committed: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        barrier = threading.Barrier(12)
        key = uuid.uuid4()
        drafts.ReportDraft.objects.create(key=key)

        def careless(*, key: uuid.UUID, row: DraftPhoto) -> bool:
            draft = drafts.ReportDraft.objects.get(key=key)
            is_room = draft.photos.count() < drafts.MOST_PHOTOS
            meet(barrier)
            row.draft = draft
            if is_room:
                row.save()
            return is_room

        monkeypatch.setattr(drafts, "_write", careless)
        contents = [pictures.jpeg((20 + each, 20)) for each in range(12)]
        at_once(
            *(
                lambda content=content: drafts.keep(key=key, uploads=[io.BytesIO(content)], source="")
                for content in contents
            )
        )
        assert len(drafts.pictures_of(key)) > drafts.MOST_PHOTOS
