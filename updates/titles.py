"""Titles: an author may mark with ``|`` where a long one breaks; nobody else sees the mark."""

_MARKS = str.maketrans("", "", "|｜")


def unbroken(title: str) -> str:
    """The title as one line, for whatever is no heading: messages, calendars, feeds, links elsewhere."""
    return title.translate(_MARKS)
