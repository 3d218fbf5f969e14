"""The components of the site: every tag renders one partial of ``templates/ui/``; ``/ui/`` shows them all in debug mode.

A builtin library: templates use it without ``{% load %}``.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from kit import times

register = template.Library()

SPRITE = "img/emblems.svg"

EMBLEMS = {
    # kind of action: (symbol, tint)
    "snow": ("e-snow", "cool"),
    "flood": ("e-flood", "cool"),
    "sky": ("e-sky", "cool"),
    "cleanup": ("e-clean", ""),
    "parking": ("e-parking", ""),
    "forum": ("e-forum", ""),
    "care": ("e-warm", "warm"),
    "project": ("e-project", ""),
    "other": ("e-other", ""),
}

THREADS = {
    # kind of organisation: class of its badge
    "community": "community",
    "department": "department",
    "school": "school",
    "enterprise": "enterprise",
    "merchants": "merchant",
    "group": "group",
    "other": "other",
}

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


# --- marks -----------------------------------------------------------------------------------------------------------


def _use(symbol: str) -> str:
    return f"{static(SPRITE)}#{symbol}"


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A UI icon of the sprite; ``size="s"`` for the small one. Always decoration: the word stands beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}"/></svg>', f" {size}" if size else "", _use(f"i-{name}")
    )


@register.simple_tag
def symbol(name: str, css: str = "") -> SafeString:
    """Any other symbol of the sprite: ``mark``, ``unfinished``."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, _use(name))


@register.inclusion_tag("ui/_emblem.html")
def emblem(kind: str, size: str = "", off: bool = False) -> dict[str, Any]:
    """The emblem of a kind of action; ``size="big"``, ``off`` when it is over. Unknown kinds get the one of "other"."""
    name, tint = EMBLEMS.get(str(kind), EMBLEMS["other"])
    return {"use": _use(name), "tint": "off" if off else tint, "size": size}


@register.inclusion_tag("ui/_thread.html")
def thread(css: str = "") -> dict[str, str]:
    """A running stitch across the width."""
    return {"css": css}


# --- places ----------------------------------------------------------------------------------------------------------


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
    taken: int, capacity: int, coming: int = 0, away: int = 0, silent: int = 0, size: str = ""
) -> dict[str, Any]:
    """One person, one stitch, twenty a row; what is left of ``capacity`` are open needle holes.

    ``taken`` are sewn; of the others ``coming`` are on their way, ``away`` have excused themselves, ``silent`` do not
    answer. Above sixty the row shows the proportion and says how many people a stitch stands for. The picture is
    hidden from screen readers: the numbers always stand beside it in words.
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
    bare: bool = False,
) -> dict[str, Any]:
    """The state of the places in a word, then the count, then the stitches.

    The word is computed (*3 more wanted*, *Full, 2 waiting*) unless ``word`` and ``tone`` say another state (closed,
    called off). ``note`` replaces the count; ``bare`` leaves the stitches out.
    """
    if not word:
        word, tone = _places_word(taken, capacity, waiting)
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
        "bare": bare or capacity < 1,
    }


def _places_word(taken: int, capacity: int, waiting: int) -> tuple[str, str]:
    free = capacity - taken
    if free > 0:
        return ngettext("%(count)s more wanted", "%(count)s more wanted", free) % {"count": free}, "want"
    if waiting > 0:
        return ngettext("Full, %(count)s waiting", "Full, %(count)s waiting", waiting) % {"count": waiting}, ""
    return gettext("Full; you can join the waiting list"), ""


# --- words -----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/_state.html")
def state(word: str, tone: str = "") -> dict[str, str]:
    """A state: a word and a mark of its own shape. ``tone``: want, ok, bad or nothing."""
    return {"word": word, "tone": tone}


@register.inclusion_tag("ui/_tag.html")
def tag(word: str, tone: str = "") -> dict[str, str]:
    """A small label: ``tone`` warm, fill or nothing."""
    return {"word": word, "tone": tone}


@register.simple_tag(name="day_words")
def day_words_tag(start: datetime | None, end: datetime | None = None, inline: bool = False) -> SafeString:
    """When, as people say it, in a ``<time>``. ``inline`` keeps the small letter inside a sentence."""
    if start is None:
        return mark_safe("")
    words = times.day_words(start, end, now=timezone.now())
    return format_html(
        '<time datetime="{}">{}</time>',
        timezone.localtime(start).isoformat(timespec="minutes"),
        words if inline else capfirst(words),
    )


@register.filter(name="day_words")
def day_words_filter(start: datetime | None) -> str:
    """When, in words only: for sentences, titles and attributes."""
    return times.day_words(start, now=timezone.now()) if start else ""


# After these a title may break; "|" is a break that an author asks for and nobody sees.
_BREAKS = re.compile(r"[|｜]|(?<=[，：；。？！])(?!$)|(?<=[,:;] )(?!$)")


@register.filter
def phrases(title: str) -> SafeString:
    """A title that breaks between phrases only: at ``|`` and after punctuation. Without either it stays as it is."""
    parts = [part for part in _BREAKS.split(str(title)) if part.strip()]
    if len(parts) < 2:
        return conditional_escape("".join(parts))
    # A span that may not break swallows the space at its end, so English spaces stand between the spans.
    return format_html_join(
        "", '<span class="ph">{}</span>{}', ((part.rstrip(), " " if part != part.rstrip() else "") for part in parts)
    )


@register.filter
def plain(title: str) -> str:
    """A title without its invisible breaks, for ``<title>``, attributes and messages."""
    return re.sub(r"[|｜]", "", str(title))


@register.filter
def mask_phone(number: str | None) -> str:
    """Enough of a number to recognise it, not to dial it: 138****1234."""
    digits = re.sub(r"\D", "", str(number or ""))
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if not digits:
        return ""
    if len(digits) < 9:
        return "****" + digits[-2:] if len(digits) > 4 else "****"
    return f"{digits[:3]}****{digits[-4:]}"


# --- people and parties ----------------------------------------------------------------------------------------------


def _told(organisation: Any) -> dict[str, str]:
    """An organisation's badge and its name in the active language; a Chinese name among English words is marked."""
    english = (get_language() or "").startswith("en")
    translated = getattr(organisation, "name_en", "") if english else ""
    return {
        "thread": THREADS.get(str(organisation.kind), "other"),
        "short": str(organisation.short)[:1],
        "name": translated or organisation.name,
        "lang": "zh-Hans" if english and not translated else "",
    }


@register.inclusion_tag("ui/_party.html")
def party(organisation: Any, size: str = "", wait: bool = False, named: bool = False) -> dict[str, Any]:
    """The badge of an organisation (``short``, ``name``, ``kind``). ``wait``: promised, not here yet (dashed).

    The name is read out by screen readers; ``named`` shows it beside the badge.
    """
    return {"party": _told(organisation), "size": size, "wait": wait, "named": named}


@register.inclusion_tag("ui/_parties.html")
def parties(organisations: Iterable[Any], size: str = "s", most: int = 6, counted: bool = False) -> dict[str, Any]:
    """Organisations sewn to each other, the host first; one alone stands with its name.

    Beyond ``most`` they are a number; ``counted`` says at the end of the row how many are in it together.
    """
    told = [_told(organisation) for organisation in organisations]
    return {
        "parties": told[:most],
        "more": 0 if counted else max(0, len(told) - most),
        "size": size,
        "alone": len(told) == 1,
        "together": len(told) if counted and len(told) > 1 else 0,
    }


# --- blocks of a page ------------------------------------------------------------------------------------------------


def _render(partial: str, values: dict[str, Any]) -> SafeString:
    return mark_safe(get_template(partial).render(values))  # noqa: S308 – a template's own output


@register.simple_block_tag
def patch(content: str, tone: str = "", title: str = "") -> SafeString:
    """A sewn-on piece of cloth. ``tone``: sewn (one a view), tint, warm; several separated by a space."""
    return _render("ui/_patch.html", {"content": content, "tone": tone, "title": title})


@register.inclusion_tag("ui/_seam_head.html")
def seam_head(title: str, url: str = "", more: str = "", name: str = "") -> dict[str, str]:
    """The heading of a section, running out into a thread and perhaps a link; ``name`` is the heading's id."""
    return {"title": title, "url": url, "more": more, "name": name}


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of facts; its rows are ``{% fact %}``."""
    return _render("ui/_facts.html", {"content": content})


@register.simple_block_tag
def fact(content: str, picture: str, term: str, note: str = "") -> SafeString:
    """One row of facts: icon, term, and what it is; ``note`` is the small line below."""
    return _render("ui/_fact.html", {"content": content, "icon": picture, "term": term, "note": note})


@register.inclusion_tag("ui/_action_card.html")
def action_card(card: Any, level: int = 3) -> dict[str, Any]:
    """An action in a list (an ``<li>``): see ``ui/_action_card.html`` for what a card carries."""
    return {"card": card, "level": level}


@register.inclusion_tag("ui/_message.html")
def message(text: str, tone: str = "", live: bool = False) -> dict[str, Any]:
    """A message in the page that stays. ``tone``: ok, want, bad or nothing; ``live`` is read out when it appears."""
    return {"text": text, "tone": tone, "live": live, "icon": _message_icon(tone)}


@register.filter
def message_tone(tags: str) -> str:
    """The tone of a Django message's tags."""
    for name, tone in (("error", "bad"), ("warning", "want"), ("success", "ok")):
        if name in tags:
            return tone
    return ""


def _message_icon(tone: str) -> str:
    return {"bad": "warn", "want": "warn", "ok": "check"}.get(tone, "info")


@register.inclusion_tag("ui/_empty.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Nothing here yet: what that means and, if there is one, the way on."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("ui/_figures.html")
def figures(items: Iterable[Any]) -> dict[str, Any]:
    """Numbers that open their lists: each ``value``, ``label``, perhaps ``unit``, ``url``, ``tone`` (want, bad)."""
    items = list(items)
    return {"items": items, "four": len(items) > 2}


@register.inclusion_tag("ui/_switch.html", takes_context=True)
def look_switch(context: Context, name: str) -> dict[str, Any]:
    """All values of one choice of the look (theme, mode or language) as buttons; the one in force is pressed."""
    labels = {
        "theme": (
            gettext("Colours"),
            [("auto", gettext("Automatic")), ("light", gettext("Light")), ("dark", gettext("Dark"))],
        ),
        "mode": (
            gettext("Size of print"),
            [("standard", gettext("Standard print")), ("elder", gettext("Large print"))],
        ),
        "language": (gettext("Language"), [("zh-hans", "中文"), ("en", "English")]),
    }
    label, choices = labels[name]
    request = context.get("request")
    return {
        "name": name,
        "label": label,
        "choices": choices,
        "chosen": getattr(context.get("look"), name, ""),
        "next": request.get_full_path() if request else "/",
    }


# --- finding one's way -----------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def here(context: Context, address: str) -> SafeString:
    """`` aria-current="page"`` on a link of the navigation when the page lies below ``address``."""
    request = context.get("request")
    path = getattr(request, "path", "")
    found = path == address if address == "/" else path.startswith(address)
    return mark_safe(' aria-current="page"') if found else mark_safe("")


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    """The way to this page; its steps are ``{% crumb %}``."""
    return _render("ui/_crumbs.html", {"content": content})


@register.inclusion_tag("ui/_crumb.html")
def crumb(label: str, url: str = "") -> dict[str, str]:
    """A step of the way; the last one, this page, has no address."""
    return {"label": label, "url": url}


@register.inclusion_tag("ui/_chips.html")
def chips(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Filters: each ``label``, ``url``, ``on``, perhaps ``icon``. A chosen one carries a tick, and its link undoes it."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Views of one thing: each ``label``, ``url``, ``current``, perhaps ``count``. They wrap, they are never cut."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: Context, page: Page, name: str = "page") -> dict[str, Any]:
    """Earlier and later pages of a list, by link; other parameters of the address stay."""
    return {"page": page, "name": name, "request": context.get("request")}


@register.simple_block_tag
def bar_deed(content: str) -> SafeString:
    """The bottom bar of a page with one main deed."""
    return _render("ui/_bar_deed.html", {"content": content})


@register.simple_block_tag
def sheet(content: str, title: str, back: str) -> SafeString:
    """A form page that may also open as a sheet over the page before it; ``back`` is that page's address."""
    return _render("ui/_sheet.html", {"content": content, "title": title, "back": back})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context, content: str, action: str, ask: str, button: str, question: str = "", tone: str = "danger"
) -> SafeString:
    """A deed that wants a second thought: ``ask`` opens the question, ``button`` posts to ``action``.

    What stands between the tags (a reason to fill in, what will happen) belongs to the form.
    """
    return _render(
        "ui/_confirm.html",
        {
            "content": content,
            "action": action,
            "ask": ask,
            "button": button,
            "question": question,
            "tone": tone,
            "csrf_token": context.get("csrf_token"),
        },
    )


# --- forms -----------------------------------------------------------------------------------------------------------


# Django's own words for the commonest slips are a form's, not a person's; our catalogue comes before Django's.
gettext_noop("This field is required.")
gettext_noop("Select a valid choice. That choice is not one of the available choices.")
gettext_noop("Enter a valid date.")
gettext_noop("Enter a valid time.")
gettext_noop("Enter a whole number.")


def _described_by(field: BoundField, hint: str, left: bool) -> str:
    parts = [f"{field.auto_id}_error"] if field.errors else []
    if hint:
        parts.append(f"{field.auto_id}_helptext")
    if left:
        parts.append(f"{field.auto_id}_left")
    return " ".join(parts)


@register.inclusion_tag("ui/_field.html")
def field(field: BoundField, label: str = "", hint: str = "", optional: bool | None = None) -> dict[str, Any]:
    """A form field with label, hint, error and what is left to write, all tied to the input.

    A check box stands before its label; radio buttons and several check boxes become a group of cards. ``optional``
    says so beside the label (by default for what is not required, in forms with both kinds).
    """
    widget = field.field.widget
    several = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    hint = hint or str(field.help_text)
    left = getattr(field.field, "max_length", None) if not several and widget.attrs.get("data-count") != "off" else None
    attrs: dict[str, Any] = {}
    if described := _described_by(field, hint, bool(left)):
        attrs["aria-describedby"] = described
    if left:
        attrs["data-count"] = f"{field.auto_id}_left"
    if isinstance(widget, Textarea) and widget.attrs.get("rows") in (None, "10"):
        attrs["rows"] = "4"  # Django's own ten fill a phone
    if not isinstance(widget, CheckboxInput) and not several:
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if optional is None:
        others = {other.required for other in field.form.fields.values()}
        optional = not field.field.required and len(others) > 1 and not isinstance(widget, CheckboxInput)
    return {
        "field": field,
        "label": label or field.label,
        "hint": hint,
        "left": left,
        "quiet": not isinstance(widget, Textarea),  # one line: said only when it is nearly full
        "optional": optional,
        "shape": "group" if several else "check" if isinstance(widget, CheckboxInput) else "input",
        "described": attrs.get("aria-describedby", ""),
        "attrs": attrs,
        "widget": "" if several else field.as_widget(attrs=attrs),
    }


@register.inclusion_tag("ui/_kinds.html")
def kinds(field: BoundField) -> dict[str, Any]:
    """The kinds of action as a group of emblems to choose from; ``field`` is a radio choice of kinds."""
    return {"field": field, "described": _described_by(field, str(field.help_text), left=False)}


@register.simple_block_tag
def choice(
    content: str,
    name: str,
    value: str,
    checked: bool = False,
    kind: str = "radio",
    full: bool = False,
    disabled: bool = False,
) -> SafeString:
    """One card to choose (radio, or ``kind="checkbox"``) with whatever stands in it. ``full``: only a waiting list."""
    return _render(
        "ui/_choice.html",
        {
            "content": content,
            "name": name,
            "value": value,
            "checked": checked,
            "kind": kind,
            "full": full,
            "disabled": disabled,
        },
    )


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is to be changed, above the form, each with a link to its field. Empty for a form without errors."""
    wrong = [form[name] for name in form.errors if name in form.fields]
    return {"form": form, "wrong": wrong, "count": len(wrong)}
