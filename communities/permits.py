"""Who may do what in the name of which organisation: one rule, asked in four ways.

The rule: an active person has a right in an organisation if one of the person's groups carries it there (guardian's
direct rows, written by ``membership``); the operator has all rights everywhere. Nothing else grants anything.
"""

from collections import defaultdict

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext as _

from kit.refusals import Refused
from kit.web import is_id

from .models import Organisation, OrganisationGroupObjectPermission, OrganisationQuerySet, User
from .roles import Right

Person = User | AnonymousUser


def may_anywhere(person: Person, right: Right) -> bool:
    """May this person do it at all, for whatever organisation?"""
    if not isinstance(person, User) or not person.is_active:
        return False
    return person.is_superuser or any(right in rights for rights in _rights_of(person).values())


def may(person: Person, right: Right, organisation: Organisation) -> bool:
    """May this person do it for this organisation?"""
    if not isinstance(person, User) or not person.is_active:
        return False
    return person.is_superuser or right in _rights_of(person).get(organisation.pk, ())


def organisations_where(person: Person, right: Right) -> OrganisationQuerySet:
    """For which organisations may this person do it?"""
    if not isinstance(person, User) or not person.is_active:
        return Organisation.objects.none()
    if person.is_superuser:
        return Organisation.objects.all()
    return Organisation.objects.filter(
        pk__in=[organisation for organisation, rights in _rights_of(person).items() if right in rights]
    )


def people_who_may(right: Right, organisation: Organisation) -> models.QuerySet[User]:
    """Who may do it for this organisation? The operators are not listed: they may do everything everywhere."""
    return (
        User.objects.filter(
            is_active=True,
            groups__organisationgroupobjectpermission__content_object=organisation,
            groups__organisationgroupobjectpermission__permission__codename=right.value,
        )
        .order_by("pk")
        .distinct()
    )


def demand(person: Person, right: Right, organisation: Organisation) -> None:
    """Raise ``Refused("no_right", status=403)`` unless :func:`may`."""
    if not may(person, right, organisation):
        raise Refused(
            "no_right",
            _("You may not do this for %(organisation)s: it takes the right “%(right)s”.")
            % {"organisation": organisation.spoken_name, "right": right.label},
            status=403,
        )


def may_follow_town(person: Person, key: str) -> bool:
    """Everybody may follow ``town``, which has no key."""
    return key == ""


def may_follow_organisation(person: Person, key: str) -> bool:
    """Everybody may follow ``organisation:<key>``, if its page is public."""
    return is_id(key) and Organisation.objects.public().filter(pk=int(key)).exists()


def may_follow_person(person: Person, key: str) -> bool:
    """``person:<key>`` is for that person alone, the operator not excepted."""
    return isinstance(person, User) and person.is_active and key == str(person.pk)


def is_operator(person: Person) -> bool:
    """Does this person run the site?"""
    return isinstance(person, User) and person.is_active and person.is_superuser


def operators() -> models.QuerySet[User]:
    """Who runs the site, in the order of their accounts."""
    return User.objects.filter(is_active=True, is_superuser=True).order_by("pk")


def demand_operator(person: Person) -> None:
    """Raise ``Refused("operator_only", status=403)`` unless :func:`is_operator`."""
    if not is_operator(person):
        raise Refused("operator_only", _("Only the operator of this site may do this."), status=403)


def forget(person: User) -> None:
    """Ask the database again next time. The answers are kept on the object, as Django keeps its own."""
    person.__dict__.pop("_organisation_rights", None)


def _rights_of(person: User) -> dict[int, frozenset[str]]:
    kept: dict[int, frozenset[str]] | None = person.__dict__.get("_organisation_rights")
    if kept is not None:
        return kept
    rights: defaultdict[int, set[str]] = defaultdict(set)
    rows = OrganisationGroupObjectPermission.objects.filter(group__user=person).values_list(
        "content_object_id", "permission__codename"
    )
    for organisation, codename in rows:
        rights[organisation].add(codename)
    answer = {organisation: frozenset(codenames) for organisation, codenames in rights.items()}
    person.__dict__["_organisation_rights"] = answer
    return answer
