"""Limits of the API: a person has one, an address without a person another."""

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import AnonRateThrottle

from portal.throttles import PersonRateThrottle
from tests.cast import Town

ACTIONS = "/api/v1/actions/"


@pytest.fixture(autouse=True)
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(PersonRateThrottle, "rate", "2/min", raising=False)
    monkeypatch.setattr(AnonRateThrottle, "rate", "4/min", raising=False)


def statuses(client: Client, times: int) -> list[int]:
    return [client.get(ACTIONS).status_code for _time in range(times)]


def test_an_address_has_its_own_limit_and_not_a_persons(db: None) -> None:
    assert statuses(Client(), 5) == [200, 200, 200, 200, 429]


def test_two_people_at_one_address_do_not_count_together(town: Town) -> None:
    chen, lan = Client(), Client()
    chen.force_login(town.chen)
    lan.force_login(town.lan)

    assert statuses(chen, 3) == [200, 200, 429]
    assert statuses(lan, 2) == [200, 200]
    answer = chen.get(ACTIONS)
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
