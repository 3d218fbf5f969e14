"""Places as stitches: one person, one stitch."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext

from events.states import Saying, Seats

register = template.Library()

ROW = 20
"""Stitches in a row."""
MOST_STITCHES = 60
"""Above this many people one stitch stands for several."""
PITCH = 16
ROW_HEIGHT = 10


# One person, one stitch. They differ in shape as well as in colour; x and y are the left end and the middle of the place.
STITCHES = {
    "sewn": "M{x} {y}h9",
    "coming": "M{x} {y}h3M{dot} {y}h.01",
    "away": "M{x} {top}h8a2 2 0 0 1 0 4h-8a2 2 0 0 1 0-4z",
    "open": "M{in1} {y}h.01M{in2} {y}h.01",
    "silent": "M{in1} {high}l5.6 5.6M{in2} {high}l-5.6 5.6",
}


class Run(NamedTuple):
    """Neighbouring stitches of one kind, as one path."""

    kind: str
    path: str


def _shares(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """``counts`` brought down to one row. Whoever is there keeps a stitch, and open places are never rounded away."""
    shares = {kind: max(1, round(ROW * count / total)) if count else 0 for kind, count in counts.items()}
    while (excess := sum(shares.values()) - ROW) != 0:
        largest = max(shares, key=lambda kind: shares[kind])
        shares[largest] -= 1 if excess > 0 else -1
    return shares


def _runs(counts: Mapping[str, int]) -> list[Run]:
    runs, place = [], 0
    for kind, count in counts.items():
        path = []
        for position in range(place, place + count):
            row, column = divmod(position, ROW)
            x, y = column * PITCH + 3, row * ROW_HEIGHT + ROW_HEIGHT // 2
            path.append(
                STITCHES[kind].format(
                    x=x,
                    y=y,
                    dot=x + 9,
                    in1=x + 2,
                    in2=f"{x + 7.6:g}",
                    top=y - 2,
                    high=f"{y - 2.8:g}",
                )
            )
        if path:
            runs.append(Run(kind, "".join(path)))
        place += count
    return runs


@register.inclusion_tag("ui/_stitches.html")
def stitches(
    taken: int, capacity: int, coming: int = 0, away: int = 0, silent: int = 0, size: str = "", live: bool = False
) -> dict[str, Any]:
    """One person, one stitch, twenty a row; what is left of ``capacity`` are open needle holes.

    ``taken`` are sewn; of the others ``coming`` are on their way, ``away`` have excused themselves, ``silent`` do not
    answer. Above sixty the row shows the proportion and says how many people a stitch stands for; ``live`` keeps room
    for that sentence, because a browser draws the row anew (updates/static/updates/stitches.js). The picture is hidden
    from screen readers: the numbers always stand beside it in words.
    """
    counts = {"sewn": max(0, taken), "coming": coming, "away": away, "silent": silent}
    counts["open"] = max(0, capacity - sum(counts.values()))
    total = sum(counts.values())
    each = 0
    if total > MOST_STITCHES:
        each = round(total / ROW)
        counts = _shares(counts, total)
    shown = sum(counts.values())
    rows = max(1, -(-shown // ROW))
    return {
        "runs": _runs(counts),
        "width": min(max(shown, 1), ROW) * PITCH,
        "height": rows * ROW_HEIGHT,
        "rows": rows,
        "each": each,
        "size": size,
        "live": live,
    }


@register.inclusion_tag("ui/_pin.html")
def pin(kind: str) -> dict[str, Any]:
    """A single stitch for a legend: sewn, coming, away, silent or open."""
    return {"run": _runs({kind: 1})[0]}


@register.inclusion_tag("ui/_seats.html")
def seats(
    taken: int,
    capacity: int,
    waiting: int = 0,
    least: int = 0,
    word: str = "",
    tone: str = "",
    note: str = "",
    has_line: bool = True,
    live: bool = False,
    sayings: Sequence[Saying] = (),
) -> dict[str, Any]:
    """The state of the places in a word, then the count, then the stitches.

    The word is computed (*3 more wanted*, *Full, 2 waiting*) unless ``word`` and ``tone`` say another state (closed,
    called off). ``note`` replaces the count; without ``has_line`` no word of a waiting list is said. ``live`` marks what ``<live-places>`` changes
    inside a ``data-places``; with ``sayings`` the word is one of several, of which one is shown.
    """
    if not word and not sayings:
        word, tone = Seats.of_shift(taken, capacity, waiting).state(has_line=has_line)
        if taken < least:
            note = note or gettext("%(taken)s signed up; it takes at least %(least)s") % {
                "taken": taken,
                "least": least,
            }
    return {
        "taken": taken,
        "capacity": capacity,
        "word": word,
        "tone": tone,
        "note": note,
        "live": live,
        "sayings": sayings,
    }
