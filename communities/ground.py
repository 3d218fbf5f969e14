"""On whose ground a page stands: the tree of pages read as the land of organisations."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from wagtail.models import Page

from . import permits, sections
from .models import Organisation, OrganisationIndexPage, OrganisationQuerySet, User
from .permits import Person
from .roles import Right


def owner(page: Page) -> Organisation | None:
    """In whose section does this page lie (or whose section is it)? None for pages that belong to the whole site."""
    step = Page.steplen
    above = [page.path[:end] for end in range(step, len(page.path) + 1, step)]
    return Organisation.objects.filter(section__path__in=above).first()


def owners(pages: Iterable[Page]) -> dict[int, Organisation]:
    """In whose sections these pages lie, by the id of the page, in one query; pages of nobody are left out."""
    step = Page.steplen
    pages = list(pages)
    above = {page.path[:end] for page in pages for end in range(step, len(page.path) + 1, step)}
    sections_of = {
        organisation.section.path: organisation
        for organisation in Organisation.objects.filter(section__path__in=above).select_related("section")
        if organisation.section is not None
    }
    return {
        page.pk: organisation
        for page in pages
        for path, organisation in sections_of.items()
        if page.path.startswith(path)
    }


def may_approve(person: Person, page: Page) -> bool:
    """May this person approve what is handed in for the page? The operator alone, where the page is nobody's."""
    organisation = owner(page)
    if organisation is None:
        return permits.is_operator(person)
    return permits.may(person, Right.APPROVE_PAGES, organisation)


def to_approve(person: Person) -> Q:
    """Pages that this person may approve, as a condition on pages."""
    if permits.is_operator(person):
        return Q(pk__isnull=False)
    return _below(permits.organisations_where(person, Right.APPROVE_PAGES))


def approvers(page: Page) -> QuerySet[User]:
    """Who is asked to approve what is handed in for the page: the operators, where it is nobody's."""
    organisation = owner(page)
    if organisation is None:
        return permits.operators()
    return permits.people_who_may(Right.APPROVE_PAGES, organisation)


def is_load_bearing(page: Page) -> bool:
    """Does an organisation stand on this page? The directory, a section, a section's index, and whatever is above them."""
    if page.get_descendants(inclusive=True).type(OrganisationIndexPage).exists():
        return True
    if Organisation.objects.filter(section__path__startswith=page.path).exists():
        return True
    return _is_index(page)


def leaves_its_organisation(page: Page, destination: Page) -> bool:
    """Would moving the page to ``destination`` take it from one organisation to another, or to or from nobody?"""
    return owner(page) != owner(destination)


def own(person: Person) -> Q:
    """Pages in the sections of the organisations that this person belongs to, as a condition on pages."""
    if permits.is_operator(person):
        return Q(pk__isnull=False)  # an empty condition would vanish from ORs and turn round in excludes
    return _below(permits.organisations_where(person, Right.BELONG))


def _below(organisations: OrganisationQuerySet) -> Q:
    condition = Q(pk__in=[])
    for path in organisations.exclude(section=None).values_list("section__path", flat=True):
        condition |= Q(path__startswith=path)
    return condition


def _is_index(page: Page) -> bool:
    classes = tuple(index.page_class for index in sections.indexes())
    if not issubclass(page.specific_class or Page, classes):
        return False
    parent = page.get_parent()
    return parent is not None and Organisation.objects.filter(section_id=parent.pk).exists()
