"""A coordinator writes the organisation's own page; and what the public reads there."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from communities import describing, following, founding, joining, membership
from communities.models import Following, Organisation, OrganisationPage, User
from communities.roles import Role
from kit.refusals import Refused
from tests import cast
from tests.cast import Town
from tests.reading import errors, main, page, words

WRITTEN = {"name_en": "Yuqi", "phone": "0510 8388 0000", "intro": "服务四千户居民。", "intro_en": "For 4,000 homes."}


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(organisation: Organisation) -> str:
    return f"/organisations/{organisation.slug}/"


@pytest.fixture
def address(town: Town) -> str:
    return f"/my/organisations/{town.yuqi.pk}/page/"


# --- writing it -------------------------------------------------------------------------------------------------------


def test_what_a_coordinator_writes_everybody_reads(town: Town, address: str, visitor: Client) -> None:
    assert as_(town.mei).post(address, WRITTEN)["Location"] == page_of(town.yuqi)
    text = main(visitor.get(page_of(town.yuqi)))
    assert "服务四千户居民。" in text
    assert "0510 8388 0000" in text
    assert "For 4,000 homes." in main(visitor.get(page_of(town.yuqi), headers={"accept-language": "en"}))


def test_a_page_that_is_offline_stays_so(town: Town, address: str, visitor: Client) -> None:
    town.yuqi.section.specific.unpublish()
    assert as_(town.mei).post(address, WRITTEN)["Location"] == "/me/"
    assert visitor.get(page_of(town.yuqi)).status_code == 404
    kept = OrganisationPage.objects.get(pk=town.yuqi.section_id).get_latest_revision_as_object()
    assert kept.intro == "服务四千户居民。"


def test_what_was_written_while_it_was_offline_is_gone_on_with(town: Town, address: str) -> None:
    town.yuqi.section.specific.unpublish()
    mei = as_(town.mei)
    mei.post(address, WRITTEN)
    shown = page(mei.get(address))
    assert words(shown.select_one("[name=intro]")) == WRITTEN["intro"]
    assert words(shown.select_one("[name=intro_en]")) == WRITTEN["intro_en"]
    section = OrganisationPage.objects.get(pk=town.yuqi.section_id)
    section.get_latest_revision().publish()
    section.refresh_from_db()
    assert (section.live, section.intro) == (True, WRITTEN["intro"])


@pytest.mark.parametrize("name", ["dana", "yan", "bo", "chen"])
def test_nobody_else_writes_it(town: Town, address: str, name: str) -> None:
    assert as_(town.people[name]).post(address, WRITTEN).status_code in (403, 404)
    with pytest.raises(Refused) as refusal:
        describing.describe(organisation=town.yuqi, by=town.people[name], **WRITTEN)
    assert refusal.value.code == "no_right"
    assert OrganisationPage.objects.get(pk=town.yuqi.section_id).intro == ""


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "妈妈"), ("intro", "字" * 401), ("intro_en", "x" * 801), ("name_en", "x" * 121)]
)
def test_what_cannot_be_kept_is_said_beside_the_field(town: Town, address: str, field: str, value: str) -> None:
    answer = as_(town.mei).post(address, {**WRITTEN, field: value})
    assert answer.status_code == 422
    assert errors(answer, field)
    assert not OrganisationPage.objects.get(pk=town.yuqi.section_id).intro


def test_name_and_kind_are_not_the_coordinators(town: Town, address: str) -> None:
    as_(town.mei).post(address, {**WRITTEN, "name": "大玉祁", "kind": "school", "short": "大", "verified_at": ""})
    yuqi = Organisation.objects.get(pk=town.yuqi.pk)
    assert (yuqi.name, yuqi.kind, yuqi.short) == ("玉祁社区", "community", "玉")


# --- reading it -------------------------------------------------------------------------------------------------------


def test_the_public_reads_counts_and_the_first_character_of_who_speaks(town: Town, visitor: Client) -> None:
    membership.join(person=town.lan, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    membership.join(person=town.chen, organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    for client in (visitor, as_(town.dana)):
        text = main(client.get(page_of(town.yuqi)))
        assert "梅*" in text
        assert "兰*" in text
        for name in ("梅芳", "兰心", "陈", "严"):
            assert name not in text
    assert "梅芳" in main(as_(town.chen).get(page_of(town.yuqi)))
    counts = [words(each) for each in page(visitor.get(page_of(town.yuqi))).select(".headcounts li")]
    assert [each[-1] for each in counts] == ["1", "1", "1", "1", "0"]


def test_since_when_it_is_verified(town: Town, visitor: Client) -> None:
    then = timezone.make_aware(datetime(2025, 3, 9, 12, 0))  # of another year, so that the year is always said
    Organisation.objects.filter(pk=town.yuqi.pk).update(verified_at=then)
    assert "2025年3月9日 周日起" in main(visitor.get(page_of(town.yuqi)))


@pytest.mark.parametrize(
    ("name", "links"),
    [("dana", ["join"]), ("yan", ["members"]), ("mei", ["members", "page"]), ("admin", ["members", "page", "join"])],
)
def test_everybody_sees_the_ways_that_are_open(town: Town, name: str, links: list[str]) -> None:
    own = f"/my/organisations/{town.yuqi.pk}/"
    found = [a["href"] for a in page(as_(town.people[name]).get(page_of(town.yuqi))).main.select("a")]
    assert [link.removeprefix(own).strip("/") for link in found if link.startswith(own)] == links


def test_who_asked_sees_that_it_waits(town: Town) -> None:
    joining.ask(organisation=town.yuqi, by=town.dana)
    found = page(as_(town.dana).get(page_of(town.yuqi))).main
    assert found.select_one('form[action$="/take-back/"]')
    assert not found.select_one('a[href$="/join/"]')


# --- following --------------------------------------------------------------------------------------------------------


def test_followed_it_stands_among_ones_updates(town: Town) -> None:
    cast.announced(town, title="本社区的")
    cast.announced(town, title="学校的", host=town.school, by=town.bo)
    zhou = as_(town.zhou)
    own = f"/my/organisations/{town.yuqi.pk}"

    def read() -> list[str]:
        found = page(zhou.get("/updates/", {"of": "organisations"})).select(".entry-about")
        return [words(title) for title in found]

    assert read() == []
    for _twice in range(2):
        assert zhou.post(f"{own}/follow/")["Location"] == page_of(town.yuqi)
    assert read() == ["本社区的"]
    assert page(zhou.get(page_of(town.yuqi))).select_one(f'form[action="{own}/unfollow/"]')
    for _twice in range(2):
        zhou.post(f"{own}/unfollow/")
    assert read() == []


def test_a_hidden_organisation_is_not_followed_any_more(town: Town) -> None:
    following.follow(organisation=town.yuqi, by=town.zhou)
    town.yuqi.section.specific.unpublish()
    assert not following.followed(town.zhou).exists()
    with pytest.raises(Refused):
        following.follow(organisation=town.yuqi, by=town.dana)
    assert Following.objects.count() == 1


# --- the directory ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["玉祁社", "yuqi com"])
def test_found_by_a_part_of_the_name(town: Town, visitor: Client, asked: str) -> None:
    cards = page(visitor.get("/organisations/", {"q": asked})).select(".card-title")
    assert [words(card) for card in cards] == ["玉祁社区"]


def test_a_name_and_a_kind_together(town: Town, visitor: Client) -> None:
    answer = page(visitor.get("/organisations/", {"q": "示范", "kind": "school"}))
    assert [words(card) for card in answer.select(".card-title")] == ["示范初级中学"]
    queries = [parse_qs(urlsplit(chip["href"]).query) for chip in answer.select(".chip")]
    assert {"q": ["示范"], "kind": ["enterprise"]} in queries
    assert {query["q"][0] for query in queries} == {"示范"}
    assert answer.select_one('form input[name="kind"]')["value"] == "school"


def test_nothing_found_says_so_and_leads_back(visitor: Client, town: Town) -> None:
    answer = page(visitor.get("/organisations/", {"q": "<b>没有的"}))
    assert answer.select_one(".empty a")["href"] == "/organisations/"
    assert not answer.select("b")


def test_ones_own_and_the_followed_are_marked(town: Town) -> None:
    following.follow(organisation=town.school, by=town.yan)
    founding.found(name="无关", kind=Organisation.Kind.OTHER, coordinator=town.dana, by=town.admin)
    cards = page(as_(town.yan).get("/organisations/")).select(".quilt > li")
    marked = {words(card.select_one(".card-title")) for card in cards if card.select_one(".tag")}
    assert marked == {"玉祁社区", "示范初级中学"}
