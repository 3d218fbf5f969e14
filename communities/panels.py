"""Places on a page where rooms above put something of their own."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .models import Organisation

T = TypeVar("T")

Panel = Callable[[HttpRequest, T], SafeString]


class Panels(Generic[T]):
    """What upper rooms show on the page of a thing, in the order of registration, the ``last`` ones behind the others.

    A panel is a function of the request and the thing that returns HTML, or an empty string where it has nothing to say.
    """

    def __init__(self) -> None:
        self._registered: dict[str, tuple[bool, Panel[T]]] = {}

    def register(self, panel: Panel[T], *, last: bool = False) -> None:
        """Show ``panel`` from now on; called in ``apps.ready()``. The same panel again takes its own place.

        The apps of upper rooms are ready before those of lower ones: ``last`` stands behind what the room of the page says.
        """
        self._registered[f"{panel.__module__}.{panel.__qualname__}"] = (last, panel)

    def of(self, request: HttpRequest, thing: T) -> list[SafeString]:
        """What the panels have to say about ``thing`` to whoever is asking."""
        ordered = sorted(self._registered.values(), key=lambda registered: registered[0])
        return [said for _last, panel in ordered if (said := panel(request, thing))]


organisation_panels: Panels[Organisation] = Panels()
"""On the page of an organisation."""
