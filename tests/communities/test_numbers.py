"""Phone numbers as people write them, and the one spelling in which they are kept."""

import pytest

from communities.numbers import can_be_called, mobile
from kit.refusals import Refused


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000000", "+8613800000000"),
        ("138 0000-0000", "+8613800000000"),
        (" 138.0000.0000 ", "+8613800000000"),
        ("１３８００００００００", "+8613800000000"),
        ("＋８６ 138 0000 0000", "+8613800000000"),
        ("8613800000000", "+8613800000000"),
        ("008613800000000", "+8613800000000"),
        ("10000000007", "+8610000000007"),
        ("+86 100 0000 0007", "+8610000000007"),
        ("12000000001", "+8612000000001"),
        ("+44 7911 123456", "+447911123456"),
        ("00852 9123 4567", "+85291234567"),
    ],
)
def test_a_mobile_number_has_one_spelling(written: str, kept: str) -> None:
    assert mobile(written) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "phone_missing"),
        (" - ", "phone_missing"),
        ("1380000000", "phone_unreadable"),
        ("138000000000", "phone_unreadable"),
        ("23800000000", "phone_unreadable"),
        ("mei", "phone_unreadable"),
        ("+", "phone_unreadable"),
        ("+86", "phone_unreadable"),
        ("١٣٨٠٠٠٠٠٠٠", "phone_unreadable"),
        ("13800000000;ext=1", "phone_unreadable"),
        ("9" * 500, "phone_unreadable"),
        ("0510-83880000", "phone_landline"),
        ("+44 20 7946 0958", "phone_landline"),
    ],
)
def test_what_is_none_is_said_in_a_sentence(written: str, code: str) -> None:
    with pytest.raises(Refused) as no:
        mobile(written)
    assert (no.value.code, no.value.status, no.value.field) == (code, 422, "phone")
    assert written[:8].strip(" -") == "" or written[:8] not in no.value.sentence


@pytest.mark.parametrize(
    "written",
    [
        "0510-83880000",
        "0510 8388 0000 转 12",
        "（0510）83880000",
        "110",
        "12345",
        "400-820-8820",
        "+8610000000107",
        "83880000",
    ],
)
def test_people_can_be_called_by_it(written: str) -> None:
    assert can_be_called(written)


@pytest.mark.parametrize("written", ["12", "1" * 25, "妈妈", "138 0000 0000<script>", "-", "+", "问小王 138"])
def test_people_cannot_be_called_by_it(written: str) -> None:
    assert not can_be_called(written)
