"""Posters: pictures that travel in chat groups. ``sheet`` is what one looks like, ``action``, ``notice`` and ``organisation`` what it says."""
