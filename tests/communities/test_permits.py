"""One rule, asked in four ways: the answers agree for everybody, everywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from communities import permits
from communities.models import Membership, Organisation, User
from communities.roles import RIGHTS, Right, Role
from kit.refusals import Refused
from tests.cast import Town

TOLD = {
    "mei": {"玉祁社区": Role.COORDINATOR},
    "yan": {"玉祁社区": Role.EDITOR},
    "bo": {"示范初级中学": Role.COORDINATOR},
    "qiang": {"示范制造有限公司": Role.COORDINATOR},
    "lan": {"聚力暖橙志愿队": Role.LEADER},
    "chen": {"聚力暖橙志愿队": Role.MEMBER},
    "lu": {"玉祁城管": Role.LEADER},
    "zhou": {},
    "dana": {},
}
"""Who is what, as the contract says it; the operator may do everything everywhere."""


def expected(name: str, right: Right, organisation: Organisation) -> bool:
    if name == "admin":
        return True
    role = TOLD[name].get(organisation.name)
    return role is not None and right in RIGHTS[role]


def test_the_four_questions_agree_for_the_whole_cast(town: Town) -> None:
    for name, person in town.people.items():
        for right in Right:
            where = set(permits.organisations_where(person, right))
            for organisation in Organisation.objects.all():
                answer = permits.may(person, right, organisation)
                assert answer == expected(name, right, organisation), (name, right, organisation)
                assert (organisation in where) == answer, (name, right, organisation)
                # Operators are not listed among those who may: they are not the ones to be asked.
                listed = person in permits.people_who_may(right, organisation)
                wanted = organisation.memberships.live().filter(person=person, role__in=_roles_with(right)).exists()
                assert listed == wanted, (name, right, organisation)
                assert listed <= answer
            assert permits.may_anywhere(person, right) == bool(where), (name, right)


def _roles_with(right: Right) -> list[Role]:
    return [role for role, rights in RIGHTS.items() if right in rights]


@pytest.mark.parametrize("closed", ["mei", "admin"])
def test_a_closed_account_may_nothing(town: Town, closed: str) -> None:
    User.objects.filter(username=closed).update(is_active=False)
    person = User.objects.get(username=closed)
    for right in Right:
        assert not permits.may_anywhere(person, right)
        assert not permits.may(person, right, town.yuqi)
        assert not permits.organisations_where(person, right).exists()
        assert person not in permits.people_who_may(right, town.yuqi)
    assert not permits.is_operator(person)


def test_who_may_not_reads_why_in_one_language(town: Town) -> None:
    with translation.override("en"), pytest.raises(Refused) as refusal:
        permits.demand(town.dana, Right.MANAGE_MEMBERS, town.yuqi)
    assert "Yuqi Community" in refusal.value.sentence
    assert "玉祁" not in refusal.value.sentence


def test_nobody_may_nothing(town: Town) -> None:
    nobody = AnonymousUser()
    for right in Right:
        assert not permits.may_anywhere(nobody, right)
        assert not permits.may(nobody, right, town.yuqi)
        assert not permits.organisations_where(nobody, right).exists()
    assert not permits.is_operator(nobody)


def test_staff_without_membership_is_nobody_in_particular(town: Town) -> None:
    """Django's is_staff opens no door here."""
    User.objects.filter(pk=town.dana.pk).update(is_staff=True)
    dana = User.objects.get(pk=town.dana.pk)
    assert not any(permits.may_anywhere(dana, right) for right in Right)


def test_guardian_gives_the_same_answer(town: Town) -> None:
    """What is stored is read by Django's own ``has_perm`` too, so nobody can ask past the rule."""
    for person in town.people.values():
        for organisation in Organisation.objects.all():
            for right in Right:
                asked = person.has_perm(f"communities.{right}", organisation)
                assert asked == permits.may(person, right, organisation), (person, right, organisation)


def test_asking_about_many_organisations_takes_one_query(town: Town, django_assert_num_queries) -> None:
    mei = User.objects.get(pk=town.mei.pk)
    organisations = list(Organisation.objects.all())
    with django_assert_num_queries(1):
        for organisation in organisations:
            for right in Right:
                permits.may(mei, right, organisation)


def test_a_membership_row_without_its_group_gives_nothing(town: Town) -> None:
    """The stored form decides; that it says what the memberships say is the business of ``rights``."""
    Membership.objects.create(person=town.dana, organisation=town.yuqi, role=Role.COORDINATOR)
    assert not permits.may(User.objects.get(pk=town.dana.pk), Right.BELONG, town.yuqi)
