"""The operator changes what an organisation is called: everywhere it is shown, and nowhere else."""

from typing import Any

import pytest
from django.test import Client

from communities import membership, renaming
from communities.models import Organisation, OrganisationPage
from communities.roles import Role
from kit.refusals import Refused
from tests.cast import Town, announced, notice
from tests.reading import main, page
from updates.models import Message

NEW = {"name": "玉祁新社区", "short": "新", "kind": "other"}


@pytest.fixture
def admin_client(town: Town) -> Client:
    client = Client()
    client.force_login(town.admin)
    return client


def address(town: Town) -> str:
    return f"/operator/organisations/{town.yuqi.pk}/"


def rename(town: Town, **changes: Any) -> Organisation:
    written = {**NEW, "kind": Organisation.Kind.OTHER, "by": town.admin, **changes}
    return renaming.rename(organisation=town.yuqi, **written)


def test_it_is_shown_everywhere(town: Town, admin_client: Client, visitor: Client) -> None:
    action, said = announced(town, title="除雪"), notice(town, title="停水通知")
    before = town.yuqi.section.url
    assert admin_client.post(address(town), NEW)["Location"] == "/operator/organisations/"
    places = (before, "/organisations/", action.get_absolute_url(), said.url, f"/api/v1/organisations/{town.yuqi.pk}/")
    for place in places:
        text = visitor.get(place).content.decode()
        assert "玉祁新社区" in text, place
        # What was said in the old name stays as it was said.
        assert "玉祁社区" not in text or place == action.get_absolute_url(), place
    found = visitor.get("/search/", {"q": "新社区"})
    assert before in found.content.decode()
    assert before not in visitor.get("/search/", {"q": "玉祁社区"}).content.decode()
    organisation = Organisation.objects.get(pk=town.yuqi.pk)
    assert (organisation.name, organisation.short, organisation.kind, organisation.slug) == (
        *NEW.values(),
        town.yuqi.slug,
    )
    assert organisation.collection.name == "玉祁新社区"
    assert all("玉祁新社区" in row.group.name for row in organisation.role_groups.all())
    assert OrganisationPage.objects.get(pk=organisation.section_id).draft_title == "玉祁新社区"


def test_the_coordinators_read_of_it_and_rights_stay(town: Town) -> None:
    rename(town)
    assert [message.person_id for message in Message.objects.filter(kind="renamed")] == [town.mei.pk]
    assert list(membership.differences(Organisation.objects.get(pk=town.yuqi.pk))) == []
    assert membership.live(town.mei, town.yuqi).filter(role=Role.COORDINATOR).exists()
    client = Client()
    client.force_login(town.mei)
    text = main(client.get("/my/messages/"))
    assert "玉祁社区" in text
    assert "玉祁新社区" in text


def test_the_same_again_says_nothing(town: Town) -> None:
    for _again in range(2):
        rename(town)
    assert Message.objects.filter(kind="renamed").count() == 1


def test_a_page_that_is_offline_stays_so(town: Town) -> None:
    section = OrganisationPage.objects.get(pk=town.yuqi.section_id)
    section.unpublish()
    rename(town)
    section.refresh_from_db()
    assert (section.live, section.get_latest_revision().as_object().title) == (False, "玉祁新社区")


def test_what_somebody_is_still_writing_stays(town: Town) -> None:
    section = OrganisationPage.objects.get(pk=town.yuqi.section_id)
    section.intro = "还没写完"
    section.save_revision(user=town.admin)
    rename(town)
    section.refresh_from_db()
    draft = section.get_latest_revision_as_object()
    assert (section.title, section.intro, section.has_unpublished_changes) == ("玉祁新社区", "", True)
    assert (draft.title, draft.intro) == ("玉祁新社区", "还没写完")


@pytest.mark.parametrize("name", ["mei", "yan", "bo", "dana"])
def test_nobody_else_may(town: Town, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        rename(town, by=town.people[name])
    assert (refusal.value.code, refusal.value.status) == ("operator_only", 403)
    client = Client()
    client.force_login(town.people[name])
    for answer in (client.get(address(town)), client.post(address(town), NEW)):
        assert answer.status_code == 404
    assert Organisation.objects.get(pk=town.yuqi.pk).name == "玉祁社区"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "name_missing", "name"),
        ({"name": "长" * 81}, "name_too_long", "name"),
        ({"short": "两个"}, "short_too_long", "short"),
        ({"name": "SCHOOL"}, "name_taken", "name"),
    ],
)
def test_what_is_refused(town: Town, changes: dict[str, str], code: str, field: str) -> None:
    changes = {key: town.school.name if value == "SCHOOL" else value for key, value in changes.items()}
    with pytest.raises(Refused) as refusal:
        rename(town, **changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert Organisation.objects.get(pk=town.yuqi.pk).name == "玉祁社区"


def test_the_page_says_it_beside_the_field(town: Town, admin_client: Client) -> None:
    shown = page(admin_client.get(address(town)))
    assert shown.select_one("[name=name]")["value"] == "玉祁社区"
    answer = admin_client.post(address(town), {**NEW, "name": town.school.name})
    assert answer.status_code == 409
    assert "name" in answer.context["form"].errors
    for wrong in ({"kind": "emperor"}, {"name": ""}, {"short": "两个"}):
        assert admin_client.post(address(town), {**NEW, **wrong}).status_code == 422
    assert admin_client.get(f"/operator/organisations/{'9' * 30}/").status_code == 404


def test_an_empty_badge_is_the_first_character(town: Town) -> None:
    assert rename(town, short="").short == "玉"
