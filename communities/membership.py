"""Memberships, and everything that follows from them. The only writer of groups and grants.

What a person may do is computed from live memberships, :data:`communities.roles.RIGHTS` and the registered sections;
groups and permission rows are only its stored form. :func:`differences` computes them anew and :func:`repair` sets them
right. Lock order: the person, then the organisation.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm, remove_perm
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from kit.deeds import deed
from kit.refusals import Refused

from . import people, permits, sections
from .models import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationGroupObjectPermission,
    OrganisationUserObjectPermission,
    RoleGroup,
    User,
)
from .roles import RIGHTS, WRITES_PAGES, Right, Role

MEDIA_VERBS = frozenset({"add", "change", "choose"})
"""What those who write pages may do with the pictures and documents of their organisation's own collection."""


@deed
def join(*, person: User, organisation: Organisation, role: Role, by: User) -> Membership:
    """Give ``person`` the role; once more changes nothing and returns the membership as it stands.

    Locks the person. Raises ``Refused`` ``no_right`` (403) or ``inactive``.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    return _take_in(person, organisation, role)


def take_in_founder(person: User, organisation: Organisation) -> Membership:
    """The first coordinator, who has nobody to be taken in by. Part of the deed of founding."""
    return _take_in(person, organisation, Role.COORDINATOR)


@deed
def end(*, membership: Membership, by: User) -> Membership:
    """End a membership: the person leaves, or is let go by who may manage members.

    Locks the person and the organisation, because two coordinators who leave in the same instant must not both find the
    other one still there. Raises ``Refused`` ``no_right`` (403) or ``last_coordinator``.
    """
    organisation = membership.organisation
    if by.pk != membership.person_id:
        permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    people.hold_one(membership.person)
    Organisation.objects.held(organisation.pk)
    membership.refresh_from_db()
    if membership.ended_at is None:
        _end(membership, by)
    return membership


@deed
def give_roles(*, person: User, organisation: Organisation, roles: Iterable[Role], by: User) -> None:
    """Let somebody who belongs hold exactly these roles; what is held already goes on as it is.

    Nobody comes in by this: that takes the person's own word. Locks the person and the organisation. Raises ``Refused``
    ``no_right`` (403), ``no_member``, ``no_role`` (422), or what :func:`join` and :func:`end` refuse.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    people.hold_one(person)
    Organisation.objects.held(organisation.pk)
    held = {Role(each.role): each for each in live(person, organisation)}
    if not held:
        raise no_member(person, organisation)
    wanted = set(roles)
    if not wanted:
        raise Refused("no_role", _("Choose at least one role, or let the person go."), status=422, field="roles")
    for role in sorted(wanted - set(held)):
        join(person=person, organisation=organisation, role=role, by=by)
    for role in sorted(set(held) - wanted):
        _end(held[role], by)
    permits.forget(person)


@deed
def let_go(*, person: User, organisation: Organisation, by: User) -> None:
    """End everything that ``person`` is in the organisation: one leaves, or is let go by who may manage members.

    Again changes nothing. Locks the person and the organisation. Raises ``Refused`` as :func:`end` does.
    """
    if by.pk != person.pk:
        permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    people.hold_one(person)
    Organisation.objects.held(organisation.pk)
    for membership in live(person, organisation):
        _end(membership, by)
    permits.forget(person)


@deed
def hand_over(*, organisation: Organisation, to: User, by: User) -> None:
    """A coordinator makes somebody who belongs the coordinator and steps back to a member.

    Locks both people and the organisation. Raises ``Refused`` ``no_right`` (403), ``no_coordinator`` for who is none,
    ``oneself``, ``no_member`` or ``inactive``.
    """
    permits.demand(by, Right.MANAGE_MEMBERS, organisation)
    people.hold([by.pk, to.pk])
    Organisation.objects.held(organisation.pk)
    own = live(by, organisation).filter(role=Role.COORDINATOR).first()
    if own is None:
        raise Refused(
            "no_coordinator",
            _("You are no coordinator of %(organisation)s, so there is nothing to hand over.")
            % {"organisation": organisation.spoken_name},
        )
    if to.pk == by.pk:
        raise Refused("oneself", _("You are the coordinator already."))
    if not live(to, organisation).exists():
        raise no_member(to, organisation)
    _take_in(to, organisation, Role.COORDINATOR)
    _take_in(by, organisation, Role.MEMBER)
    _end(own, by)


def take_in_asked(person: User, organisation: Organisation, role: Role) -> Membership:
    """Who asked to join and was accepted, or was invited and came. Part of the deeds of joining and of inviting."""
    return _take_in(person, organisation, role)


def live(person: User, organisation: Organisation) -> MembershipQuerySet:
    """What the person is there now."""
    return Membership.objects.live().filter(person=person, organisation=organisation)


def no_member(person: User, organisation: Organisation) -> Refused:
    """Somebody who does not belong was to be given a role, or the organisation."""
    sentence = _("%(person)s does not belong to %(organisation)s. Invite them first.")
    return Refused("no_member", sentence % {"person": person.name, "organisation": organisation.spoken_name})


def demand_another(membership: Membership) -> None:
    """Raise ``Refused`` ``last_coordinator`` if nobody would coordinate the organisation after this membership."""
    others = membership.organisation.memberships.live().filter(role=Role.COORDINATOR).exclude(pk=membership.pk)
    if membership.role == Role.COORDINATOR and not others.exists():
        raise Refused(
            "last_coordinator",
            _("%(person)s is the last coordinator of %(organisation)s. Make somebody else coordinator first.")
            % {"person": membership.person.name, "organisation": membership.organisation.spoken_name},
        )


def open_groups(organisation: Organisation) -> None:
    """Make the role groups of a new organisation with all their rights. Part of the deed of founding."""
    _mend_all(organisation)


def name_groups(organisation: Organisation) -> None:
    """Call the role groups as their organisation is called now. Part of the deed of renaming."""
    for row in organisation.role_groups.select_related("group"):
        row.group.name = _group_name(organisation, Role(row.role))
        row.group.save(update_fields=["name"])


@dataclass(frozen=True)
class Difference:
    """One thing that is stored otherwise than the memberships say, and how to mend it."""

    sentence: str
    mend: Callable[[], object]

    def __str__(self) -> str:
        return self.sentence


def differences(organisation: Organisation) -> Iterator[Difference]:
    """What is stored otherwise than memberships, roles and registered sections say, in the order of mending."""
    for index in sections.indexes():
        if index.of(organisation) is None:
            yield Difference(
                f"{organisation}: there is no {index.page_class._meta.verbose_name} in the section",
                functools.partial(_make_index, organisation, index),
            )
    groups = {Role(row.role): row.group for row in organisation.role_groups.select_related("group")}
    for role in Role:
        if role not in groups:
            yield Difference(
                f"{organisation}: there is no group for the role {role.value}",
                functools.partial(_make_group, organisation, role),
            )
            continue
        place = f"{organisation}, {role.value}"
        yield from _differences_of_rights(place, organisation, groups[role], RIGHTS[role])
        yield from _differences_of_entry(place, groups[role], role in WRITES_PAGES)
        yield from _differences_of_pages(place, organisation, groups[role], role)
        yield from _differences_of_media(place, organisation, groups[role], role)
        yield from _differences_of_people(place, organisation, groups[role], role)


@deed
def repair(organisation: Organisation) -> list[Difference]:
    """Set right what :func:`differences` finds and return it. Locks the organisation."""
    Organisation.objects.held(organisation.pk)
    return _mend_all(organisation)


def strays() -> Iterator[Difference]:
    """What is granted past all roles: to a person, or to a group that belongs to no role."""
    for grants in (OrganisationUserObjectPermission, UserObjectPermission):
        for name in grants.objects.values_list("user__username", flat=True).distinct().order_by("user__username"):
            rows = grants.objects.filter(user__username=name)
            yield Difference(f"{name} has rights of one's own on single things", rows.delete)
    for person in User.objects.filter(user_permissions__isnull=False).distinct().order_by("pk"):
        yield Difference(f"{person.username} has rights of one's own everywhere", person.user_permissions.clear)
    generic = GroupObjectPermission.objects.all()
    if generic.exists():
        yield Difference("a group has rights on something else than an organisation", generic.delete)
    for group in Group.objects.filter(role_group__isnull=True).order_by("pk"):
        yield Difference(f"the group “{group.name}” belongs to no role", group.delete)


@deed
def repair_strays() -> list[Difference]:
    """Take away what :func:`strays` finds and return it."""
    found = list(strays())
    for difference in found:
        difference.mend()
    return found


def _mend_all(organisation: Organisation) -> list[Difference]:
    mended: list[Difference] = []
    before = _people_of(organisation)
    # Twice: a group or an index that was missing is made in the first round and gets its rights in the second.
    for _round in range(2):
        for difference in list(differences(organisation)):
            difference.mend()
            mended.append(difference)
    if mended:
        people.rights_changed(*(before | _people_of(organisation)))
    return mended


def _people_of(organisation: Organisation) -> set[int]:
    """Everybody who has or had a right there: in a role group, with a membership or without."""
    return set(
        User.objects.filter(groups__role_group__organisation=organisation).order_by().values_list("pk", flat=True)
    )


def _take_in(person: User, organisation: Organisation, role: Role) -> Membership:
    held = people.hold_one(person)
    if not held.is_active:
        raise Refused("inactive", _("The account of %(person)s is closed.") % {"person": held.name})
    membership, is_new = Membership.objects.get_or_create(
        person=held, organisation=organisation, role=role, ended_at=None
    )
    if is_new:
        held.groups.add(_group_of(organisation, role))
        people.rights_changed(held.pk)
        permits.forget(person)
    return membership


def _end(membership: Membership, by: User) -> None:
    """End a live membership. The person and the organisation are locked."""
    person, organisation = membership.person, membership.organisation
    demand_another(membership)
    # Another machine's clock may have been ahead when it began.
    membership.ended_at = max(timezone.now(), membership.began_at)
    membership.save(update_fields=["ended_at"])
    person.groups.remove(_group_of(organisation, Role(membership.role)))
    people.rights_changed(person.pk)
    permits.forget(by)
    permits.forget(person)


def _group_of(organisation: Organisation, role: Role) -> Group:
    """The group of the role. One that was lost comes back empty-handed: ``rights --repair`` gives it its rights."""
    row = RoleGroup.objects.filter(organisation=organisation, role=role).select_related("group").first()
    return (row or _make_group(organisation, role)).group


def _make_index(organisation: Organisation, index: sections.Index) -> None:
    if organisation.section is not None:
        organisation.section.add_child(instance=index.make(organisation))


def _group_name(organisation: Organisation, role: Role) -> str:
    """The number keeps it unique; the name is for whoever reads the table."""
    return f"{organisation.pk} {organisation.name} – {role.value}"[:150]


def _make_group(organisation: Organisation, role: Role) -> RoleGroup:
    group, _is_new = Group.objects.get_or_create(name=_group_name(organisation, role))
    return RoleGroup.objects.create(organisation=organisation, role=role, group=group)


def _differences_of_rights(
    place: str, organisation: Organisation, group: Group, wanted: frozenset[Right]
) -> Iterator[Difference]:
    stored = set(
        OrganisationGroupObjectPermission.objects.filter(group=group, content_object=organisation).values_list(
            "permission__codename", flat=True
        )
    )
    for right in sorted(right.value for right in wanted if right not in stored):
        yield Difference(
            f"{place}: the right {right} is missing", functools.partial(assign_perm, right, group, organisation)
        )
    for right in sorted(stored - wanted):
        yield Difference(
            f"{place}: the right {right} is granted without a reason",
            functools.partial(remove_perm, right, group, organisation),
        )
    elsewhere = OrganisationGroupObjectPermission.objects.filter(group=group).exclude(content_object=organisation)
    if elsewhere.exists():
        yield Difference(f"{place}: the group has rights in another organisation", elsewhere.delete)


def _differences_of_entry(place: str, group: Group, may_enter: bool) -> Iterator[Difference]:
    entry = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    if may_enter and not group.permissions.filter(pk=entry.pk).exists():
        yield Difference(f"{place}: may not enter the admin", functools.partial(group.permissions.add, entry))
    others = group.permissions.exclude(pk=entry.pk) if may_enter else group.permissions.all()
    for permission in others:
        yield Difference(
            f"{place}: the group carries {permission.codename}, a right everywhere",
            functools.partial(group.permissions.remove, permission),
        )


def _differences_of_pages(place: str, organisation: Organisation, group: Group, role: Role) -> Iterator[Difference]:
    stored = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", "permission__codename"))
    wanted = set()
    for index in sections.indexes():
        page = index.of(organisation)
        if page is not None:
            wanted |= {(page.pk, codename) for codename in index.rights.get(role, ())}
    yield from _compared(place, GroupPagePermission, group, Page, "page_id", wanted, stored)


def _differences_of_media(place: str, organisation: Organisation, group: Group, role: Role) -> Iterator[Difference]:
    stored = set(
        GroupCollectionPermission.objects.filter(group=group).values_list("collection_id", "permission__codename")
    )
    wanted = set()
    if organisation.collection_id is not None and role in WRITES_PAGES:
        wanted = {
            (organisation.collection_id, f"{verb}_{kind}") for verb in MEDIA_VERBS for kind in ("image", "document")
        }
    for model, kind in ((Image, "image"), (Document, "document"), (Collection, "collection")):
        yield from _compared(
            place,
            GroupCollectionPermission,
            group,
            model,
            "collection_id",
            {pair for pair in wanted if pair[1].endswith(kind)},
            {pair for pair in stored if pair[1].endswith(kind)},
        )


def _compared(
    place: str,
    grants: type[GroupPagePermission] | type[GroupCollectionPermission],
    group: Group,
    model: type[Model],
    field: str,
    wanted: set[tuple[int, str]],
    stored: set[tuple[int, str]],
) -> Iterator[Difference]:
    content_type = ContentType.objects.get_for_model(model)
    for pk, codename in sorted(wanted - stored):
        permission = Permission.objects.get(content_type=content_type, codename=codename)
        yield Difference(
            f"{place}: {codename} is missing at {field} {pk}",
            functools.partial(grants.objects.create, group=group, permission=permission, **{field: pk}),
        )
    for pk, codename in sorted(stored - wanted):
        rows = grants.objects.filter(group=group, permission__codename=codename, **{field: pk})
        yield Difference(f"{place}: {codename} is granted without a reason at {field} {pk}", rows.delete)


def _differences_of_people(place: str, organisation: Organisation, group: Group, role: Role) -> Iterator[Difference]:
    stored = set(group.user_set.values_list("pk", flat=True))
    wanted = set(organisation.memberships.live().filter(role=role).values_list("person_id", flat=True))
    for person in User.objects.filter(pk__in=wanted - stored).order_by("pk"):
        yield Difference(
            f"{place}: {person.username} is not in the group", functools.partial(group.user_set.add, person)
        )
    for person in User.objects.filter(pk__in=stored - wanted).order_by("pk"):
        yield Difference(
            f"{place}: {person.username} is in the group without a membership",
            functools.partial(group.user_set.remove, person),
        )
