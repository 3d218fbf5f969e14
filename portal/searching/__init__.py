"""Searching the pages: what each of them says is kept here, and found here.

The index of pairs (``portal/searchbackend.py``) names candidates. A page is found if every run of the query – Han
characters, letters and digits that stand together – is in its words as they are kept in ``PageText``; counting and paging
come after that. Both databases give the same pages in the same order: those with all of it in their title, then the others,
the newest first.
"""

from .finding import A_PAGE, Filters, Found, Result, find, matching, visible
from .keeping import catch_up, drop, keep, keep_all
from .query import LONGEST_QUERY, Query
from .words import KINDS

__all__ = [
    "A_PAGE",
    "KINDS",
    "LONGEST_QUERY",
    "Filters",
    "Found",
    "Query",
    "Result",
    "catch_up",
    "drop",
    "find",
    "keep",
    "keep_all",
    "matching",
    "visible",
]
