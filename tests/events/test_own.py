"""What this room tells people of what it keeps about them: in words, not in values of machines."""

import uuid
from datetime import timedelta

from django.utils import translation

from events import composing, own
from tests import cast
from tests.cast import Town


def lines(town_person: object, key: str) -> list[dict[str, tuple[str, object]]]:
    (section,) = (each for each in own.told(town_person) if each.key == key)
    return [{line.key: (line.label, line.value) for line in entry} for entry in section.entries]


def test_of_what_was_begun_only_the_words_are_told(town: Town) -> None:
    typed = {
        "key": str(uuid.uuid4()),
        "edition": "12",
        "host": "3",
        "kind": "snow",
        "title": "扫雪",
        "risks": " ",
        "adults_only": "on",
        "cancel_hours": "2",
        "partner-4": "1",
        "asked_for": "十个人",
        "shifts-0-id": "7",
        "shifts-0-was": "2026-12-05|19:00|21:00|20|6|",
        "shifts-0-date": "2026-12-05",
        "shifts-0-task": "人行道",
    }
    composing.keep_typed(action=None, typed=typed, by=town.mei)
    (draft,) = lines(town.mei, "composer_drafts")
    assert draft["text"][1] == "扫雪\n十个人\n人行道"


def test_what_lies_ahead_begins_and_what_is_over_began(town: Town) -> None:
    over, ahead = cast.a_shift(town), cast.a_shift(town, begin=100)
    for shift in (over, ahead):
        cast.sign_up(town.chen, shift)
    cast.put_back(over.action, timedelta(days=9))
    with translation.override("en"):
        told = lines(town.chen, "sign_ups")
    assert [(each["starts_at"][0], each["ends_at"][0]) for each in told] == [("Begins", "Ends"), ("Began", "Ended")]
