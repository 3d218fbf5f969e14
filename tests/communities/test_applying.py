"""Organisations are applied for, decided by the operator, and verified."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import applying, founding, people, permits
from communities.models import Application, Organisation, User
from communities.roles import Right
from kit import deeds
from kit.refusals import Refused
from tests.cast import Town
from tests.events.test_races import at_once, meet
from tests.reading import errors, main, page, words
from updates.models import Message

ABOUT = "geheime-bewerbung"
WRITTEN = {"name": "湖西路商户组", "kind": "merchants", "about": ABOUT, "phone": "", "name_en": ""}
APPLY, DESK = "/my/organisations/apply/", "/operator/organisations/"


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def applied(by: User, **changes: Any) -> Application:
    return applying.apply(by=by, **{**WRITTEN, "kind": Organisation.Kind.MERCHANTS, **changes})


# --- applying ---------------------------------------------------------------------------------------------------------


def test_whoever_is_signed_in_applies_and_sees_what_became_of_it(town: Town) -> None:
    dana = as_(town.dana)
    assert dana.post(APPLY, WRITTEN)["Location"] == APPLY
    assert "湖西路商户组" in main(dana.get(APPLY))
    assert list(Message.objects.values_list("person", "kind")) == [(town.admin.pk, "applied")]


@pytest.mark.parametrize("is_live", [True, False])
def test_a_page_that_is_offline_is_not_linked(town: Town, is_live: bool) -> None:
    application = applied(town.dana)
    organisation = applying.accept(application=application, by=town.admin)
    if not is_live:
        organisation.section.specific.unpublish()
    own = f"/organisations/{organisation.slug}/"
    shown = {"/me/": town.dana, APPLY: town.dana, f"/operator/applications/{application.pk}/": town.admin}
    for address, person in shown.items():
        found = page(as_(person).get(address)).main
        assert "湖西路商户组" in words(found), address
        assert bool(found.select(f'a[href="{own}"]')) == is_live, address


def test_the_same_again_waits_once(town: Town) -> None:
    assert applied(town.dana) == applied(town.dana, about="anders")
    assert Message.objects.count() == 1


def test_nobody_sees_what_somebody_else_applied_for(town: Town) -> None:
    applied(town.dana)
    for name in ("zhou", "mei", "bo"):
        client = as_(town.people[name])
        assert ABOUT not in client.get(APPLY).content.decode()
        assert "湖西路商户组" not in client.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "名" * 81), ("kind", "circus"), ("about", ""), ("about", "字" * 601), ("phone", "妈妈")],
)
def test_what_cannot_be_kept_is_said_beside_the_field(town: Town, field: str, value: str) -> None:
    answer = as_(town.dana).post(APPLY, {**WRITTEN, field: value})
    assert answer.status_code == 422
    assert errors(answer, field)
    assert answer.context["form"].data["name"] == {**WRITTEN, field: value}["name"]
    assert not Application.objects.exists()


def test_a_name_that_is_here_already(town: Town) -> None:
    answer = as_(town.dana).post(APPLY, {**WRITTEN, "name": "玉祁社区"})
    assert answer.status_code == 409
    assert errors(answer, "name")


def test_three_may_wait(town: Town) -> None:
    for number in range(3):
        applied(town.dana, name=f"第{number}小学")
    with pytest.raises(Refused) as refusal:
        applied(town.dana, name="第四小学")
    assert refusal.value.code == "too_many"


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_accepted_it_is_founded_and_the_applicant_coordinates(town: Town) -> None:
    application = applied(town.dana, phone="0510 8388 0000", name_en="Huxi Road Shops")
    admin = as_(town.admin)
    answer = admin.post(
        f"/operator/applications/{application.pk}/accept/",
        {"name": "湖西路商户联盟", "short": "湖", "is_verified": "on"},
    )
    assert answer["Location"] == DESK
    organisation = Organisation.objects.get(name="湖西路商户联盟")
    assert (organisation.short, organisation.phone, organisation.is_verified) == ("湖", "0510 8388 0000", True)
    dana = User.objects.get(pk=town.dana.pk)
    assert permits.may(dana, Right.COMPOSE_ACTION, organisation)
    assert Message.objects.get(person=town.dana).kind == "founded"
    assert "湖西路商户联盟" in main(admin.get(DESK))


def test_accepted_and_not_verified_it_waits_for_that(town: Town) -> None:
    organisation = applying.accept(application=applied(town.dana), by=town.admin)
    assert not organisation.is_verified
    admin = as_(town.admin)
    assert ABOUT in main(admin.get(DESK)), "what they said of themselves"
    admin.post(f"/operator/organisations/{organisation.pk}/verify/")
    assert Organisation.objects.get(pk=organisation.pk).is_verified
    assert ABOUT not in main(admin.get(DESK))


def test_accepted_again_it_is_the_same(town: Town) -> None:
    application = applied(town.dana)
    first = applying.accept(application=application, by=town.admin)
    assert applying.accept(application=application, by=town.admin) == first
    with pytest.raises(Refused) as refusal:
        applying.refuse(application=application, word="x", by=town.admin)
    assert refusal.value.code == "decided"


def test_refused_with_a_word_that_the_applicant_reads(town: Town) -> None:
    application = applied(town.dana)
    admin = as_(town.admin)
    address = f"/operator/applications/{application.pk}/refuse/"
    answer = admin.post(address, {"word": ""})
    assert answer.status_code == 422
    assert errors(answer, "word")
    admin.post(address, {"word": "请先到社区登记。"})
    assert "请先到社区登记。" in main(as_(town.dana).get(APPLY))
    assert not Organisation.objects.filter(name="湖西路商户组").exists()
    with pytest.raises(Refused) as refusal:
        applying.accept(application=application, by=town.admin)
    assert refusal.value.code == "decided"
    assert applied(town.dana).pk != application.pk, "one may try again"


def test_a_name_that_was_taken_meanwhile_is_said_beside_it(town: Town) -> None:
    first, second = applied(town.dana), applied(town.zhou)
    applying.accept(application=first, by=town.admin)
    answer = as_(town.admin).post(f"/operator/applications/{second.pk}/accept/", {"name": second.name})
    assert answer.status_code == 409
    assert errors(answer, "name")
    assert Application.objects.get(pk=second.pk).decided_at is None


@pytest.mark.parametrize("name", ["dana", "chen", "lan", "yan", "mei", "bo"])
def test_the_operators_pages_are_not_there_for_others(town: Town, name: str) -> None:
    application = applied(town.zhou)
    client = as_(town.people[name])
    where = [
        DESK,
        f"/operator/applications/{application.pk}/",
        "/operator/people/",
        f"/operator/people/{town.zhou.pk}/",
    ]
    for address in where:
        answer = client.get(address)
        assert answer.status_code == 404
        assert ABOUT not in answer.content.decode()
        assert "周宝" not in answer.content.decode()
    for address in ("accept", "refuse"):
        client.post(f"/operator/applications/{application.pk}/{address}/", {"name": "x", "word": "x"})
    client.post(f"/operator/people/{town.zhou.pk}/suspend/", {"reason": "x"})
    assert Application.objects.get().decided_at is None
    assert User.objects.get(pk=town.zhou.pk).is_active
    for deed in (
        lambda: applying.accept(application=application, by=town.people[name]),
        lambda: applying.refuse(application=application, by=town.people[name], word="x"),
    ):
        with pytest.raises(Refused) as refusal:
            deed()
        assert refusal.value.code == "operator_only"


def test_the_operators_list_costs_the_same_with_more(town: Town) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(DESK).status_code == 200
        return len(queries)

    admin = as_(town.admin)
    neighbours = list(town.neighbours())
    applied(neighbours[0])
    applying.accept(application=applied(neighbours[1], name="第零小学"), by=town.admin)
    few = asked()
    for number, person in enumerate(neighbours[2:6]):
        applied(person, name=f"第{number}商户组")
        applying.accept(application=applied(person, name=f"第{number}中学"), by=town.admin)
        founding.verify(organisation=Organisation.objects.get(name=f"第{number}中学"), by=town.admin)
        founding.found(name=f"{number}队", kind=Organisation.Kind.GROUP, coordinator=person, by=town.admin)
    assert asked() == few


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["zhou", "周", "100 0000 0009", "+8610000000009"])
def test_an_account_is_found_by_name_or_whole_number(town: Town, asked: str) -> None:
    text = main(as_(town.admin).get("/operator/people/", {"q": asked}))
    assert "周宝" in text
    assert "达娜" not in text
    assert "10000000009" not in text


def test_a_part_of_a_number_finds_nobody(town: Town) -> None:
    assert "周宝" not in main(as_(town.admin).get("/operator/people/", {"q": "0000009"}))


def test_suspended_with_a_reason_and_reinstated(town: Town) -> None:
    admin, zhou = as_(town.admin), as_(town.zhou)
    address = f"/operator/people/{town.zhou.pk}/"
    assert admin.post(f"{address}suspend/", {"reason": " "}).status_code == 422
    assert User.objects.get(pk=town.zhou.pk).is_active
    admin.post(f"{address}suspend/", {"reason": "多次爽约"})
    assert not User.objects.get(pk=town.zhou.pk).is_active
    assert zhou.get("/me/edit/").status_code == 302, "shown out"
    assert "多次爽约" in main(admin.get(address))
    assert "周宝" in main(admin.get("/operator/people/"))
    admin.post(f"{address}reinstate/")
    assert User.objects.get(pk=town.zhou.pk).is_active


def test_an_operator_is_not_suspended_here(town: Town) -> None:
    assert as_(town.admin).post(f"/operator/people/{town.admin.pk}/suspend/", {"reason": "x"}).status_code == 409


# --- races ------------------------------------------------------------------------------------------------------------

TIMES = 3


def press(town: Town, application: Application) -> list[Any]:
    return at_once(*[lambda: applying.accept(application=application, by=town.admin)] * TIMES)


def test_accepted_at_once_it_is_founded_once(committed: Town) -> None:
    answers = press(committed, applied(committed.dana))
    assert {answer.pk for answer in answers} == {Organisation.objects.get(name="湖西路商户组").pk}


def test_twin_without_the_applications_lock_others_fail(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    application = applied(committed.dana)
    all_have_looked = threading.Barrier(TIMES)

    def found(*, name: str, coordinator: User, by: User, **written: Any) -> Organisation:
        meet(all_have_looked)
        del written["short"]
        return Organisation.objects.create(name=name, short="湖", slug="hu-xi-lu", **written)

    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    monkeypatch.setattr(deeds, "before_commit", lambda _finish, _item: None)
    monkeypatch.setattr(people, "hold", lambda ids: {one.pk: one for one in User.objects.filter(pk__in=list(ids))})
    monkeypatch.setattr(Application.objects, "select_for_update", lambda **_how: Application.objects.all())
    monkeypatch.setattr(founding, "found", found)

    answers = press(committed, application)

    assert sum(isinstance(answer, Exception) for answer in answers) == TIMES - 1, "the database refuses the rest"
