"""Numbers and receipt codes: a code opens its case however it is written, and nothing that is kept opens anything."""

import uuid
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid.cases import numbering
from grid.models import Case
from grid.models.cases import NUMBER_LENGTH
from grid.reports import receipts
from kit.deeds import deed
from tests.cast import Town
from tests.grid import cases
from tests.grid.cases import a_case

CODES = st.text(receipts.ALPHABET, min_size=8, max_size=8)


@given(CODES)
def test_a_code_is_read_however_people_write_it(code: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    as_heard = code.replace("0", "o").replace("1", "l").lower()
    for written in (code, receipts.as_people_read_it(code), f" {code[:2]} {code[2:]}\n", wide, as_heard):
        assert receipts.read(written) == code


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_code_or_nothing(written: str) -> None:
    read = receipts.read(written)
    assert read == "" or (len(read) == 8 and set(read) <= set(receipts.ALPHABET))


def test_codes_are_never_the_same_and_have_no_letters_that_look_like_others() -> None:
    codes = {receipts.new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert not set("ILOU") & set("".join(codes))


@pytest.mark.django_db
class TestOpening:
    def test_the_code_opens_its_case_and_what_is_kept_does_not(self, town: Town, settings: Any) -> None:
        code = receipts.new_code()
        case = a_case(cases.set_up(town), receipt=receipts.hashed(code))
        assert receipts.case_of(receipts.as_people_read_it(code).lower()) == case
        for other in (case.number, case.receipt, "", "00000000", "\x00" * 8, "U" * 8):
            assert receipts.case_of(other) is None

        # The site's secret has changed and the old one is still known.
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], uuid.uuid4().hex
        assert receipts.case_of(code) == case
        settings.SECRET_KEY_FALLBACKS = []
        assert receipts.case_of(code) is None


@pytest.mark.django_db
class TestNumbers:
    DAY = date(2026, 11, 22)

    def test_of_a_day_they_follow_each_other(self) -> None:
        given = [numbering.next_number(day=self.DAY) for _ in range(3)]
        assert given == ["YQ202611220001", "YQ202611220002", "YQ202611220003"]
        assert numbering.next_number(day=date(2026, 11, 23)) == "YQ202611230001"

    def test_what_was_undone_takes_no_number(self) -> None:
        @deed
        def falls() -> None:
            numbering.next_number(day=self.DAY)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            falls()
        assert numbering.next_number(day=self.DAY) == "YQ202611220001"

    def test_ten_thousand_on_a_day_still_fit(self) -> None:
        numbering.Serial.objects.create(day=self.DAY, last=123_455)
        number = numbering.next_number(day=self.DAY)
        assert number == "YQ20261122123456"
        assert len(number) <= NUMBER_LENGTH == Case._meta.get_field("number").max_length
