"""What somebody asks for: the line that was typed, and the texts that have all of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from wagtail.search.backends import get_search_backend

from portal.models import PageText
from portal.searchbackend import HAN, WORD, asked, fold

from .words import normalised

LONGEST_QUERY = 60
MOST_WORDS = 8

_RUN = re.compile(rf"(?:[{HAN}]|{WORD})+")


@dataclass(frozen=True)
class Query:
    """What somebody asks for. ``text`` is what was typed, cut to a length that makes sense."""

    text: str
    runs: Sequence[str] = ()
    """What a page must contain, somewhere."""
    signs: Sequence[str] = ()
    """Words of a single character: its title must contain them."""
    was_cut: bool = False

    @classmethod
    def read(cls, typed: str) -> "Query":
        """Of a line that somebody typed. Words are parted by blanks; punctuation parts runs and means nothing else."""
        line = " ".join(typed.split())
        words = fold(line[:LONGEST_QUERY]).split()
        runs: dict[str, None] = {}
        signs: dict[str, None] = {}
        for word in words[:MOST_WORDS]:
            found = _RUN.findall(word)
            (signs if len("".join(found)) == 1 else runs).update(dict.fromkeys(found))
        return cls(
            text=line[:LONGEST_QUERY].strip(),
            runs=tuple(runs),
            signs=tuple(signs),
            was_cut=len(line) > LONGEST_QUERY or len(words) > MOST_WORDS,
        )

    def __bool__(self) -> bool:
        return bool(self.runs or self.signs)

    def texts(self) -> QuerySet[PageText]:
        """The pages that contain all of it, whoever may see them."""
        texts = PageText.objects.all()
        if tokens := asked(" ".join(self.runs)):
            texts = get_search_backend().search(tokens, PageText, order_by_relevance=False).get_queryset()
        for run in self.runs:
            texts = texts.filter(text__contains=normalised(run))
        for sign in self.signs:
            texts = texts.filter(title__contains=normalised(sign))
        return texts

    def in_title(self) -> Q:
        """All of it stands in the title."""
        everything = Q()
        for each in (*self.runs, *self.signs):
            everything &= Q(title__contains=normalised(each))
        return everything
