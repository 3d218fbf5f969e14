"""What a page says: the words by which it is found, and the form in which they are compared."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from communities.models import Organisation, OrganisationPage
from events.models import Action, ActionPage
from portal.models import NoticePage, StandardPage
from portal.searchbackend import WORD, fold
from updates.titles import unbroken

KINDS: Mapping[str, type[Page]] = MappingProxyType(
    {"notice": NoticePage, "action": ActionPage, "organisation": OrganisationPage, "page": StandardPage}
)
"""The kinds of things that are found, under their names in addresses."""

CHINESE, ENGLISH = "zh-Hans", "en"

_WORD = re.compile(WORD)


class Passage(NamedTuple):
    """A stretch of a page's words, without tags, and the language of the field in which it stands."""

    text: str
    lang: str


@dataclass(frozen=True)
class Words:
    """Everything that a page is found by: its title, first in Chinese, and the rest of it in the order of reading."""

    title: Sequence[Passage]
    rest: Sequence[Passage]


def words_of(page: Page, *, organisation: Organisation | None, action: Action | None) -> Words:
    """The words of a page of one of the ``KINDS``; ``organisation`` is whose it is, ``action`` the one it belongs to."""
    whose = [(organisation.name, CHINESE), (organisation.name_en, ENGLISH)] if organisation else []
    match page:
        case NoticePage():
            chinese = [page.summary, page.meaning, *_blocks(page, "body"), page.document_number, page.issuer]
            english = [page.summary_en, page.meaning_en, *_blocks(page, "body_en")]
        case ActionPage():
            chinese = [page.summary, get_text_for_indexing(page.body), action.place if action else ""]
            english = [page.summary_en, get_text_for_indexing(page.body_en)]
        case OrganisationPage():
            chinese, english = [page.intro], [page.intro_en]
        case StandardPage():
            chinese = [page.summary, *_blocks(page, "body")]
            english = [page.summary_en, *_blocks(page, "body_en")]
        case _:
            raise TypeError(f"{type(page).__name__} is not searched.")
    if isinstance(page, OrganisationPage):
        title = [(page.title, CHINESE), *((name, lang) for name, lang in whose if name != page.title)]
        whose = []
    else:
        title = [(page.title, CHINESE), (getattr(page, "title_en", ""), ENGLISH)]
    # The sign at which a title may break is none of its letters.
    title = [(unbroken(text), lang) for text, lang in title]
    rest = [*((text, CHINESE) for text in chinese), *((text, ENGLISH) for text in english), *whose]
    return Words(_passages(title), _passages(rest))


def _passages(written: Iterable[tuple[str, str]]) -> list[Passage]:
    return [Passage(text.strip(), lang) for text, lang in written if text.strip()]


def _blocks(page: Page, field: str) -> list[str]:
    """The texts of a body, block by block, without tags."""
    stream = page._meta.get_field(field)
    return list(stream.get_searchable_content(getattr(page, field)))


def normalised(text: str) -> str:
    """The text as it is compared: folded, and with one blank on each side of a word of letters or digits.

    So 第12号 and 第 12 号 are the same, and 2号 is not found in 12号. Lines stay apart.
    """
    return re.sub(r"[^\S\n]+", " ", _WORD.sub(r" \g<0> ", fold(text)))
