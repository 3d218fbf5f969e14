"""The same addresses as in ``test_walk``, asked for what that table does not say.

That nobody reads anything of an organisation that is not one's own, whatever kind of thing it is; that other methods break
nothing and write nothing; and that what one may not see is answered as what does not exist.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from tests import walking
from tests.cast import Town
from tests.portal.test_walk import PEOPLE, SITE, Case, numbers
from tests.walking import Marks, Writes

__all__ = ["numbers"]

NOT_THE_OPERATOR = [name for name in PEOPLE if name != "admin"]


def cases() -> Iterator[Case]:
    """Everything in the table but the way out."""
    yield from (case for rows in SITE.values() for case in rows if case.path != "/account/logout/")


@pytest.fixture
def others(town: Town, numbers: dict[str, object]) -> tuple[Marks, dict[str, object]]:
    """An organisation that none of ``PEOPLE`` belongs to, with one of everything; and the addresses filled with its things."""
    marks = Marks()
    *_others, volunteer = town.neighbours()
    side = walking.furnish(town, marks, "enterprise", town.enterprise, town.qiang, volunteer)
    walking.furnish_the_site(marks)
    assert town.enterprise.section is not None
    theirs = {
        "host": side.host.pk,
        "section": town.enterprise.section.url,
        "action": side.action.pk,
        "draft": side.draft.pk,
        "draft_slug": side.pages["action_draft"].slug,
        "page": side.pages["notice_draft"].pk,
        "shift": side.numbers["shift_id"],
        "draft_shift": side.draft.shifts.get().pk,
        "sign_up": side.numbers["sign_up_id"],
        "message": side.numbers["message_id"],
        "somebody": side.numbers["volunteer_id"],
        "post": side.numbers["post_key"],
    }
    return marks, {**numbers, **theirs}


def ask(client: Any, case: Case, path: str) -> tuple[Any, str, list[str]]:
    """Send it and undo it; return the answer, whole, and the tables that were written to."""
    heard = Writes()
    with transaction.atomic(), connection.execute_wrapper(heard):
        answer = client.post(path, case.data) if case.method == "POST" else client.generic(case.method, path)
        text = walking.everything_in(answer)
        transaction.set_rollback(True)
    return answer, text, sorted(heard.tables)


@pytest.mark.parametrize("name", NOT_THE_OPERATOR)
def test_nobody_reads_anything_of_others(
    town: Town, numbers: dict[str, object], others: tuple[Marks, dict[str, object]], name: str
) -> None:
    marks, theirs = others
    read = []
    for filling in (numbers, theirs):
        client = walking.sign_in(town.people.get(name))
        for case in cases():
            path = case.path.format(**filling)
            answer, text, _tables = ask(client, case, path)
            assert answer.status_code < 500 or path == "/healthz", (case.method, path)
            read += [f"{case.method} {path}: {mark}" for mark in sorted(marks.found_in(text))]
    assert read == []


def test_that_would_be_found(town: Town, numbers: dict[str, object], others: tuple[Marks, dict[str, object]]) -> None:
    """The twin: the organisation's own coordinator reads the draft, the volunteer's name, and the number."""
    marks, theirs = others
    client = walking.sign_in(town.qiang)
    read = set()
    for case in cases():
        read |= marks.found_in(ask(client, case, case.path.format(**theirs))[1])
    assert {
        "Page.title",
        "events.Action.place",
        "events.ActionPage.summary",
        "communities.User.display_name",
        "communities.User.phone",
        "updates.Update.payload",
    } <= {mark.label for mark in read}


@pytest.mark.parametrize("name", ["anonymous", "dana", "mei", "admin"])
def test_no_other_method_breaks_or_writes(town: Town, numbers: dict[str, object], name: str) -> None:
    client = walking.sign_in(town.people.get(name))
    for route, rows in SITE.items():
        for path in {case.path for case in rows}:
            for method in ("HEAD", "PUT", "PATCH", "DELETE"):
                if any(case.method == method and case.path == path for case in rows):
                    continue
                answer, _text, tables = ask(client, Case(method, path, ""), path.format(**numbers))
                assert answer.status_code < 500 or route == "healthz", (method, path)
                assert tables == [], (method, path)


def nowhere(numbers: dict[str, object]) -> dict[str, object]:
    """The same, with ids that nothing has."""
    return {
        name: 987_654_321 if isinstance(value, int) else uuid.uuid4() if isinstance(value, uuid.UUID) else value
        for name, value in numbers.items()
    }


def without_what_differs(text: str, path: str) -> str:
    """An answer without the address that was asked, and without what is new in every answer: tokens and numbers."""
    for spelling in (path, quote(path), quote(path, safe="")):
        text = text.replace(spelling, "…")
    return re.sub(r"[0-9A-Za-z_-]*\d[0-9A-Za-z_-]*|[A-Za-z]{20,}|\b[a-f]{8}\b", "…", text)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_one_may_not_see_is_answered_as_what_does_not_exist(
    town: Town, numbers: dict[str, object], name: str
) -> None:
    client, compared = walking.sign_in(town.people.get(name)), 0
    for case in cases():
        path, missing = case.path.format(**numbers), case.path.format(**nowhere(numbers))
        if path == missing or case.expected()[name] != "404":
            continue
        (hidden, text, _tables), (absent, other, _tables) = ask(client, case, path), ask(client, case, missing)
        assert (hidden.status_code, absent.status_code) == (404, 404), (case.method, path)
        assert without_what_differs(text, path) == without_what_differs(other, missing), (case.method, path)
        compared += 1
    assert compared > 3


def test_an_answer_that_tells_the_two_apart_is_found() -> None:
    """The twin: the two spellings of "no" must be compared as a reader would see them."""
    one = without_what_differs("/desk/12/: 这里没有内容", "/desk/12/")
    assert one == without_what_differs("/desk/987654321/: 这里没有内容", "/desk/987654321/")
    assert one != without_what_differs("/desk/987654321/: 没有这个行动", "/desk/987654321/")
