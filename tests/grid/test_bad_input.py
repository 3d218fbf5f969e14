"""Whatever is sent to an address where cases are reported, read and worked on, the answer is one of ours and never a 500."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern

from grid import api_urls
from grid import urls as grid_urls
from grid.forms.moving import ANSWERS, fields_of
from grid.rules.transitions import TRANSITIONS, Actor, Deed
from tests.cast import Town
from tests.communities.test_bad_input import VALUES
from tests.grid import cases
from tests.grid.cases import State, brought_to
from tests.grid.walked import two_cases

QUERY = (
    "again at category cell class closed days foreign key late list method next number on page q road since state system "
    "unit version words zone"
).split()
ODD = (*VALUES, "%C2%B2", "9" * 30, "0001-01", "9999-12", "0001-01-01T00%3A00%3A00%2B14%3A00", "nan", "-inf")
"""Also a digit that Python takes for one and no number is written with, and the edges of the calendar."""

AT_DESK = [row.deed for row in TRANSITIONS if row.by - {Actor.REPORTER, Actor.CLOCK}]
FROM: dict[Deed, State] = {row.deed: min(row.before, key=list(State).index) for row in TRANSITIONS}


def about_cases(town: Town) -> Iterator[str]:
    """The addresses of this room that are about cases, with something behind each."""
    walked = two_cases(town, town.chen, "x")
    for urls, prefix in ((grid_urls, "/"), (api_urls, "/api/v1/")):
        for pattern in urls.urlpatterns:
            assert isinstance(pattern, URLPattern)
            route = str(pattern.pattern)
            if not any(word in route for word in ("case", "report", "follow", "subscriptions")):
                continue
            pk = walked.question.pk if "questions" in route else walked.photo.pk
            for name, value in {
                "str:number": walked.shown.number,
                "slug:number": walked.shown.number,
                "int:pk": pk,
                "slug:deed": "file",
                "slug:size": "small",
                "slug:what": "case",
                "slug:key": walked.shown.number,
                "uuid:key": walked.subscription.key,
                "str:token": "x",
            }.items():
                route = route.replace(f"<{name}>", str(value))
            yield prefix + route


@pytest.fixture
def client(town: Town) -> Client:
    """The operator, to whom every page is open."""
    found = Client(raise_request_exception=False)
    found.force_login(town.admin)
    return found


def test_every_address(client: Client, town: Town) -> None:
    wrong = []
    for address in about_cases(town):
        for value in ODD:
            fields = "&".join(f"{name}={value}" for name in (*QUERY, "words", "drop", "mail", "code", "left", "case"))
            sent = client.post(address, fields, content_type="application/x-www-form-urlencoded")
            read = client.get(f"{address}?{'&'.join(f'{name}={value[:600]}' for name in QUERY)}")
            if max(sent.status_code, read.status_code) >= 500:
                wrong.append((address, value[:20], sent.status_code, read.status_code))
    assert not wrong


@pytest.mark.parametrize("deed", AT_DESK)
def test_every_field_of_a_deed(client: Client, town: Town, deed: Deed) -> None:
    case = brought_to(cases.set_up(town), FROM[deed])
    names = [*fields_of(deed), "seen", "key", "template"]
    names += [f"{name}{suffix}" for name in names for suffix in ("_other", "_drop")]
    address = f"/cases/desk/{case.number}/{deed.value.replace('_', '-')}/"
    wrong = []
    for value in ODD:
        fields = "&".join(f"{name}={value}" for name in names)
        for body in (fields, f"{fields}&do=fill") if deed in ANSWERS else (fields,):
            sent = client.post(address, body, content_type="application/x-www-form-urlencoded")
            if sent.status_code >= 500:
                wrong.append((value[:20], sent.status_code))
    assert not wrong


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00"])
def test_the_edges_of_the_calendar(client: Client, town: Town, moment: str) -> None:
    assert client.get("/api/v1/cases/", {"since": moment}).status_code in (200, 422)
