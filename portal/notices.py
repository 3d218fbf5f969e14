"""Notices are written in the section of the organisation that makes them known, and told to everybody once.

Wagtail publishes and takes offline, and asks who may; :mod:`portal.publishing` then calls :func:`tell` and :func:`withdraw`.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils import timezone

from communities import permits
from communities.models import Organisation, OrganisationQuerySet, User
from communities.roles import Right, Role
from kit.deeds import deed
from portal.models import NoticeIndexPage, NoticePage
from updates import book
from updates.publish import publish
from updates.publish import withdraw as take_back

NOTICE = "notice"
"""News: a feed tells it, in the words of ``portal/updates/_notice.html``."""

NEWS = timedelta(days=1)
"""What was made known earlier than that and is only entered now is no news."""

INDEX_RIGHTS: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        Role.EDITOR: frozenset({"add_page", "change_page"}),
        Role.COORDINATOR: frozenset({"add_page", "change_page", "publish_page"}),
    }
)
"""Editors draft and hand in; coordinators approve and publish."""


def make_index(organisation: Organisation) -> NoticeIndexPage:
    """The index that every organisation's section gets for its notices (unsaved)."""
    return NoticeIndexPage(title=f"{organisation.name} · 公告", slug="notices", show_in_menus=False)


@deed
def issue(*, organisation: Organisation, notice: NoticePage, by: User, on: datetime | None = None) -> NoticePage:
    """Make a whole notice known at once, as Wagtail's editor does it in several steps; it goes live and is told.

    ``notice`` is unsaved. ``on`` is when it was made known elsewhere, for those that are entered later. Raises ``Refused``
    ``no_right`` (403).
    """
    permits.demand(by, Right.APPROVE_PAGES, organisation)
    notice.live, notice.owner, notice.first_published_at = False, by, on
    NoticeIndexPage.objects.child_of(organisation.section).get().add_child(instance=notice)
    notice.save_revision(user=by).publish(user=by)
    if on is not None:
        NoticePage.objects.filter(pk=notice.pk).update(last_published_at=on, latest_revision_created_at=on)
    return NoticePage.objects.get(pk=notice.pk)


@deed
def tell(*, notice: NoticePage) -> None:
    """A notice went live: say it once in the organisation and in the town. Published again with changes it is not repeated;
    after it was offline it is.

    Locks the organisation, so that two who publish the same notice tell it once.
    """
    organisation = _hold(Organisation.objects.all()).get(section__path=notice.section_path)
    if not NoticePage.objects.shown().filter(pk=notice.pk).exists():
        return
    key, stands = _last_saying(notice)
    if stands or (stands is None and _is_old(notice)):
        return
    publish(_topics(organisation), NOTICE, _about(notice), actor=organisation.as_actor, key=key)


@deed
def withdraw(*, notice: NoticePage) -> None:
    """A notice is no longer live – taken offline, run out, deleted: what was told of it is taken back. Again changes nothing.

    Locks the organisation.
    """
    # Deleted with its whole section, it has no organisation left to speak.
    organisation = _hold(Organisation.objects.filter(section__path=notice.section_path)).first()
    key, stands = _last_saying(notice)
    if stands:
        take_back(key, actor=organisation.as_actor if organisation else None)


def _hold(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    # Without `of` PostgreSQL would lock the section as well, which is a page and no place in the house's order.
    return organisations.select_for_update(no_key=True, of=("self",))


def _last_saying(notice: NoticePage) -> tuple[uuid.UUID, bool | None]:
    """The key under which the notice is told or to be told next, and whether it stands: None if it was never told.

    Each telling has a key of its own, made from the notice and a number, so that a reader who saw it withdrawn sees it
    come again.
    """
    earlier = False
    for number in count():
        key = uuid.uuid5(notice.translation_key, f"{NOTICE} {number}")
        stands = book.stands(key)
        if stands:
            return key, True
        if stands is None:
            return key, False if earlier else None
        earlier = True
    raise AssertionError("unreachable")


def _is_old(notice: NoticePage) -> bool:
    return notice.first_published_at is not None and timezone.now() - notice.first_published_at > NEWS


def _topics(organisation: Organisation) -> tuple[str, str]:
    return f"organisation:{organisation.pk}", "town"


def _about(notice: NoticePage) -> dict[str, Any]:
    return {
        "notice": {
            "id": notice.pk,
            "kind": notice.kind,
            "title": notice.title,
            "title_en": notice.title_en,
            "summary": notice.summary,
            "summary_en": notice.summary_en,
            # Not its place among the pages: that may be renamed, and this is said once.
            "url": reverse("notice", args=[notice.pk]),
        }
    }
