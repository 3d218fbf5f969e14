"""Full-text search that finds a Chinese word in the middle of a sentence, and finds the same on SQLite and PostgreSQL.

Neither database knows where a Chinese word ends: a whole run of Han characters is one word to them. So each run is cut
into its overlapping pairs (社区联合 → 社区 区联 联合), when a text is indexed and when one is asked for. What reaches the
database is plain letters and digits, the pairs written as numbers of their characters: so its own idea of letters, which
is another one in each database and in each of its locales, decides nothing.

Pairs find candidates: a text with 清洁 and 洁面 has both pairs of 清洁面 without it. ``portal/searching/`` looks at the
text itself afterwards; in Wagtail's admin the candidates are good enough.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText, SearchQuery

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters with 々 and 〇, for the inside of a character class."""
WORD = rf"[^\W_{HAN}]+"
"""Letters and digits of every other script, as long as they stand together."""

LONGEST_TEXT = 30_000
"""Characters of a text that are indexed: PostgreSQL takes a megabyte of words and refuses the text that has more."""
LONGEST_WORD = 64
"""Characters of a word that count; PostgreSQL passes over words of 2 kB."""

FOLDERS = {"sqlite": "sqlite.sqlite", "postgresql": "postgres.postgres"}

_PIECE = re.compile(rf"(?P<han>[{HAN}]+)|{WORD}")


def fold(text: str) -> str:
    """One form for what looks and means the same: NFKC (full-width ＡＢＣ, ㈱, ⼤), and without capitals."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def cut(text: str) -> str:
    """The text as it is indexed: its pairs and words, and each run's last character, with blanks between.

    With the last ones every character begins a word of the index, so that one can be asked for by its beginning. What
    has been cut already stays as it is.
    """
    return " ".join(_indexed(fold(text[:LONGEST_TEXT])))


def asked(text: str) -> str:
    """The pairs and words that every text has in which ``text`` stands; empty where there are none, as for 网."""
    return " ".join(token for piece in _PIECE.finditer(fold(text)) for token in _tokens(piece))


def _indexed(folded: str) -> Iterator[str]:
    for piece in _PIECE.finditer(folded):
        yield from _tokens(piece)
        if piece["han"]:
            yield _number(piece["han"][-1])


def _tokens(piece: re.Match[str]) -> Iterator[str]:
    if not piece["han"]:
        word = piece[0][:LONGEST_WORD]
        yield word if word.isascii() else _number(word)
        return
    for one, next_one in zip(piece["han"], piece["han"][1:], strict=False):
        yield _number(one + next_one)


def _number(characters: str) -> str:
    # Of Han characters the shorter numbers (3400 …) begin none of the longer ones (20000 …).
    return "h" + "".join(f"{ord(character):x}" for character in characters)


def cut_query(query: SearchQuery | str) -> SearchQuery | str:
    """A query as the index knows the words in it. A phrase asks for all its pairs: that is as near as an index comes."""
    match query:
        case str():
            return asked(query) or cut(query)
        case Phrase():
            return PlainText(asked(query.query_string) or cut(query.query_string))
        case PlainText():
            return PlainText(
                asked(query.query_string) or cut(query.query_string), operator=query.operator, boost=query.boost
            )
        case And() | Or():
            return type(query)([cut_query(each) for each in query.subqueries])
        case Not():
            return Not(cut_query(query.subquery))
        case Boost():
            return Boost(cut_query(query.subquery), query.boost)
    return query


class CutQueries(BaseSearchBackend):
    """What both backends do to a query before they compile it."""

    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **options: Any) -> Any:
        found = cut_query(query)
        if isinstance(found, PlainText) and not found.query_string:
            found = ""  # nothing but punctuation: nothing is found
        return super()._search(
            query_compiler_class, found, model_or_queryset, **{**options, "operator": options.get("operator") or "and"}
        )


def SearchBackend(parameters: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 – the name Wagtail looks for
    """The backend for the database of this site. Raises ``ImproperlyConfigured`` for one that is neither of the two."""
    return _backend_class(connection.vendor)({"SEARCH_CONFIG": "simple", **parameters})


@functools.cache
def _backend_class(vendor: str) -> Any:
    # Each of these modules can be imported only beside its own database.
    if vendor not in FOLDERS:
        raise ImproperlyConfigured(f"There is no search for {vendor}; use SQLite or PostgreSQL.")
    return _cutting(import_module(f"modelsearch.backends.database.{FOLDERS[vendor]}"))


def _cutting(module: ModuleType) -> Any:
    """The backend of this module, with queries and texts cut."""
    backend: Any = module.SearchBackend

    class CuttingIndexer(module.ObjectIndexer):  # type: ignore[name-defined]
        def prepare_value(self, value: Any) -> str:
            return cut(super().prepare_value(value))

    # The module looks its indexer up by name; there is no attribute to put another one in.
    module.ObjectIndexer = CuttingIndexer  # type: ignore[attr-defined]

    class CutIndex(backend.index_class):
        def _refresh_title_norms(self, full: bool = False) -> None:
            # Only when all is rebuilt: it reads the lengths of all titles and writes to other pages' rows, and whoever
            # publishes would wait for everybody else who does. It is a nuance in the order of the admin's results.
            if full:
                super()._refresh_title_norms(full=True)

    class CuttingBackend(CutQueries, backend):
        index_class = CutIndex

    return CuttingBackend
