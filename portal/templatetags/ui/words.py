"""Words: when, titles, numbers, states."""

import re
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from communities.words import reads_english
from kit import times
from updates.titles import unbroken

register = template.Library()

# Hours with their dash, and a date with its weekday, as kit.times says them in both languages.
_WHOLE = re.compile(
    r"\d\d:\d\d–\d\d:\d\d"
    r"|到?(?:\d{4}年)?\d{1,2}月\d{1,2}日 周."
    r"|[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
)


@register.simple_tag(name="day_words")
def day_words_tag(start: datetime | None, end: datetime | None = None, inline: bool = False) -> SafeString:
    """When, as people say it, in a ``<time>``. ``inline`` keeps the small letter inside a sentence."""
    if start is None:
        return SafeString()
    words = times.day_words(start, end, now=timezone.now())
    return format_html(
        '<time datetime="{}">{}</time>',
        times.written(start),
        _with_wholes(words if inline else capfirst(words)),
    )


def _with_wholes(words: str) -> SafeString:
    """*10:00–12:00* and *Wed 16 Dec* each stay on one line: a phrase may break between them, not in them."""
    return SafeString(_WHOLE.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(words)))


@register.simple_tag
def day_of(moment: datetime | None) -> SafeString:
    """The day of a moment, without its hour, in a ``<time>``: when something was made known."""
    return date_of(timezone.localdate(moment)) if moment else SafeString()


@register.simple_tag
def date_of(day: date | None, inline: bool = False) -> SafeString:
    """A date as people say it, in a ``<time>``. ``inline`` keeps the small letter inside a sentence."""
    if day is None:
        return SafeString()
    words = times.date_words(day, today=timezone.localdate())
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words if inline else capfirst(words))


@register.filter(name="day_words")
def day_words_filter(start: datetime | None) -> str:
    """When, in words only: for sentences, titles and attributes."""
    return times.day_words(start, now=timezone.now()) if start else ""


@register.filter
def date_words(moment: datetime | None) -> str:
    """The day of a moment, without its hour."""
    if moment is None:
        return ""
    return times.date_words(timezone.localtime(moment).date(), today=timezone.localdate())


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


# Chinese words, with what stands between them: their signs, digits, gaps.
_CHINESE = re.compile(
    r"[\u4e00-\u9fff](?:[\u3000-\u303f\uff00-\uffef“”‘’·…—\s\d-]*[\u4e00-\u9fff\u3001-\u303f\uff01-\uffef”])*"
)


@register.filter
def voiced(words: str) -> SafeString:
    """Words with what is Chinese in them marked as such where the page is English: names, places, what people wrote.

    For what has no translation and stands among English words, where ``lang`` on the element around it would be wrong. A
    screen reader then changes its voice for the Chinese part (WCAG 3.1.2). Takes HTML of our own too.
    """
    said = conditional_escape(words)
    if not reads_english():
        return said
    return SafeString(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', said))


@register.filter
def sewn_under(heading: SafeString, number: int) -> SafeString:
    """The heading with a thread under this number, where it stands in it."""
    marked = format_html('<span class="wanted">{}</span>', number)
    return SafeString(heading.replace(str(number), marked, 1)) if isinstance(heading, SafeString) else heading


@register.filter
def plain(title: str) -> str:
    """A title without its invisible breaks, for ``<title>``, attributes and messages."""
    return unbroken(str(title))


@register.inclusion_tag("ui/_state.html")
def state(word: str, tone: str = "") -> dict[str, str]:
    """A state: a word and a mark of its own shape. ``tone``: want, ok, bad or nothing."""
    return {"word": word, "tone": tone}


@register.inclusion_tag("ui/_tag.html")
def tag(word: str, tone: str = "") -> dict[str, str]:
    """A small label: ``tone`` warm, fill or nothing."""
    return {"word": word, "tone": tone}


@register.filter
def phone_words(number: str | None) -> str:
    """A number as people write it: a Chinese mobile number as 138 1234 5678, everything else as it was given."""
    if mobile := re.fullmatch(r"(?:\+?86)?(1\d{2})(\d{4})(\d{4})", str(number or "")):
        return " ".join(mobile.groups())
    return str(number or "")


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


@register.filter
def mask_name(name: str) -> str:
    """Enough of a name for who knows the person: 张*."""
    name = str(name).strip()
    return f"{name[0]}*" if name else ""
