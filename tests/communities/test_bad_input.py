"""Whatever is sent to any address of these rooms, the answer is one of ours and never a 500."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from communities import applying, inviting, joining
from communities import urls as communities_urls
from communities.models import Organisation
from communities.roles import Role
from tests.cast import Town
from tests.communities.test_reviewing import handed_in
from updates import urls as updates_urls
from updates.models import Message
from volunteers import urls as volunteers_urls

FIELDS = (
    "about agrees code days display_name do emergency_name emergency_phone intro intro_en is_sure is_verified kind language "
    "later looked_at name name_en new_password1 new_password2 newest next note old_password password phone purpose reason "
    "role roles short to username word"
).split()
QUERY = "asks invited kind mine name next page q unverified waiting".split()
VALUES = (
    "%00",
    "%ED%A0%80",  # half of a surrogate pair
    "%FF%FE",
    "9" * 5000,
    "-1",
    "%D9%A1%D9%A2%D9%A3",  # digits of another script
    "%F0%9F%99%82" * 300,
    "%2F%2Fevil.example%2F",
    "http%3A%2F%2F%5B",
    "%E2%80%AE%0D%0A" * 20,
)
BODIES = (
    ("multipart/form-data", b"--x\r\n\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="phone"\r\n\r\n1'),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="\xff"; filename="\x00"\r\n\r\n\xff\r\n--x--',
    ),
    ("application/x-www-form-urlencoded; charset=utf-7", b"phone=+AAA-"),
    ("application/x-www-form-urlencoded; charset=nonsense", b"phone=1"),
    ("application/json", b"{"),
    ("", b"\x00"),
)


@pytest.fixture
def numbers(town: Town) -> dict[str, object]:
    """Something behind every number of an address."""
    asked = joining.ask(organisation=town.yuqi, by=town.dana)
    by_number = inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone="+8610055550001")
    applying.apply(name="新社", kind=Organisation.Kind.GROUP, about="x", by=town.dana)
    Message.objects.filter(person=town.admin).update(made_at=timezone.now() - timedelta(days=1))
    return {
        "pk": town.yuqi.pk,
        "person_pk": town.yan.pk,
        "request_pk": asked.pk,
        "invitation_pk": by_number.pk,
        "code": inviting.code_of(by_number),
        "review": handed_in(town).pk,
    }


def addresses(numbers: dict[str, object], **changes: object) -> Iterator[str]:
    for urls in (communities_urls, volunteers_urls, updates_urls):
        for pattern in urls.urlpatterns:
            assert isinstance(pattern, URLPattern)
            route = str(pattern.pattern)
            known = {**numbers, **({"pk": numbers["review"]} if route.startswith("review/") else {}), **changes}
            for name, number in known.items():
                for kind in ("int", "str"):
                    route = route.replace(f"<{kind}:{name}>", str(number))
            yield f"/{route}"


@pytest.fixture(params=["admin", "mei", "dana", ""])
def client(request: pytest.FixtureRequest, town: Town) -> Client:
    found = Client(raise_request_exception=False)
    if request.param:
        found.force_login(town.people[request.param])
    return found


def is_ending(address: str) -> bool:
    """Would it end the session, and with it what is tried here?"""
    return address in {"/account/logout/", "/me/close/"}


def test_every_field_and_every_address(client: Client, numbers: dict[str, object]) -> None:
    wrong = []
    for address in addresses(numbers):
        for value in VALUES:
            body = "&".join(f"{name}={value}" for name in FIELDS)
            sent = client.post(address, body, content_type="application/x-www-form-urlencoded")
            query = "&".join(f"{name}={value[:1500]}" for name in QUERY)
            read = client.get(f"{address}?{query}")
            if max(sent.status_code, read.status_code) >= 500:
                wrong.append((address, value[:20], sent.status_code, read.status_code))
    assert not wrong


def test_bodies_that_are_none(client: Client, numbers: dict[str, object]) -> None:
    wrong = []
    for address in addresses(numbers):
        for kind, body in BODIES:
            answer = client.generic("POST", address, body, content_type=kind)
            if answer.status_code >= 500 or (is_ending(address) and answer.status_code == 200):
                wrong.append((address, kind, body, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 40, "9" * 5000])
def test_numbers_that_no_row_has(client: Client, numbers: dict[str, object], number: str) -> None:
    names = ("pk", "person_pk", "request_pk", "invitation_pk")
    for name in names:
        for address in addresses(numbers, **{name: number}):
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code < 500, (address[:60], answer.status_code)


@pytest.mark.parametrize("code", ["%00", "%ED%A0%80", "9" * 5000, "1.%F0%9F%99%82", "...", "%2F%2F", "1."])
def test_codes_of_invitations(client: Client, town: Town, code: str) -> None:
    assert client.get(f"/join/{code}/").status_code in {400, 404}
    assert client.post(f"/join/{code}/").status_code in {400, 404}
