"""Finds: which pages have what was asked for and may be seen by everybody, in their order, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from wagtail.models import Page

from communities import ground
from communities.models import Organisation
from events.models import Action
from portal.models import NoticePage, PageText

from .marking import Marked, marked_title, snippet
from .query import Query
from .words import KINDS, words_of

A_PAGE = 20


@dataclass(frozen=True)
class Filters:
    """Of what is found, which is shown."""

    kind: str = ""
    organisation: Organisation | None = None
    year: int | None = None

    @property
    def are_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Found:
    """A page of what was found, and the years to choose from."""

    page: ListPage[PageText]
    results: Sequence["Result"]
    years: Sequence[int]


@dataclass(frozen=True)
class Result:
    """A page that was found: its words are those of the page, with the hits in pieces of their own."""

    page: Page
    kind: str
    organisation: Organisation | None
    action: Action | None
    title: Marked
    snippet: Marked


def find(query: Query, filters: Filters, number: str | int | None) -> Found:
    """A page of what :func:`matching` finds; an unreadable ``number`` means the nearest page.

    The number of queries does not depend on how many are found.
    """
    of_all_years = matching(query, replace(filters, year=None)).order_by()
    dated = of_all_years.filter(page__first_published_at__isnull=False)
    years = [moment.year for moment in dated.datetimes("page__first_published_at", "year", order="DESC")]
    listed = Paginator(matching(query, filters), A_PAGE).get_page(number)
    return Found(listed, _results(query, [text.pk for text in listed]), years)


def matching(query: Query, filters: Filters) -> QuerySet[PageText]:
    """The pages that contain ``query`` and that everybody may see, in their order; none for an empty query."""
    if not query or filters.kind not in ("", *KINDS):  # what is asked for may be no page
        return PageText.objects.none()
    texts = query.texts().filter(_everybody_sees(filters.kind))
    if filters.organisation is not None and filters.organisation.section is not None:
        texts = texts.filter(page__path__startswith=filters.organisation.section.path)
    if filters.year is not None:
        texts = texts.filter(page__first_published_at__year=filters.year)
    nearness = Case(When(query.in_title(), then=Value(0)), default=Value(1))
    newest = F("page__first_published_at").desc(nulls_last=True)
    return texts.order_by(nearness, newest, "-pk").only("pk")


def visible(kind: str = "") -> QuerySet[PageText]:
    """The pages, of this kind or of all, that everybody may see and that can be found."""
    return PageText.objects.filter(_everybody_sees(kind))


def _everybody_sees(kind: str) -> Q:
    """Live pages that are not behind a word of entrance; of an action, an organisation or a notice what is public."""
    sees = Q(pk__in=[])
    for name in [kind] if kind else KINDS:
        match name:
            case "action":
                sees |= Q(Exists(Action.objects.public().filter(key=OuterRef("page__translation_key"))))
            case "organisation":
                sees |= Q(Exists(Organisation.objects.filter(section=OuterRef("page"))))
            case "notice":
                sees |= Q(page__in=NoticePage.objects.shown())
            case _:
                sees |= Q(page__content_type=ContentType.objects.get_for_model(KINDS[name]))
    return sees & Q(page__in=Page.objects.live().public())


def _results(query: Query, pks: Sequence[int]) -> list[Result]:
    found = {page.pk: page for page in Page.objects.filter(pk__in=pks).specific()}
    pages = [found[pk] for pk in pks if pk in found]
    actions = {
        action.key: action
        for action in Action.objects.filter(key__in=[page.translation_key for page in pages]).select_related("host")
    }
    owners = ground.owners(pages)
    return [_result(query, page, owners.get(page.pk), actions.get(page.translation_key)) for page in pages]


def _result(query: Query, page: Page, organisation: Organisation | None, action: Action | None) -> Result:
    words = words_of(page, organisation=organisation, action=action)
    return Result(
        page=page,
        kind=next(name for name, page_class in KINDS.items() if isinstance(page, page_class)),
        organisation=organisation,
        action=action,
        title=marked_title(query, words.title),
        snippet=snippet(query, words.rest),
    )
