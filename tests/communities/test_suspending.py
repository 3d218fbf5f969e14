"""The operator keeps somebody out: everything that spoke for the person falls silent, and nothing else."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from communities import closing, suspending, tokens
from communities.models import Suspension, User
from kit.refusals import Refused
from tests import cast
from tests.cast import Town


def refused(**deed: object) -> Refused:
    with pytest.raises(Refused) as refusal:
        suspending.suspend(**deed)
    return refusal.value


def test_sessions_and_tokens_end_and_places_stay(town: Town, client: Client, visitor: Client) -> None:
    shift = cast.a_shift(town)
    place = cast.sign_up(town.chen, shift)
    token = {"Authorization": f"Token {tokens.issue(person=town.chen, name='x')}"}
    client.force_login(town.chen)
    assert visitor.get(f"/api/v1/shifts/{shift.pk}/sign-up/", headers=token).status_code == 200

    suspension = suspending.suspend(person=town.chen, reason="  发广告 ", by=town.admin)

    assert (suspension.reason, suspension.began_by, suspension.ended_at) == ("发广告", town.admin, None)
    assert client.get("/my/activities/").status_code == 302
    assert visitor.get(f"/api/v1/shifts/{shift.pk}/sign-up/", headers=token).status_code == 401
    place.refresh_from_db()
    assert place.state == "confirmed"
    assert Client().login(username="chen", password="a-town-together") is False


def test_again_changes_nothing_and_reinstating_opens_the_account(town: Town) -> None:
    first = suspending.suspend(person=town.chen, reason="一", by=town.admin)
    version = User.objects.get(pk=town.chen.pk).rights_version
    assert suspending.suspend(person=town.chen, reason="二", by=town.admin) == first
    assert User.objects.get(pk=town.chen.pk).rights_version == version

    for _again in range(2):
        assert suspending.reinstate(person=town.chen, by=town.admin).is_active
    first.refresh_from_db()
    assert (first.reason, first.ended_by) == ("一", town.admin)
    assert Suspension.objects.count() == 1
    suspending.suspend(person=town.chen, reason="三", by=town.admin)
    assert Suspension.objects.count() == 2


def test_an_account_that_was_closed_otherwise_is_not_opened_by_this(town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(is_active=False)
    assert not suspending.reinstate(person=town.chen, by=town.admin).is_active


@pytest.mark.parametrize("name", ["mei", "lan", "chen", "dana"])
def test_nobody_but_the_operator(town: Town, name: str) -> None:
    by = town.people[name]
    assert (refused(person=town.zhou, reason="x", by=by).code, town.zhou.is_active) == ("operator_only", True)
    suspending.suspend(person=town.zhou, reason="x", by=town.admin)
    with pytest.raises(Refused) as refusal:
        suspending.reinstate(person=town.zhou, by=by)
    assert refusal.value.status == 403
    assert not User.objects.get(pk=town.zhou.pk).is_active


def test_what_is_refused(town: Town) -> None:
    other = User.objects.create(username="other", is_superuser=True)
    assert refused(person=town.admin, reason="x", by=town.admin).code == "oneself"
    assert refused(person=other, reason="x", by=town.admin).code == "operator"
    assert refused(person=town.chen, reason="  ", by=town.admin).code == "reason_missing"
    assert refused(person=town.chen, reason="长" * 201, by=town.admin).code == "reason_too_long"
    assert User.objects.filter(is_active=False).count() == 0
    assert suspending.suspend(person=town.chen, reason="长" * 200, by=town.admin).pk


def test_an_account_that_its_person_closed(town: Town) -> None:
    closing.close(person=town.chen)
    assert refused(person=town.chen, reason="x", by=town.admin).code == "closed"
    operator = Client()
    operator.force_login(town.admin)
    answer = operator.post(f"/operator/people/{town.chen.pk}/suspend/", {"reason": "x"})
    assert answer.status_code == 409
    assert operator.post(f"/operator/people/{town.chen.pk}/reinstate/").status_code == 302
    assert not User.objects.get(pk=town.chen.pk).is_active


def test_an_account_that_was_closed_while_it_was_suspended_stays_closed(town: Town) -> None:
    """Its person pressed the button in the moment in which the operator did."""
    suspending.suspend(person=town.chen, reason="x", by=town.admin)
    closing.close(person=town.chen)
    assert not suspending.reinstate(person=town.chen, by=town.admin).is_active
    assert not Suspension.objects.filter(person=town.chen, ended_at=None).exists()


def test_the_database_allows_one_open_suspension(town: Town) -> None:
    suspending.suspend(person=town.chen, reason="x", by=town.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(person=town.chen, reason="y", began_by=town.admin)
