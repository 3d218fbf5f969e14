"""Where programs begin, and whether the description they get is true."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.validation import validate_schema

from communities import tokens
from events import parties
from tests import cast
from tests.cast import Town
from tests.grid.walked import two_cases

PATHS = {
    "/api/v1/": {"get"},
    "/api/v1/schema/": {"get"},
    "/api/v1/organisations/": {"get"},
    "/api/v1/organisations/{id}/": {"get"},
    "/api/v1/notices/": {"get"},
    "/api/v1/notices/{id}/": {"get"},
    "/api/v1/actions/": {"get"},
    "/api/v1/actions/{id}/": {"get"},
    "/api/v1/shifts/": {"get"},
    "/api/v1/shifts/{id}/": {"get"},
    "/api/v1/shifts/{id}/sign-up/": {"get", "post", "delete"},
    "/api/v1/zones/": {"get"},
    "/api/v1/zones/{id}/": {"get"},
    "/api/v1/cells/": {"get"},
    "/api/v1/cells/{id}/": {"get"},
    "/api/v1/roads/": {"get"},
    "/api/v1/roads/{id}/": {"get"},
    "/api/v1/updates/{topic}/": {"get"},
    "/api/v1/cases/": {"get", "post"},
    "/api/v1/cases/{number}/": {"get"},
}
PERSONAL = {("post", "/api/v1/cases/")}
SIGN_UP = ["id", "shift", "state", "position", "offered_until"]


@pytest.fixture
def schema(db: None, visitor: Client) -> dict[str, Any]:
    answer = visitor.get("/api/v1/schema/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.json()


def test_the_root_names_what_there_is(db: None, visitor: Client) -> None:
    begin = "http://testserver/api/v1"
    root = visitor.get("/api/v1/").json()
    names = ("notices", "actions", "shifts", "organisations", "zones", "cells", "roads", "cases", "schema")
    assert root == {**{name: f"{begin}/{name}/" for name in names}, "updates": f"{begin}/updates/town/"}
    for url in root.values():
        assert visitor.get(url).status_code == 200


def test_the_schema_is_valid_openapi(schema: dict[str, Any]) -> None:
    validate_schema(schema)
    assert schema["info"]["title"] == "共治 Gongzhi"


def test_it_lists_our_addresses_and_no_others(schema: dict[str, Any]) -> None:
    assert {path: set(methods) for path, methods in schema["paths"].items()} == PATHS


def test_personal_calls_and_only_they_need_a_token_or_a_session(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert {} in operation["security"] or (method, path) in PERSONAL or path.endswith("/sign-up/"), (
                method,
                path,
            )
    for operation in schema["paths"]["/api/v1/shifts/{id}/sign-up/"].values():
        assert operation["security"] == [{"token": []}, {"cookieAuth": []}]
    assert schema["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def test_a_sign_up_is_described_as_the_contract_says(schema: dict[str, Any]) -> None:
    assert list(schema["components"]["schemas"]["SignUp"]["properties"]) == SIGN_UP
    assert set(schema["components"]["schemas"]["SignUp"]["required"]) == set(SIGN_UP)
    ask = schema["paths"]["/api/v1/shifts/{id}/sign-up/"]["post"]
    assert "requestBody" not in ask
    assert set(ask["responses"]) == {"200", "201", "400", "401", "403", "404", "409", "415", "422", "429"}
    assert list(ask["responses"]["409"]["content"]) == ["application/problem+json"]
    assert {parameter["name"]: parameter["in"] for parameter in ask["parameters"]} == {
        "Idempotency-Key": "header",
        "id": "path",
    }


def test_the_filters_are_described(schema: dict[str, Any]) -> None:
    def query(path: str) -> set[str]:
        return {parameter["name"] for parameter in schema["paths"][path]["get"]["parameters"]}

    assert query("/api/v1/actions/") == {"when", "kind", "host", "road", "free", "page", "page_size"}
    assert query("/api/v1/notices/") == {"kind", "organisation", "page", "page_size"}
    assert query("/api/v1/shifts/") == {"when", "action", "page", "page_size"}
    assert query("/api/v1/organisations/") == {"kind", "page", "page_size"}
    assert query("/api/v1/zones/") == {"shape", "page", "page_size"}
    assert query("/api/v1/cells/") == {"zone", "kind", "shape", "page", "page_size"}
    assert query("/api/v1/roads/") == {"zone", "class", "shape", "page", "page_size"}
    assert query("/api/v1/roads/{id}/") == {"id", "shape"}
    assert query("/api/v1/cases/") == {"road", "cell", "community", "category", "state", "since", "page", "page_size"}


def test_what_is_sent_is_what_was_described(town: Town, visitor: Client, schema: dict[str, Any]) -> None:
    """Every answer has the fields of its description, no more and no fewer."""
    shift = cast.a_shift(town)
    party = parties.invite(action=shift.action, organisation=town.school, by=town.mei)
    parties.accept(party=party, by=town.bo)
    headers = {"authorization": f"Token {tokens.issue(person=town.chen, name='test')}"}
    schemas = schema["components"]["schemas"]

    def fields(name: str) -> set[str]:
        return set(schemas[name]["properties"])

    action = visitor.get(f"/api/v1/actions/{shift.action_id}/").json()
    assert set(action) == fields("Action") == set(schemas["Action"]["required"])
    assert set(action["host"]) == fields("Host")
    assert set(action["partners"][0]) == fields("Partner")
    assert set(action["shifts"][0]) == set(visitor.get(f"/api/v1/shifts/{shift.pk}/").json()) == fields("Shift")
    assert set(visitor.get("/api/v1/actions/").json()) == fields("PaginatedActionList")
    notice = visitor.get(f"/api/v1/notices/{cast.notice(town).pk}/").json()
    assert set(notice) == fields("Notice") == set(schemas["Notice"]["required"])
    assert set(notice["organisation"]) == fields("Issuer")
    assert set(visitor.get("/api/v1/organisations/").json()["results"][0]) == fields("Organisation")
    for kind, name in (("zones", "Zone"), ("cells", "Cell"), ("roads", "Road")):
        thing = visitor.get(f"/api/v1/{kind}/?shape=1").json()["results"][0]
        assert set(thing) == fields(name) == set(schemas[name]["required"])
        assert set(thing["shape"]) == fields("Shape")
    case = two_cases(town, town.chen, "x").shown
    told_case = visitor.get(f"/api/v1/cases/{case.number}/").json()
    assert set(told_case) == fields("CaseDetail") == set(schemas["CaseDetail"]["required"])
    assert set(told_case["photos"][0]) == fields("CasePhoto")
    assert set(visitor.get("/api/v1/cases/").json()["results"][0]) == fields("Case")
    signed_up = visitor.post(f"/api/v1/shifts/{shift.pk}/sign-up/", headers=headers)
    assert set(signed_up.json()) == fields("SignUp")
    told = visitor.get(f"/api/v1/updates/action:{shift.action_id}/").json()
    assert set(told) == fields("Passage")
    assert {"places", "opened", "party_joined"} == {update["verb"] for update in told["updates"]}
    assert {frozenset(update) for update in told["updates"]} == {frozenset(fields("Update"))}
    refused = visitor.post(f"/api/v1/shifts/{shift.pk}/sign-up/", headers={**headers, "idempotency-key": ""})
    assert set(refused.json()) == fields("Problem")


def test_every_address_and_filter_stands_in_the_documentation(schema: dict[str, Any]) -> None:
    text = (settings.BASE_DIR / "docs" / "api.md").read_text("utf-8")
    for path, methods in schema["paths"].items():
        assert (
            path.removeprefix("/api/v1/")
            .replace("{id}", "<id>")
            .replace("{topic}", "<topic>")
            .replace("{number}", "<number>")
            or "/api/v1/"
        ) in text
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert f"`{parameter['name']}" in text or parameter["in"] == "path"


@pytest.mark.parametrize(
    "query", ["lang=../../etc", "lang=%ED%A0%80", "version=%0d%0aX: y", "format=yaml", "format=json"]
)
def test_no_query_breaks_it(query: str, db: None, visitor: Client) -> None:
    answer = visitor.get(f"/api/v1/schema/?{query}")
    assert answer.status_code in {200, 400, 404}
    json.loads(answer.content)


def test_nothing_else_below_the_prefix_is_answered_with_a_page(db: None, visitor: Client) -> None:
    for path in ("/api/v1/pages/", "/api/v1/x/", "/api/v1/actions/x/", "/api/v1/shifts/1/sign-up/x/"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
