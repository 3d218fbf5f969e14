"""What the pages of organisations show besides their own words."""

from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from communities import belongings, directory, following, permits, reviews
from communities.models import JoinRequest, Organisation, OrganisationPage, User
from communities.panels import organisation_panels
from communities.reviews import Review
from communities.roles import Right
from communities.words import LocalText, local_text

register = template.Library()

LONGEST_SEARCH = 60


@register.filter
def local_name(organisation: Organisation) -> LocalText:
    """The name in the reader's language; in Chinese, and marked so, where nobody has translated it."""
    return local_text(organisation.name, organisation.name_en)


@register.simple_tag
def name_of(organisation: Organisation) -> SafeString:
    """The same in a ``<span>`` that says in which language it is."""
    name = local_name(organisation)
    return format_html('<span lang="{}">{}</span>', name.lang, name.text)


@register.filter
def local_intro(page: OrganisationPage) -> LocalText:
    """Who they are, likewise."""
    return local_text(page.intro, page.intro_en)


@register.simple_tag(takes_context=True)
def panels(context: Context, organisation: Organisation) -> list[SafeString]:
    """What upper rooms have to say about the organisation."""
    return organisation_panels.of(context["request"], organisation)


class Standing(NamedTuple):
    """What somebody who is signed in has to do with an organisation."""

    belongs: bool
    sees_names: bool
    manages: bool
    describes: bool
    follows: bool
    asked: JoinRequest | None


@register.simple_tag(takes_context=True)
def standing(context: Context, organisation: Organisation) -> Standing | None:
    """What the reader has to do with the organisation; None for a visitor."""
    person = context["request"].user
    if not isinstance(person, User):
        return None
    belongs = belongings.member(person, organisation) is not None
    return Standing(
        belongs=belongs,
        sees_names=permits.may(person, Right.BELONG, organisation),
        manages=permits.may(person, Right.MANAGE_MEMBERS, organisation),
        describes=permits.may(person, Right.DESCRIBE, organisation),
        follows=following.followed(person, [organisation.pk]).exists(),
        asked=None if belongs else belongings.requests_of(person).filter(organisation=organisation).first(),
    )


@register.simple_tag
def people_of(organisation: Organisation) -> dict[str, Any]:
    """Its people as the public may count them (``headcounts``), those who speak for it, and how many follow it."""
    return {
        "headcounts": belongings.headcounts(organisation),
        "spokespeople": belongings.spokespeople(organisation),
        "followers": organisation.followings.count(),
    }


@register.simple_tag(takes_context=True)
def organisation_list(context: Context) -> dict[str, Any]:
    """A page of the directory (``listed``), and its kinds to choose from (``chips``, empty where there is one only).

    ``asked`` is the name that was looked for; ``own`` and ``followed`` are the ids on this page that the reader belongs to,
    or follows.
    """
    request: HttpRequest = context["request"]
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    kinds = directory.kinds()
    address = request.path
    chips = [{"label": _("All"), "url": _address(address, q=asked), "on": kind not in kinds}] + [
        {
            "label": capfirst(Organisation.Kind(each).label),
            "url": _address(address, kind="" if each == kind else each, q=asked),
            "on": each == kind,
        }
        for each in kinds
    ]
    listed = directory.listed(kind, request.GET.get("page"), asked)
    shown = [organisation.pk for organisation in listed]
    return {
        "listed": listed,
        "chips": chips if len(kinds) > 1 else [],
        "asked": asked,
        "kind": kind if kind in kinds else "",
        "all_url": address,
        "own": _own(request.user, shown),
        "followed": set(following.followed(request.user, shown).values_list("pk", flat=True)),
    }


def _own(person: permits.Person, among: list[int]) -> set[int]:
    if not isinstance(person, User):
        return set()
    live = person.memberships.live().filter(organisation__in=among)
    return set(live.order_by().values_list("organisation_id", flat=True))


def _address(path: str, **query: str) -> str:
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path


class Stand(NamedTuple):
    """How it stands with something handed in: a word and the tone of its mark."""

    word: str
    tone: str


@register.simple_tag
def review_state(review: Review) -> Stand:
    """How it stands with what was handed in."""
    if review.stands == reviews.APPROVED and review.goes_live is not None:
        return Stand(_("goes live later"), "ok")
    return {
        reviews.WAITING: Stand(_("waits for approval"), "want"),
        reviews.RETURNED: Stand(_("returned for changes"), "bad"),
        reviews.APPROVED: Stand(_("approved"), "ok"),
        reviews.ENDED: Stand(_("review ended"), ""),
    }[review.stands]


@register.simple_tag(takes_context=True)
def reviews_waiting(context: Context) -> int | None:
    """How many pages wait for this person's approval; None for people who approve nothing."""
    person = context["request"].user
    if not isinstance(person, User) or not permits.may_anywhere(person, Right.APPROVE_PAGES):
        return None
    return reviews.count_to_approve(person)


@register.simple_tag(takes_context=True)
def edit_address(context: Context, page: Page) -> str:
    """Where this person may edit the page; empty for everybody else, and for a preview of a page never saved."""
    person = context["request"].user
    if page.pk is None or not person.is_authenticated or not page.permissions_for_user(person).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
