"""What is new, for programs that read feeds: Atom, with addresses that hold outside this site."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from communities import ground
from communities.models import Organisation
from communities.templatetags.organisations import local_name
from communities.words import reads_english
from events.models import Action, ActionPage, attach_pages
from events.states import place_of
from kit.times import lasting_words
from kit.web import found_or_404, public
from portal import searching
from portal.models import NoticePage
from portal.short_links import organisations
from updates.atom import LATEST, AtomFeed, Entry, clean


class NoticesFeed(AtomFeed):
    def title(self) -> str:
        return _("Gongzhi: notices")

    def link(self) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("notices_feed")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpRequest:
        return request

    def items(self, request: HttpRequest) -> list[Entry]:
        return _notices(request, None)


class ActionsFeed(AtomFeed):
    def title(self) -> str:
        return _("Gongzhi: joint actions")

    def link(self) -> str:
        return settings.SITE_URL + reverse("events:actions")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("actions_feed")

    def items(self) -> list[Entry]:
        return _actions(None)


@dataclass(frozen=True)
class Asked:
    """Of which organisation, and for whom its addresses are made."""

    request: HttpRequest
    organisation: Organisation
    section: Page


class OrganisationFeed(AtomFeed):
    """Notices and actions of one organisation; not there (404) while its page is not public."""

    def get_object(self, request: HttpRequest, pk: int) -> Asked:
        found = found_or_404(organisations(), pk)
        return Asked(request, found, cast(Page, found.section))

    def title(self, asked: Asked) -> str:
        return clean(local_name(asked.organisation).text)

    def link(self, asked: Asked) -> str:
        return settings.SITE_URL + (asked.section.get_url(asked.request) or "/")

    def feed_url(self, asked: Asked) -> str:
        return settings.SITE_URL + reverse("organisation_feed", args=[asked.organisation.pk])

    def items(self, asked: Asked) -> list[Entry]:
        both = [*_notices(asked.request, asked.section), *_actions(asked.organisation)]
        return sorted(both, key=lambda entry: entry.published, reverse=True)[:LATEST]


def _notices(request: HttpRequest, section: Page | None) -> list[Entry]:
    pages = NoticePage.objects.filter(pk__in=searching.visible("notice").values("pk"))
    if section is not None:
        pages = pages.descendant_of(section)
    latest = list(pages.order_by("-first_published_at", "-pk")[:LATEST])
    owners = ground.owners(latest)
    return [
        _entry(
            page,
            owners.get(page.pk),
            settings.SITE_URL + (page.get_url(request) or "/"),
            page.first_published_at,
            key=settings.SITE_URL + reverse("notice", args=[page.pk]),
        )
        for page in latest
    ]


def _actions(host: Organisation | None) -> list[Entry]:
    actions = Action.objects.public().select_related("host")
    if host is not None:
        actions = actions.filter(host=host)
    latest = attach_pages(actions.order_by("-announced_at", "-pk")[:LATEST])
    return [
        _entry(
            action.page,
            action.host,
            settings.SITE_URL + action.get_absolute_url(),
            action.announced_at,
            key=settings.SITE_URL + action.get_absolute_url(),
            title=_("Called off: %(title)s") if action.state == Action.State.CALLED_OFF else "%(title)s",
            text=_facts(action),
            changed=action.ended_at,
        )
        for action in latest
    ]


def _facts(action: Action) -> str:
    """When and where, in words that are still right tomorrow; and why not, if it was called off."""
    begins = lasting_words(action.starts_at, now=timezone.now()) if action.starts_at else ""
    return " · ".join(filter(None, (begins, place_of(action), action.reason)))


def _entry(
    page: NoticePage | ActionPage,
    organisation: Organisation | None,
    address: str,
    published: datetime | None,
    *,
    key: str,
    title: str = "%(title)s",
    text: str = "",
    changed: datetime | None = None,
) -> Entry:
    published = published or page.first_published_at or page.latest_revision_created_at or timezone.now()
    return Entry(
        title=clean(title % {"title": _local(page, "title")}),
        text=clean(" · ".join(filter(None, (_local(page, "summary"), text)))),
        address=address,
        key=key,
        author=clean(local_name(organisation).text) if organisation else "",
        published=published,
        updated=max(filter(None, (published, page.last_published_at, changed))),
    )


def _local(page: NoticePage | ActionPage, field: str) -> str:
    english = getattr(page, f"{field}_en")
    return str(english if english and reads_english() else getattr(page, field))


notices = public(require_safe(NoticesFeed()))
actions = public(require_safe(ActionsFeed()))
organisation = public(require_safe(OrganisationFeed()))
