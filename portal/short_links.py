"""Short addresses, for codes and for paper: they lead to what everybody may see, and say nothing of anything else."""

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities import short_codes
from communities.models import Organisation
from communities.short_codes import Thing
from events.models import Action
from grid.models import Area, Road
from portal import errors, searching
from portal.models import NoticePage


def _action(request: HttpRequest, pk: int) -> str | None:
    found = Action.objects.public().filter(pk=pk).first()
    return found.get_absolute_url() if found else None


def _notice(request: HttpRequest, pk: int) -> str | None:
    found = NoticePage.objects.shown().filter(pk=pk).first()
    return found.get_url(request) if found else None


def organisations() -> QuerySet[Organisation]:
    """The organisations whose page everybody may see."""
    public = searching.visible("organisation").values("pk")
    return Organisation.objects.filter(section__in=public).select_related("section")


def _organisation(request: HttpRequest, pk: int) -> str | None:
    found = organisations().filter(pk=pk).first()
    return found.section.get_url(request) if found and found.section else None


def _road(request: HttpRequest, pk: int) -> str | None:
    found = Road.objects.on(timezone.localdate()).filter(pk=pk).first()
    return reverse("grid:road", args=[found.code]) if found else None


def _area(request: HttpRequest, pk: int) -> str | None:
    found = Area.objects.on(timezone.localdate()).filter(pk=pk).first()
    return reverse("grid:area", args=[found.code]) if found else None


LEADS_TO: Mapping[Thing, Callable[[HttpRequest, int], str | None]] = {
    Thing.ACTION: _action,
    Thing.NOTICE: _notice,
    Thing.ORGANISATION: _organisation,
    Thing.ROAD: _road,
    Thing.CELL: _area,
}
"""Where a code leads; None where nobody may be led. It asks for the public, whoever is signed in."""


@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """To the page behind a code. What is wrong, unknown or not public gets one and the same answer."""
    read = short_codes.read(code)
    address = LEADS_TO[read[0]](request, read[1]) if read else None
    if address is None:
        return errors.answer(
            request,
            404,
            title=_("This short address leads nowhere"),
            sentence=_(
                "Please check the letters: one may be wrong or missing. Or what it led to is not public any more."
            ),
        )
    return HttpResponseRedirect(address)
