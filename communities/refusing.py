"""How Wagtail's admin says no to an editor: as Wagtail does it, by a message and the way back."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import page_permission_policy


def refuse(request: HttpRequest, page: Page, sentence: str | Promise) -> HttpResponse:
    """Show ``sentence`` on the list that ``page`` stands in, or on the admin's first page if that is not the person's.

    A script gets ``PermissionDenied``, as from Wagtail.
    """
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise PermissionDenied(str(sentence))
    messages.error(request, str(sentence))
    parent = page.get_parent()
    if parent is not None and page_permission_policy.explorable_instances(request.user).filter(pk=parent.pk).exists():
        return redirect("wagtailadmin_explore", parent.pk)
    return redirect("wagtailadmin_home")


def still_shown(thing: Model) -> str:
    """Why a picture or a document stays."""
    return _("“%(thing)s” is used on a page. Take it out there first; then it can be deleted.") % {"thing": thing}
