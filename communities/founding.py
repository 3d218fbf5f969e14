"""Organisations come into being and are verified."""

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection

from kit.deeds import attempt, deed
from kit.refusals import Refused, as_written
from updates.publish import audience_changed

from . import membership, numbers, people, permits, sections
from .models import (
    ORGANISATION_NAME_EN_LENGTH,
    ORGANISATION_NAME_LENGTH,
    Organisation,
    OrganisationIndexPage,
    OrganisationPage,
    User,
)
from .words import as_address


@deed
def found(
    *,
    name: str,
    kind: Organisation.Kind,
    coordinator: User,
    by: User,
    short: str = "",
    name_en: str = "",
    phone: str = "",
) -> Organisation:
    """Found an organisation with its section, its collection, its role groups and its first coordinator.

    It is not verified yet: until then it may draft and not announce. ``short`` is the one character of its badge (the
    first of the name by default). Locks the coordinator, then the directory. Raises ``Refused``: ``operator_only`` (403),
    ``name_missing``, ``…_too_long`` and ``phone_unreadable`` (422), ``name_taken``, or ``inactive``.
    """
    permits.demand_operator(by)
    name = as_written(name, most=ORGANISATION_NAME_LENGTH, field="name", missing=_("An organisation needs a name."))
    name_en = as_written(name_en, most=ORGANISATION_NAME_EN_LENGTH, field="name_en")
    phone = numbers.as_callable(phone, field="phone")
    people.hold_one(coordinator)
    directory = _held_directory()
    slug = _free_slug(name)
    try:
        with attempt():
            organisation = Organisation.objects.create(
                name=name,
                name_en=name_en,
                short=(short.strip() or name)[0],
                kind=kind,
                phone=phone,
                slug=slug,
            )
    except IntegrityError as error:
        # The unique name decides, also against one that is being renamed at the same moment.
        raise Refused("name_taken", _("There is an organisation with this name already."), field="name") from error
    section = directory.add_child(instance=OrganisationPage(title=name, slug=organisation.slug))
    organisation.section = section
    organisation.collection = Collection.get_first_root_node().add_child(name=name)
    organisation.save(update_fields=["section", "collection"])
    for index in sections.indexes():
        section.add_child(instance=index.make(organisation))
    # Published as every other page is, so that whoever listens to that hears of it.
    section.save_revision(user=by).publish(user=by)
    membership.open_groups(organisation)
    membership.take_in_founder(coordinator, organisation)
    return organisation


@deed
def verify(*, organisation: Organisation, by: User) -> Organisation:
    """Confirm that the organisation is what it says; from now on it may announce. Again changes nothing.

    Locks the organisation. Raises ``Refused`` ``operator_only`` (403).
    """
    permits.demand_operator(by)
    held = Organisation.objects.held(organisation.pk)
    if not held.is_verified:
        held.verified_at, held.verified_by = timezone.now(), by
        held.save(update_fields=["verified_at", "verified_by"])
    return held


@deed
def hide(*, section: OrganisationPage) -> None:
    """The page of an organisation was taken offline: whoever follows the organisation is let go.

    Wagtail did it and asked whether the person may.
    """
    organisation = Organisation.objects.filter(section=section).first()
    if organisation is not None:
        audience_changed([f"organisation:{organisation.pk}"])


def _held_directory() -> OrganisationIndexPage:
    """The directory, locked: whoever founds next looks for a free address after this one is taken."""
    directory: OrganisationIndexPage = OrganisationIndexPage.objects.select_for_update(no_key=True).get()
    return directory


def _free_slug(name: str) -> str:
    """An address in plain letters: the pinyin of the name, with a number where it is taken."""
    stem = as_address(name, most=50, otherwise="organisation")
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
