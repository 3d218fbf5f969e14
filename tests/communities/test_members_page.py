"""Who belongs: for whom there are names, and how the list is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import belongings, inviting, joining, membership
from communities.models import User
from communities.roles import Role
from tests.cast import Town
from tests.reading import main, page, words


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def address(town: Town) -> str:
    return f"/my/organisations/{town.yuqi.pk}/members/"


@pytest.mark.parametrize("name", ["dana", "zhou", "bo", "lan"])
def test_who_does_not_belong_learns_nobodys_name(town: Town, address: str, name: str) -> None:
    answer = as_(town.people[name]).get(address)
    assert answer.status_code == 404
    assert "严宁" not in answer.content.decode()


def test_a_visitor_signs_in_first(address: str, visitor: Client) -> None:
    assert visitor.get(address)["Location"] == f"/account/login/?next={address}"


def test_members_see_names_and_no_numbers_and_nothing_to_decide(town: Town, address: str) -> None:
    joining.ask(organisation=town.yuqi, by=town.dana, note="geheime-notiz")
    inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone="+8613912345678")
    answer = as_(town.yan).get(address)
    text = main(answer)
    assert "梅芳" in text
    assert "严宁" in text
    for secret in ("****", "达娜", "geheime-notiz", "5678"):
        assert secret not in text
    links = [link["href"] for link in page(answer).main.select("a")]
    assert not [link for link in links if "/invit" in link or link.startswith(f"{address}{town.mei.pk}")]
    assert not page(answer).main.select("form")


def test_coordinators_see_who_asks_who_is_invited_and_masked_numbers(town: Town, address: str) -> None:
    joining.ask(organisation=town.yuqi, by=town.dana, note="geheime-notiz")
    inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone="+8613912345678")
    answer = as_(town.mei).get(address)
    text = main(answer)
    for told in ("达娜", "geheime-notiz", "139****5678", "100****0003"):
        assert told in text
    assert "13912345678" not in answer.content.decode()
    assert str(town.yan.phone) not in answer.content.decode()


def test_coordinators_stand_first_and_everybody_once(town: Town, address: str) -> None:
    for role in (Role.LEADER, Role.MEMBER):
        membership.join(person=town.mei, organisation=town.yuqi, role=role, by=town.mei)
    membership.join(person=town.chen, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    listed = page(as_(town.yan).get(address)).select(".members > li b")
    assert [words(name) for name in listed] == ["梅芳", "严宁", "陈晨"]


def test_who_has_left_is_not_listed(town: Town, address: str) -> None:
    membership.join(person=town.chen, organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    membership.let_go(person=town.chen, organisation=town.yuqi, by=town.chen)
    assert "陈晨" not in main(as_(town.mei).get(address))
    assert as_(town.chen).get(address).status_code == 404


def test_a_long_list_has_pages(town: Town, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belongings, "ON_A_PAGE", 3)
    for person in list(town.neighbours())[:4]:
        membership.join(person=person, organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    mei = as_(town.mei)
    first, second = (page(mei.get(address, {"page": number})) for number in (1, 2))
    assert len(first.select(".members > li")) == len(second.select(".members > li")) == 3
    assert first.select_one('a[rel="next"]')


def test_more_members_requests_and_roles_cost_no_more_queries(town: Town, address: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mei.get(address).status_code == 200
        return len(queries)

    mei = as_(town.mei)
    neighbours = list(town.neighbours())
    joining.ask(organisation=town.yuqi, by=neighbours[0])
    membership.join(person=neighbours[1], organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    few = asked()
    for person in neighbours[2:6]:
        joining.ask(organisation=town.yuqi, by=person)
    for person in neighbours[6:10]:
        for role in (Role.MEMBER, Role.LEADER):
            membership.join(person=person, organisation=town.yuqi, role=role, by=town.mei)
    assert asked() == few


def test_ones_own_page_shows_all_roles_of_an_organisation_together(town: Town) -> None:
    membership.join(person=town.yan, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    joining.ask(organisation=town.school, by=town.yan)
    answer = as_(town.yan).get("/me/")
    section = page(answer).find("section", {"aria-labelledby": "organisations"})
    assert len(section.select(f'a[href="{town.yuqi.section.url}"]')) == 1
    assert "编辑 · 带队人" in words(section)
    assert f"/my/organisations/{town.yuqi.pk}/leave/" in str(section)
    assert f"/my/requests/{town.yan.join_requests.get().pk}/take-back/" in str(section)
