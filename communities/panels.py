"""Places on a page where rooms above put something of their own."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import Organisation

T = TypeVar("T")

Panel = Callable[[HttpRequest, T], SafeString]


class Panels(Generic[T]):
    """What upper rooms show on the page of a thing, in the order of registration.

    A panel is a function of the request and the thing that returns HTML, or an empty string where it has nothing to say.
    """

    def __init__(self) -> None:
        self._registered: dict[str, Panel[T]] = {}

    def register(self, panel: Panel[T]) -> None:
        """Show ``panel`` from now on; called in ``apps.ready()``. The same panel again takes its own place."""
        self._registered[f"{panel.__module__}.{panel.__qualname__}"] = panel

    def of(self, request: HttpRequest, thing: T) -> list[SafeString]:
        """What the panels have to say about ``thing`` to whoever is asking."""
        return [said for panel in self._registered.values() if (said := panel(request, thing))]


organisation_panels: Panels[Organisation] = Panels()
"""On the page of an organisation."""
