"""What a poster looks like: title on green cloth, the facts on paper, the way in sewn on below.

All measures are pixels of a picture 1080 wide, which a phone shows at about a third: no text is set smaller than 44.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from django.conf import settings
from django.utils.translation import gettext as _

from communities.models import Organisation
from portal.posters import typesetting
from portal.posters.drawing import HEIGHT, WIDTH, Canvas
from updates.titles import unbroken

MARGIN = 72
MEASURE = WIDTH - 2 * MARGIN
LEADING = 1.2
EMBLEMS = (190, 110, 76)
"""How large the emblem is above a title as it should be, a long one, and one that hardly finds room."""
MUCH_TITLE, SMALL_TITLE = 400, 80
"""Pixels of type, one line below the other, above which a title is long; and the size below which it hardly finds room."""
MOST_AIR = 180
"""So much the emblem grows where there is little to say."""
KIND, STAMP = 54, 56
CARD_TOP, CARD_HEIGHT = 1420, 376
CODE = 340
ICON, BADGE = 60, 72
LEAST = 46
"""No fact is set smaller."""
ICON_STITCH = "2.4 2.6"
"""Icons are drawn through; upon cloth they are sewn like the emblems."""
GAP, EDGE = 22, 34
"""The least between two facts, and above and below all of them."""
GENEROUS_GAP, GENEROUS_EDGE = 60, 76
"""What is more than that goes to the emblem."""
FACTOR_STEPS = (1.4, 1.3, 1.22, 1.12, 1.0, 0.9)


class Demand(Enum):
    """What the title leaves room for."""

    ALL = auto()
    """Everything there is to say."""
    VITAL = auto()
    """What nobody may miss, in full."""
    LEAST = auto()
    """The same in small type, and the lines of it that cannot be spared."""


TITLE_STEPS = (
    (300, 1, Demand.ALL),
    (230, 1, Demand.ALL),
    (184, 2, Demand.ALL),
    (156, 2, Demand.ALL),
    (132, 3, Demand.ALL),
    (132, 3, Demand.VITAL),
    (120, 3, Demand.VITAL),
    (108, 4, Demand.VITAL),
    (96, 6, Demand.VITAL),
    (96, 6, Demand.LEAST),
    (78, 9, Demand.LEAST),
    (70, 9, Demand.LEAST),
)
"""In which order a title gives way: its size, the most lines of it, and what it leaves room for. At the end it is cut."""


@dataclass(frozen=True)
class Badge:
    """An organisation in one character, and its thread."""

    short: str
    thread: str


@dataclass(frozen=True)
class Fact:
    """A line or two beside an icon. Of several facts those with the lowest ``rank`` stay where room is short."""

    icon: str
    text: str
    rank: int
    size: int = 50
    most: int = 2
    least: int = 0
    """So many of its lines stay whatever happens; none: it may stay away."""
    brief: str = ""
    """What it says where a single line is left to it."""
    instead: str = ""
    """What it says where ``text`` does not go into its lines."""
    is_strong: bool = False
    is_struck: bool = False
    """It was so, and is not any more."""
    badges: tuple[Badge, ...] = ()

    @property
    def indent(self) -> float:
        """Where its words begin."""
        return len(self.badges) * (BADGE + 18) + 2 if self.badges else ICON + 32

    @property
    def said(self) -> str:
        """What it says: ``text``, unless that takes more lines than it may have."""
        return (
            self.text if not self.instead or len(self._all_lines(self.text, self.size)) <= self.most else self.instead
        )

    def set(self, factor: float) -> "SetFact":
        """Its lines in so many times its size; rather with fewer badges than in two lines."""
        size = max(LEAST, round(self.size * factor))
        ways = [replace(self, badges=self.badges[:count]) for count in range(len(self.badges), 0, -1)] or [self]
        way = next((way for way in ways if len(way._lines(size)) == 1), ways[0])
        return SetFact(way, size, way._lines(size))

    def at_least(self, factor: float) -> "SetFact":
        """The lines that stay whatever happens."""
        return replace(self, most=min(self.most, self.least)).set(factor)

    def _lines(self, size: int) -> list[str]:
        text = self.brief if self.brief and self.most == 1 else self.said
        lines: list[str] = []
        for part in text.split("\n"):
            left = self.most - len(lines)
            if left > 0:
                lines += typesetting.lines_of(part, size=size, width=MEASURE - self.indent, most=left)
        return lines

    def _all_lines(self, text: str, size: int) -> list[str]:
        width = MEASURE - self.indent
        parts = text.split("\n")
        return [
            line for part in parts for line in typesetting.lines_of(part, size=size, width=width, most=len(part) + 1)
        ]


@dataclass(frozen=True)
class SetFact:
    """A fact in its size and lines."""

    fact: Fact
    size: int
    lines: Sequence[str]

    @property
    def leading(self) -> float:
        return self.size * 1.32

    @property
    def height(self) -> float:
        return max(self.leading * len(self.lines), BADGE if self.fact.badges else ICON)


@dataclass(frozen=True)
class Sheet:
    """What stands on a poster; two with the same words are the same, so that one drawing does for both."""

    emblem: str
    kind: str
    title: str
    facts: tuple[Fact, ...]
    """Those that have nothing to say are left out."""
    call: str
    address: str
    stamp: str = ""
    """What changed everything, above the title: that it is called off."""
    hint: str = field(default_factory=lambda: _("Or press and hold the code. No app needed."))
    name: str = field(default_factory=lambda: _("Gongzhi"))
    """Of the site."""
    warning: str = field(default_factory=lambda: "" if settings.SITE_FACTS["operator"] else _("Demonstration"))
    """What nobody may overlook, beside the name, until an operator has put a name to the site."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", tuple(fact for fact in self.facts if fact.text))

    @property
    def words(self) -> str:
        """All of it in one sentence after another, for whoever hears the picture."""
        said = [self.warning, self.stamp, self.kind, self.title, *(fact.said for fact in self.facts), self.address]
        return " · ".join(" ".join(unbroken(part).split()) for part in said if part)


def badge_of(organisation: Organisation) -> Badge:
    """The badge of an organisation: its thread is named after its kind."""
    return Badge(organisation.short[:1], organisation.kind)


def draw(sheet: Sheet) -> bytes:
    """The poster as a PNG of 1080×1920."""
    return laid_out(sheet).png()


def laid_out(sheet: Sheet) -> Canvas:
    """The poster with everything in its place, still to be drawn.

    Where there is much to say these give way, one after the other: the size of the title, facts that may stay away, the
    size of the facts, lines of a fact, and at last the end of the title. When, where, who and the code are always there.
    """
    size, lines = _title(sheet)
    end = _end_of_head(size, len(lines))
    placed = _placed(sheet.facts, CARD_TOP - end)
    generous = _height(placed, gap=GENEROUS_GAP, edge=GENEROUS_EDGE)
    end += (air := max(0, min(MOST_AIR, CARD_TOP - end - generous)))
    canvas = Canvas()
    canvas.field((0, 0, WIDTH, HEIGHT), "paper")
    _head(canvas, sheet, size=size, lines=lines, air=air)
    _facts(canvas, placed, top=end, bottom=CARD_TOP)
    _card(canvas, sheet)
    return canvas


def _head(canvas: Canvas, sheet: Sheet, *, size: int, lines: Sequence[str], air: float) -> None:
    """Green cloth with the emblem and the title."""
    first = _first_line(size, len(lines)) + air
    end = _end_of_head(size, len(lines)) + air
    canvas.field((0, 0, WIDTH, end), "brand")
    large = min(end - 120, 760)
    dash = ICON_STITCH if sheet.emblem.startswith("i-") else ""
    at = (WIDTH - large * 0.8, end - large * 0.94)
    canvas.symbol(sheet.emblem, at, large, "brand-deep", dash=dash, emblem_2="brand-deep")
    canvas.seam((26, -60, WIDTH - 52, end + 34), "on-brand-seam", radius=30)
    canvas.field((MARGIN, 72, 88, 88), "surface", radius=20)
    canvas.symbol("mark", (MARGIN + 12, 84), 64, "brand")
    right = MARGIN + 112 + canvas.write((MARGIN + 112, 138), sheet.name, 60, "on-brand", weight=1)
    if sheet.warning:
        _tag(canvas, sheet.warning, right + 32, 116)
    emblem = first - 160 - 44 - 28
    at = (MARGIN - emblem * 0.1, first - 28 - emblem)
    canvas.symbol(sheet.emblem, at, emblem, "on-brand", dash=dash, emblem_2="on-brand-seam")
    left = MARGIN + emblem * 0.9 + 24
    middle = first - 28 - emblem / 2
    if sheet.stamp:
        left = _tag(canvas, sheet.stamp, left, middle, size=STAMP) + 32
    kind = typesetting.lines_of(sheet.kind, size=KIND, width=WIDTH - MARGIN - left, most=1)[0]
    if not sheet.stamp or not kind.endswith("…"):  # the emblem says it too
        canvas.write((left, middle + 20), kind, KIND, "on-brand")
    for number, line in enumerate(lines):
        # An opening sign is white on its left half: it hangs out, so that the edge is straight.
        hang = size * 0.48 if line[0] in "“‘（《「『【" else 0
        canvas.write(
            (MARGIN - hang, first + size * (LEADING * number + 0.94)), line, size, "on-brand", weight=size / 60
        )


def _title(sheet: Sheet) -> tuple[int, list[str]]:
    """The size and the lines of the title: the first step in which it is whole, breaks no word and leaves room."""
    title = sheet.title if typesetting.printable(sheet.title) else sheet.kind
    vital = [fact for fact in sheet.facts if fact.least]
    room = {
        Demand.ALL: CARD_TOP - _height([fact.set(1) for fact in sheet.facts]),
        Demand.VITAL: CARD_TOP - _height([fact.set(1) for fact in vital]),
        Demand.LEAST: CARD_TOP - _height([fact.at_least(FACTOR_STEPS[-1]) for fact in vital]),
    }
    second: tuple[int, list[str]] | None = None
    for size, most, demand in TITLE_STEPS:
        setting = typesetting.setting_of(title, size=size, width=MEASURE, most=most)
        if not setting.is_whole or _end_of_head(size, len(setting.lines)) > room[demand]:
            continue
        if setting.keeps_words:
            return size, setting.lines
        second = second or (size, setting.lines)
    if second:
        return second
    size, most, demand = TITLE_STEPS[-1]
    while most > 1 and _end_of_head(size, most) > room[demand]:
        most -= 1
    return size, typesetting.lines_of(title, size=size, width=MEASURE, most=most)


def _first_line(size: int, lines: int) -> float:
    """The top of the title: below its emblem, which is smaller where there is much to say."""
    return 160 + 44 + 28 + EMBLEMS[(size * lines > MUCH_TITLE) + (size < SMALL_TITLE)]


def _end_of_head(size: int, lines: int) -> float:
    return _first_line(size, lines) + size * LEADING * lines + 62


def _tag(canvas: Canvas, word: str, left: float, middle: float, *, size: int = 46) -> float:
    """A word on cloth of another colour; return where it ends."""
    high = size * 1.56
    wide = canvas.write((left + 26, middle + size * 0.37), word, size, "warm", weight=1)
    canvas.field((left, middle - high / 2, wide + 52, high), "warm-tint", radius=16)
    return left + wide + 52


def _placed(facts: Sequence[Fact], room: float) -> list[SetFact]:
    """As large as all of them find room; where they do not, the least ones are cut or stay away."""
    plain = [len(fact.set(1).lines) for fact in facts]
    placed: list[SetFact] = []
    for factor in FACTOR_STEPS:
        placed = [fact.set(factor) for fact in facts]
        is_too_large = factor > 1 and any(
            len(each.lines) > lines for each, lines in zip(placed, plain, strict=True) if not each.fact.is_strong
        )
        if not is_too_large and _height(placed) <= room:
            return placed
    while _height(placed) > room:
        spared = [each for each in placed if len(each.lines) > each.fact.least]
        if not spared:
            break
        last = max(spared, key=lambda each: each.fact.rank)
        at = placed.index(last)
        shorter = replace(facts[at], most=len(last.lines) - 1)
        placed[at : at + 1] = [shorter.set(FACTOR_STEPS[-1])] if shorter.most else []
        facts = [*facts[:at], *([shorter] if shorter.most else []), *facts[at + 1 :]]
    return placed


def _height(placed: Sequence[SetFact], *, gap: float = GAP, edge: float = EDGE) -> float:
    return sum(each.height for each in placed) + gap * (len(placed) - 1) + 2 * edge


def _facts(canvas: Canvas, placed: Sequence[SetFact], *, top: float, bottom: float) -> None:
    """One below the other, with what is left of the room between them."""
    spare = bottom - top - sum(each.height for each in placed)
    gap = min(max(GAP, (spare - 2 * EDGE) / (len(placed) + 0.4)), 84)
    y = top + (spare - gap * (len(placed) - 1)) / 2
    for each in placed:
        _fact(canvas, each, y)
        y += each.height + gap


def _fact(canvas: Canvas, each: SetFact, top: float) -> None:
    middle = top + max(each.leading, BADGE if each.fact.badges else 0) / 2
    for number, badge in enumerate(each.fact.badges):
        left = MARGIN + number * (BADGE + 18)
        if number:
            for dy in (-9, 9):
                canvas.field((left - 24, middle + dy - 2, 30, 4), "ink-2", radius=2)
        canvas.field((left, middle - BADGE / 2, BADGE, BADGE), f"thread-{badge.thread}", radius=14)
        canvas.write((left + BADGE / 2, middle + 16), badge.short, 44, "on-thread", anchor="ms")
    if not each.fact.badges:
        canvas.symbol(f"i-{each.fact.icon}", (MARGIN, middle - ICON / 2), ICON, "brand")
    for number, line in enumerate(each.lines):
        base = middle + each.leading * number + each.size * 0.36
        weight = 1.2 if each.fact.is_strong else 0
        begin = MARGIN + each.fact.indent
        wide = canvas.write((begin, base), line, each.size, "ink", weight=weight)
        if each.fact.is_struck:
            canvas.field((begin - 8, base - each.size * 0.4, wide + 16, 5), "ink")


def _card(canvas: Canvas, sheet: Sheet) -> None:
    canvas.field((MARGIN, CARD_TOP, MEASURE, CARD_HEIGHT), "code-ground", radius=28)
    canvas.seam((MARGIN, CARD_TOP, MEASURE, CARD_HEIGHT), "on-brand-seam", radius=28)
    side = canvas.code(sheet.address, (MARGIN + 18, CARD_TOP + 18), CODE)
    left = MARGIN + 18 + side + 22
    width = WIDTH - MARGIN - left - 30
    call = typesetting.lines_of(sheet.call, size=68, width=width, most=2)
    hint = typesetting.lines_of(sheet.hint, size=46, width=width, most=3)
    y = CARD_TOP + (CARD_HEIGHT - len(call) * 88 - len(hint) * 64 - 20) / 2
    for number, line in enumerate(call):
        canvas.write((left, y + 68 + number * 88), line, 68, "brand", weight=1.4)
    for number, line in enumerate(hint):
        canvas.write((left, y + len(call) * 88 + 20 + 46 + number * 64), line, 46, "ink")
    shown = sheet.address.partition("://")[2]
    size = next((size for size in (48, 44, 38, 32) if typesetting.font(size).getlength(shown) <= MEASURE), 28)
    canvas.write((WIDTH / 2, CARD_TOP + CARD_HEIGHT + 72), shown, size, "ink", anchor="ms")
