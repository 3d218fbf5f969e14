"""The API against its own description, asked by a machine that makes up requests: as described, and against it.

Schemathesis draws them from the schema that the running site publishes and compares each answer with it: no 5xx, no status,
type, header or body that is not described, nothing unreadable let in, nobody let in without a token. What it draws is the
same in every run.
"""

import copy
import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from tests import grounds, running
from tests.portal.test_api_schema import PATHS

OPERATIONS = [(path, method) for path, methods in PATHS.items() for method in sorted(methods)]
EXAMPLES = 40

same_every_time = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def site() -> Iterator[running.Site]:
    """With many pages and states in it, and without limits that would answer for it."""
    name = f"site_{grounds.run_id()}_{grounds.worker()}"
    grounds.copy(grounds.with_stage(), name)
    with running.Site(name, API_RATE_PERSON="100000/min", API_RATE_ADDRESS="100000/min") as started:
        yield started
    grounds.drop(name)


@pytest.fixture(scope="module")
def token(site: running.Site) -> str:
    return site.tell(
        "from communities import tokens; from communities.models import User;"
        "print(tokens.issue(person=User.objects.get(username='chen'), name='x'))"
    )


@pytest.fixture(scope="module")
def described(site: running.Site) -> dict[str, Any]:
    with urllib.request.urlopen(f"{site.url}/api/v1/schema/", timeout=60) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


@pytest.fixture(scope="module")
def ids(site: running.Site) -> dict[str, list[Any]]:
    """What is there to be asked for, by list; cases have numbers."""

    def of(name: str, key: str = "id") -> list[Any]:
        with urllib.request.urlopen(f"{site.url}/api/v1/{name}/?page_size=200", timeout=60) as answer:
            return [row[key] for row in json.load(answer)["results"]]

    return {
        **{name: of(name) for name in ("actions", "notices", "organisations", "shifts", "zones", "cells", "roads")},
        "cases": of("cases", "number"),
        "own": [int(pk) for pk in site.tell(OWN_SHIFTS).split()],
    }


OWN_SHIFTS = (
    "from events.models import SignUp;"
    "print(*SignUp.objects.live().filter(person__username='chen').values_list('shift', flat=True))"
)
"""Where the person with the token has a place, to give it back."""

BODY = "body"
REPORT = {"description": "垃圾桶满了", "address": "振祁路88号", "category": "E0110"}
"""What nobody would guess: a place that is there, and a code that is known."""


class Guesser:
    """Asks one operation of the site what its description allows, or forbids."""

    def __init__(self, site: running.Site, token: str, described: dict[str, Any]) -> None:
        self.site, self.token = site, token
        self.schema = schemathesis.openapi.from_dict(described)
        # NUL is no text here, which JSON Schema cannot say of names and values alike: tests/portal/test_bad_input.py.
        self.schema.config.generation.allow_x00 = False
        self.answered: Counter[int] = Counter()

    def guess(self, path: str, method: str, mode: GenerationMode, known: dict[str, list[Any]]) -> None:
        """Raises what schemathesis finds. Of ``known`` values every other request takes one, where it is to be readable."""
        cases = self.schema[path][method.upper()].as_strategy(generation_mode=mode)

        @same_every_time
        @given(data=st.data(), case=cases)
        def ask(data: st.DataObject, case: schemathesis.Case) -> None:
            for name, values in known.items():
                if not data.draw(st.booleans()):
                    continue
                value = data.draw(st.sampled_from(values))
                if name == BODY:
                    case.body, case.media_type = value, "application/json"
                else:
                    case.path_parameters[name] = value
            answer = case.call_and_validate(
                base_url=self.site.url, headers={"Authorization": f"Token {self.token}", "Accept-Language": "en"}
            )
            self.answered[answer.status_code] += 1

        ask()


@pytest.fixture
def guesser(site: running.Site, token: str, described: dict[str, Any]) -> Guesser:
    return Guesser(site, token, described)


def known_in(path: str, ids: dict[str, list[Any]]) -> dict[str, list[Any]]:
    if "{topic}" in path:
        return {"topic": ["town", *(f"action:{each}" for each in ids["actions"]), f"desk:{ids['actions'][0]}"]}
    if path.endswith("/sign-up/"):
        return {"id": [*ids["own"] * 4, *ids["shifts"]]}
    if path == "/api/v1/cases/":
        return {BODY: [REPORT]}
    return {name: ids[path.split("/")[3]] for name in ("id", "number") if f"{{{name}}}" in path}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_what_is_described_is_answered_as_described(
    path: str, method: str, guesser: Guesser, ids: dict[str, list[Any]]
) -> None:
    guesser.guess(path, method, GenerationMode.POSITIVE, known_in(path, ids) if method != "get" or "{" in path else {})
    assert guesser.answered.keys() & {200, 201}, guesser.answered


TAKE_ANYTHING = ("/api/v1/", "/api/v1/schema/", "/api/v1/cases/{number}/")
UNREADABLE = [(path, method) for path, method in OPERATIONS if path not in TAKE_ANYTHING]
"""The others take nothing that could be written wrongly."""


@pytest.mark.parametrize(("path", "method"), UNREADABLE)
def test_what_is_against_the_description_is_turned_away(path: str, method: str, guesser: Guesser) -> None:
    guesser.guess(path, method, GenerationMode.NEGATIVE, {})
    # Among the guesses are names that no list knows: they are passed over, as the web does.
    refused = sum(count for status, count in guesser.answered.items() if status in {400, 403, 404, 415, 422})
    assert refused >= EXAMPLES // 2, guesser.answered


# --- twins: descriptions that lie, each in one thing --------------------------------------------------------------------


def lying(described: dict[str, Any], lie: str) -> dict[str, Any]:
    untrue = copy.deepcopy(described)
    shift = untrue["paths"]["/api/v1/shifts/{id}/"]["get"]
    match lie:
        case "type":
            untrue["components"]["schemas"]["Shift"]["properties"]["taken"] = {"type": "string"}
        case "status":
            del shift["responses"]["404"]
        case "filter":
            untrue["paths"]["/api/v1/shifts/"]["get"]["parameters"] = [
                {"in": "query", "name": "colour", "required": True, "schema": {"enum": ["red"]}}
            ]
        case "token":
            shift["security"] = [{"token": []}]
    return untrue


@pytest.mark.parametrize(
    ("lie", "path", "mode", "found"),
    [
        ("type", "/api/v1/shifts/{id}/", GenerationMode.POSITIVE, "Response violates schema"),
        ("status", "/api/v1/shifts/{id}/", GenerationMode.NEGATIVE, "Undocumented status code"),
        ("filter", "/api/v1/shifts/", GenerationMode.NEGATIVE, "Schema-violating request accepted"),
        ("token", "/api/v1/shifts/{id}/", GenerationMode.POSITIVE, "authentication"),
    ],
)
def test_twin_a_description_that_lies_is_found_out(
    lie: str,
    path: str,
    mode: GenerationMode,
    found: str,
    site: running.Site,
    token: str,
    described: dict[str, Any],
    ids: dict[str, list[Any]],
) -> None:
    guesser = Guesser(site, token, lying(described, lie))
    known = known_in(path, ids) if mode is GenerationMode.POSITIVE else {}
    with pytest.raises(FailureGroup) as caught:
        guesser.guess(path, "get", mode, known)
    assert any(found in str(failure.title) for failure in caught.value.exceptions), caught.value
