"""An organisation comes into being whole, and is verified by the operator alone."""

import pytest
from wagtail.models import Page

from communities import founding, membership, permits, sections
from communities.models import Organisation, OrganisationPage, User
from communities.roles import Right, Role
from kit.refusals import Refused
from tests.cast import Town

Kind = Organisation.Kind


def found(town: Town, **changes: object) -> Organisation:
    named: dict[str, object] = {"name": "民主社区", "kind": Kind.COMMUNITY, "coordinator": town.dana, "by": town.admin}
    return founding.found(**{**named, **changes})


def test_everything_an_organisation_needs_is_there(town: Town) -> None:
    organisation = found(town)
    assert isinstance(organisation.section.specific, OrganisationPage)
    assert organisation.section.live
    assert organisation.slug == "min-zhu-she-qu"
    assert organisation.short == "民"
    assert organisation.collection.name == "民主社区"
    assert [index.of(organisation) is not None for index in sections.indexes()] == [True] * len(sections.indexes())
    assert set(organisation.role_groups.values_list("role", flat=True)) == set(Role)
    assert permits.may(User.objects.get(pk=town.dana.pk), Right.MANAGE_MEMBERS, organisation)
    assert list(membership.differences(organisation)) == []


def test_a_new_organisation_is_not_verified(town: Town) -> None:
    organisation = found(town)
    assert not organisation.is_verified
    verified = founding.verify(organisation=organisation, by=town.admin)
    assert verified.is_verified
    assert verified.verified_by == town.admin


def test_verifying_again_keeps_the_first_date(town: Town) -> None:
    before = town.yuqi.verified_at
    assert founding.verify(organisation=town.yuqi, by=town.admin).verified_at == before


@pytest.mark.parametrize("name", ["mei", "bo", "dana"])
def test_only_the_operator_founds_and_verifies(town: Town, name: str) -> None:
    pages = Page.objects.count()
    with pytest.raises(Refused) as refusal:
        found(town, by=town.people[name])
    assert (refusal.value.code, refusal.value.status) == ("operator_only", 403)
    with pytest.raises(Refused) as refusal:
        founding.verify(organisation=found(town), by=town.people[name])
    assert refusal.value.code == "operator_only"
    assert not Organisation.objects.get(name="民主社区").is_verified
    assert Page.objects.count() == pages + 1 + len(sections.indexes())


def test_a_name_is_given_once(town: Town) -> None:
    with pytest.raises(Refused) as refusal:
        found(town, name="玉祁社区")
    assert (refusal.value.code, refusal.value.field) == ("name_taken", "name")
    assert Organisation.objects.count() == 5


def test_a_refused_founding_leaves_nothing_behind(town: Town) -> None:
    User.objects.filter(pk=town.dana.pk).update(is_active=False)
    pages = Page.objects.count()
    with pytest.raises(Refused) as refusal:
        found(town)
    assert refusal.value.code == "inactive"
    assert not Organisation.objects.filter(name="民主社区").exists()
    assert Page.objects.count() == pages


def test_the_same_sound_gets_another_address(town: Town) -> None:
    first, second = found(town), found(town, name="民柱社区")
    assert (first.slug, second.slug) == ("min-zhu-she-qu", "min-zhu-she-qu-2")


@pytest.mark.parametrize("name", ["", "   "])
def test_without_a_name_there_is_nothing_to_found(town: Town, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        found(town, name=name)
    assert (refusal.value.code, refusal.value.field) == ("name_missing", "name")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "名" * 81, "name_too_long"),
        ("name_en", "x" * 121, "name_en_too_long"),
        ("phone", "妈妈", "phone_unreadable"),
    ],
)
def test_what_no_organisation_can_have_is_refused(town: Town, field: str, value: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        found(town, **{field: value})
    assert (refusal.value.code, refusal.value.status, refusal.value.field) == (code, 422, field)


def test_a_badge_is_one_character(town: Town) -> None:
    assert found(town, short="民主").short == "民"
