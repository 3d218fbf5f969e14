"""Where rooms above tell a person what they know of him or her."""

from communities.models import User
from communities.panels import Panels

record_panels: Panels[User] = Panels()
"""On the person's own page: what was done so far."""
