"""The demo town's notices and the pages of the site.

What they are about – roads, campaigns, works – is the source article's; the words are our own, and everything that a
reader could act upon is invented. Told again it changes nothing.
"""

from .telling import tell

__all__ = ["tell"]
