"""What Wagtail may not do to the page of an action, and where such a page is found.

An action lives longer than any page: people have signed up, the address was shared. So its page cannot be deleted (a
draft's can, and the draft goes with it), copied, or seen at the address of the tree. Unpublishing stays allowed: it hides
the action and closes its sign-up. Moving is refused by :mod:`communities.wagtail_hooks`, for all pages of a section.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page, PageQuerySet

from communities import ground
from communities.models import User
from communities.refusing import refuse
from kit.refusals import Refused

from . import permits, removing
from .models import Action, ActionIndexPage, ActionPage


@hooks.register("before_serve_page")
def at_its_own_address(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse | None:
    """The tree's address of an action leads to the action's; where there is nothing to see, nothing is there."""
    if isinstance(page, ActionIndexPage):
        return HttpResponseRedirect(reverse("events:actions"))
    if not isinstance(page, ActionPage):
        return None
    action = Action.objects.filter(key=page.translation_key).select_related("host").first()
    if action is None or not permits.may_see(request.user, action):
        raise Http404
    return HttpResponsePermanentRedirect(action.get_absolute_url())


@hooks.register("before_delete_page")
def keep_pages_of_actions(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refuse_to_delete(request, [page])


@hooks.register("after_delete_page")
def draft_goes_with_its_page(request: HttpRequest, page: Page) -> None:
    _remove_drafts(request, [page])


@hooks.register("before_copy_page")
def no_copies_of_actions(request: HttpRequest, page: Page) -> HttpResponse | None:
    if page.get_descendants(inclusive=True).type(ActionPage).exists():
        sentence = _(
            "The page of an action cannot be copied: nobody would run the copy. Make a new action at the desk."
        )
        return refuse(request, page, sentence)
    return None


@hooks.register("before_bulk_action")
def keep_them_in_bulk_too(
    request: HttpRequest, action_type: str, objects: Iterable[Any], bulk_action: Any
) -> HttpResponse | None:
    if action_type != "delete":
        return None
    return _refuse_to_delete(request, _pages(objects))


@hooks.register("after_bulk_action")
def drafts_go_with_their_pages(
    request: HttpRequest, action_type: str, objects: Iterable[Any], bulk_action: Any
) -> None:
    if action_type == "delete":
        _remove_drafts(request, _pages(objects))


@hooks.register("construct_page_chooser_queryset")
def no_drafts_of_others(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """A live page of a draft action is a draft to everybody else."""
    drafts = ActionPage.objects.filter(
        translation_key__in=Action.objects.filter(state=Action.State.DRAFT).values("key")
    )
    hidden = Page.objects.filter(pk__in=drafts.values("pk")).exclude(ground.own(request.user))
    asked_for = request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None
    if asked_for is not None and hidden.filter(pk=asked_for).exists():
        raise Http404
    return pages.exclude(pk__in=hidden.values("pk"))


def _pages(objects: Iterable[Any]) -> list[Page]:
    return [thing for thing in objects if isinstance(thing, Page)]


def _actions_below(pages: Iterable[Page]) -> list[Action]:
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    keys = ActionPage.objects.filter(below).values("translation_key")
    return list(Action.objects.filter(key__in=keys).order_by("pk"))


def _refuse_to_delete(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    # Wagtail calls this inside the transaction that deletes, so what is locked here is still a draft then.
    try:
        for action in _actions_below(pages):
            removing.demand_removable(action=action, by=_person(request))
    except Refused as refusal:
        return refuse(request, pages[0], refusal.sentence)
    return None


def _remove_drafts(request: HttpRequest, pages: Iterable[Page]) -> None:
    keys = [page.translation_key for page in pages]
    for action in Action.objects.filter(key__in=keys):
        removing.remove(action=action, by=_person(request))


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)  # Wagtail has let nobody else in
