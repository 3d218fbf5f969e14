"""A page as somebody reads it: its words, links, buttons and forms, without its markup."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse

Answer = HttpResponse | Any
"""What a test client returns."""


def page(answer: Answer) -> BeautifulSoup:
    """The page, parsed, without what is ``hidden``: that waits for a live update, or for a browser to clone it.

    Scripts and the parts for other sizes of screen are left in: they are sent, too.
    """
    read = sent(answer)
    for part in read.select("[hidden], template"):
        part.decompose()
    return read


def sent(answer: Answer) -> BeautifulSoup:
    """The page, parsed, as it was sent."""
    return BeautifulSoup(answer.content.decode(), "html.parser")


def words(part: Tag | None) -> str:
    """What stands in a part of the page, blanks put together; empty for a part that is not there."""
    return re.sub(r"\s+", " ", part.get_text()).strip() if part else ""


def main(answer: Answer) -> str:
    """The words of the page itself, without head and foot."""
    return words(page(answer).main)


def titles(answer: Answer) -> list[str]:
    """The titles of the cards on the page, from the top."""
    return [words(title) for title in page(answer).select(".card-title > a")]


def errors(answer: Answer, field: str) -> str:
    """What stands beside the field in red."""
    return words(page(answer).find(id=f"id_{field}_error"))


def main_button(answer: Answer) -> tuple[str, str]:
    """The one main deed of a page: what it says in the bar of a phone, and where it leads (nowhere: empty)."""
    button = page(answer).select_one(".bar.deed .btn")
    assert button is not None
    return words(button), str(button.get("href", ""))
