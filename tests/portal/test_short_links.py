"""Short addresses: they forgive how one types, notice a slip, and say nothing of what is not public."""

import re
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from communities import short_codes
from communities.short_codes import SYMBOLS, Thing
from events import publishing, shifts
from kit.web import LARGEST_ID
from portal.models import NoticePage
from tests import cast
from tests.cast import Town, announced, draft, in_hours
from tests.reading import page, words

NUMBERS = (0, 1, 31, 32, 33, 1023, 1024, 98_765, 1_000_000, 10**12 + 7, LARGEST_ID)
CODES = [(thing, pk, short_codes.code_of(thing, pk)) for thing in Thing for pk in NUMBERS]


def test_what_was_coded_is_read_however_it_is_typed() -> None:
    for thing, pk, code in CODES:
        for typed in (
            code,
            code.lower().replace("0", "o").replace("1", "l"),
            f"{code[:2]}-{code[2:]}".replace("1", "I"),
        ):
            assert short_codes.read(typed) == (thing, pk), typed


def test_every_single_wrong_symbol_is_noticed() -> None:
    for _, _, code in CODES:
        for place, right in enumerate(code):
            for wrong in SYMBOLS.replace(right, ""):
                assert short_codes.read(code[:place] + wrong + code[place + 1 :]) is None


def test_two_neighbours_turned_round_are_noticed_but_for_the_first_and_the_last_symbol() -> None:
    for _, _, code in CODES:
        for place, (one, two) in enumerate(pairwise(code)):
            if one != two and {one, two} != {SYMBOLS[0], SYMBOLS[-1]}:
                assert short_codes.read(code[:place] + two + one + code[place + 2 :]) is None


def test_a_town_of_a_million_has_codes_of_six_symbols() -> None:
    assert len(short_codes.code_of(Thing.ACTION, 1_000_000)) == 6  # and one for the kind, one for the check


@pytest.mark.parametrize("typed", ["", "A", "A1", "U11", "A" * 40, "A1F!", "活动一", "A\u0661F", "Z1Z"])
def test_what_is_no_code(typed: str) -> None:
    assert short_codes.read(typed) is None


def test_they_lead_to_what_everybody_sees(town: Town, visitor: Client) -> None:
    action, notice = announced(town), cast.notice(town)
    for thing, pk, address in (
        (Thing.ACTION, action.pk, action.get_absolute_url()),
        (Thing.NOTICE, notice.pk, notice.url),
        (Thing.ORGANISATION, town.yuqi.pk, town.yuqi.section.url),
    ):
        answer = visitor.get(short_codes.path_of(thing, pk).lower())
        assert (answer.status_code, answer["Location"]) == (302, address)
        assert answer["Cache-Control"] == "private, no-store"  # the address may change, or be hidden tomorrow


def test_what_is_not_public_is_answered_as_what_was_never_there(town: Town, visitor: Client) -> None:
    action, notice = draft(town), cast.notice_draft(town, title="geheime-meldung")
    coordinator = Client()
    coordinator.force_login(town.mei)
    unknown = said(visitor.get(short_codes.path_of(Thing.ACTION, 999_999)))
    for address in (
        short_codes.path_of(Thing.ACTION, action.pk),
        short_codes.path_of(Thing.NOTICE, notice.pk),
        reverse("short_link", args=["A1F-slip"]),
    ):
        for who in (visitor, coordinator):
            answer = who.get(address)
            assert answer.status_code == 404
            assert "Location" not in answer
            assert said(answer) == unknown
    # The twin: once they are public the same addresses lead there.
    shifts.add(action=action, hours=in_hours(72), by=town.mei)
    publishing.announce(by=town.mei, action=action)
    notice.get_latest_revision().publish()
    assert visitor.get(short_codes.path_of(Thing.ACTION, action.pk))["Location"] == action.get_absolute_url()
    shown = NoticePage.objects.get(pk=notice.pk)
    assert visitor.get(short_codes.path_of(Thing.NOTICE, notice.pk))["Location"] == shown.url


def said(answer: object) -> str:
    """What stands there, without the number of the answer."""
    return re.sub(r"\b[0-9a-f]{8}\b", "", words(page(answer).main))
