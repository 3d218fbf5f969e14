"""How a notice of the demo town is written down: its fields, its days, and the blocks of its body in short."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

Block = tuple[str, Any]

SNOW_ACTION = "振祁路夜间除雪防冻"
"""The title of the action of tonight, as ``events/demo/stories.py`` tells it."""


@dataclass(frozen=True)
class Paper:
    """One notice as it is told: whose it is, how many days ago it was made known, and its fields."""

    host: str
    age: int
    fields: dict[str, Any]
    files: tuple[tuple[str, str, bytes], ...] = ()
    """Name for readers, name of the file, and what is in it."""
    picture: tuple[str, str, int] | None = None
    """What it shows, the line below, and before which block it stands."""
    action: str = ""
    """Title of the joint action it belongs to."""
    replaced_by: str = ""
    at: time = field(default=time(9, 30))


@dataclass(frozen=True)
class Days:
    """The days of which a notice speaks, counted from the one on which it is told."""

    today: date

    def on(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def said(self, days: int) -> str:
        day = self.on(days)
        return f"{day.month}月{day.day}日"


def paragraphs(*paragraphs: str) -> Block:
    return "paragraph", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def heading(words: str) -> Block:
    return "heading", words


def points(*points: str) -> Block:
    return "paragraph", "<ul>" + "".join(f"<li>{point}</li>" for point in points) + "</ul>"


def steps(*steps: str) -> Block:
    return "paragraph", "<ol>" + "".join(f"<li>{step}</li>" for step in steps) + "</ol>"


def facts(**facts: str) -> Block:
    return "facts", [{"name": name, "value": value} for name, value in facts.items()]


def callout(title: str, *paragraphs: str) -> Block:
    return "callout", {"title": title, "text": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)}
