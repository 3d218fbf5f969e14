"""Words in the reader's language, and words as an address."""

from typing import NamedTuple

from django.utils.text import slugify
from django.utils.translation import get_language
from pypinyin import lazy_pinyin


class LocalText(NamedTuple):
    """Words and the language they are written in, for the ``lang`` attribute."""

    text: str
    lang: str


def reads_english() -> bool:
    """Does whoever is reading want English?"""
    return (get_language() or "").startswith("en")


def local_text(chinese: str, english: str) -> LocalText:
    """The words in the reader's language; in Chinese, and marked so, where nobody has translated them."""
    return LocalText(english, "en") if english and reads_english() else LocalText(chinese, "zh-Hans")


def as_address(words: str, *, most: int, otherwise: str) -> str:
    """The words in plain letters, cut between syllables: never a percent-encoded address.

    ``otherwise`` stands where there is nothing that could be written so.
    """
    slug = slugify("-".join(lazy_pinyin(words)))
    if len(slug) > most:
        slug = slug[: most + 1].rpartition("-")[0]
    return slug or otherwise
