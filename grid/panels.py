"""Places on the pages of roads and areas where this room and those above put something of their own.

Cases, subscriptions and the actions on a road are registered here in ``apps.ready()``; a panel is a function of the request
and the thing that returns HTML, or an empty string where it has nothing to say.
"""

from communities.panels import Panels

from .models import Area, Road

road_panels: Panels[Road] = Panels()
"""On the page of a road."""

area_panels: Panels[Area] = Panels()
"""On the page of an area of any level."""
