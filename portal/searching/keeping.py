"""Keeps what the live pages say, and the index of it: one transaction with the other."""

from django.core.management import call_command
from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from communities import ground
from communities.models import OrganisationPage
from events.models import Action, ActionPage
from kit.deeds import deed
from portal.models import PageText
from portal.searchbackend import LONGEST_TEXT

from .words import KINDS, normalised, words_of


@deed
def keep(*, page: Page) -> None:
    """Keep what this page says now, and its entry in the index with it; a page that is not live is dropped.

    If it is the page of an organisation and says something new, the words of its pages are kept anew as well: they are
    found by its name. Wagtail published it and asked whether the person may.
    """
    if not page.live:
        drop(page=page)
        return
    before = PageText.objects.filter(page_id=page.pk).first()
    after = _keep(page)
    if isinstance(page, OrganisationPage) and before is not None and before.text != after.text:
        for page_class, pk in _live_pages(Page.objects.descendant_of(page)):
            _keep_anew(page_class=page_class, pk=pk)


@deed
def drop(*, page: Page) -> None:
    """Forget what this page says, and its entry in the index with it: it is not live any more."""
    PageText.objects.filter(page_id=page.pk).delete()


def catch_up() -> None:
    """Keep the words of live pages that were never kept, as after an upgrade, and forget those of others.

    On a site where nothing was ever kept, Wagtail's own index is made anew too.
    """
    if not PageText.objects.exists():
        keep_all()
        return
    PageText.objects.filter(page__live=False).delete()
    for page_class, pk in _live_pages(Page.objects.filter(page_text__isnull=True)):
        _keep_anew(page_class=page_class, pk=pk)


def keep_all() -> int:
    """Keep the words of all live pages anew and make the whole index anew, Wagtail's own included. Return how many."""
    PageText.objects.filter(page__live=False).delete()
    live = _live_pages(Page.objects.all())
    for page_class, pk in live:
        _keep_anew(page_class=page_class, pk=pk)
    call_command("wagtail_update_index", verbosity=0)
    return len(live)


def _live_pages(pages: QuerySet[Page]) -> list[tuple[type[Page], int]]:
    return [
        (page_class, pk)
        for page_class in KINDS.values()
        for pk in page_class.objects.filter(pk__in=pages.filter(live=True).values("pk")).values_list("pk", flat=True)
    ]


@deed
def _keep_anew(*, page_class: type[Page], pk: int) -> None:
    """Locks the page: what is published meanwhile must not be overwritten by what was read before."""
    page = page_class.objects.select_for_update().filter(pk=pk, live=True).first()
    if page is not None:
        _keep(page)


def _keep(page: Page) -> PageText:
    action = Action.objects.filter(key=page.translation_key).first() if isinstance(page, ActionPage) else None
    words = words_of(page, organisation=ground.owner(page), action=action)
    title = "\n".join(normalised(passage.text) for passage in words.title)
    text = "\n".join([title, *(normalised(passage.text) for passage in words.rest)])[:LONGEST_TEXT]
    kept, _made = PageText.objects.update_or_create(page_id=page.pk, defaults={"title": title, "text": text})
    get_search_backend().add(kept)
    return kept
