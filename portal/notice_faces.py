"""The page of a notice as somebody reads it: plain values, so that the template asks nothing of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities import qr, short_codes
from communities.models import Organisation
from communities.short_codes import Thing
from communities.words import LocalText, local_text
from events.cards import Card, cards_of
from events.models import Action
from portal.models import NoticePage
from portal.models.translated import LocalBody
from portal.notice_states import State, says_validity, states, validity

READ_IN_A_MINUTE = 400
"""Chinese characters that people read in a minute; of English as many words fit into five times so many letters."""


@dataclass(frozen=True)
class File:
    """An attachment: its name, where it lies, its type and size in words."""

    name: str
    url: str
    words: str


class Fact(NamedTuple):
    """A line of what stands on the document; ``lang`` where the value is Chinese whoever reads it."""

    name: str
    value: str
    lang: str = ""


@dataclass(frozen=True)
class NoticeFace:
    """Everything that the page says."""

    organisation: Organisation
    title: LocalText
    summary: LocalText
    meaning: LocalText
    body: LocalBody
    minutes: int
    states: Sequence[State]
    facts: Sequence[Fact]
    files: Sequence[File]
    replaced_by: NoticePage | None
    replaces: Sequence[NoticePage]
    action: Card | None
    newer: NoticePage | None
    older: NoticePage | None
    list_url: str
    short_url: str

    @property
    def points(self) -> list[str]:
        """What it means for the reader, line by line."""
        return [line.strip() for line in self.meaning.text.splitlines() if line.strip()]

    @property
    def code(self) -> SafeString:
        """The way back from paper to this page, as an inline drawing."""
        return qr.inline(self.short_url)


def face_of(notice: NoticePage, request: HttpRequest) -> NoticeFace:
    """The page of this notice for whoever asks; also of one that is still being written (Wagtail's preview)."""
    now = timezone.now()
    today = timezone.localdate(now)
    is_there = notice.pk is not None
    shown = NoticePage.objects.shown()
    others = shown.of(notice.organisation)
    return NoticeFace(
        organisation=notice.organisation,
        title=notice.local_title,
        summary=notice.local_summary,
        meaning=notice.local_meaning,
        body=notice.local_body,
        minutes=_minutes(notice.local_body),
        states=states(notice, today),
        facts=_facts(notice, today),
        files=[_file(attachment) for attachment in notice.attachments.select_related("document")],
        replaced_by=shown.filter(pk=notice.replaced_by_id).first() if notice.replaced_by_id else None,
        replaces=list(shown.filter(replaced_by=notice.pk).order_by("pk")) if is_there else [],
        action=_action(notice, request, now),
        newer=_neighbour(others, notice, newer=True),
        older=_neighbour(others, notice, newer=False),
        list_url=notice.get_parent().get_url(request) or reverse("notices"),
        short_url=request.build_absolute_uri(short_codes.path_of(Thing.NOTICE, notice.pk or 0)),
    )


def text_of(body: LocalBody | Any) -> str:
    """The words of a text without its markup, for programs and for counting."""
    blocks = body.blocks if isinstance(body, LocalBody) else body
    return "\n\n".join(strip_tags(part).strip() for part in blocks.stream_block.get_searchable_content(blocks))


def _minutes(body: LocalBody) -> int:
    letters = len(text_of(body))
    return max(1, round(letters / (READ_IN_A_MINUTE * (5 if body.lang == "en" else 1))))


def _facts(notice: NoticePage, today: date) -> list[Fact]:
    """What stands on the document, in the order in which public notices give it; what is not known is left out."""
    owner = notice.organisation
    issuer = LocalText(notice.issuer, "zh-Hans") if notice.issuer else local_text(owner.name, owner.name_en)
    issued = timezone.localdate(notice.first_published_at) if notice.first_published_at else None
    facts = [
        Fact(_("Issuing body"), *issuer),
        Fact(_("Document number"), notice.document_number, "zh-Hans"),
        Fact(_("Index number"), notice.index_number),
        Fact(_("Kind"), capfirst(notice.get_kind_display())),
        Fact(_("Written on"), _day(notice.written_on)),
        Fact(_("Issued on"), _day(issued)),
        Fact(_("Holds"), _period(notice.valid_from, notice.valid_until)),
        Fact(_("Open for comment"), _period(notice.publicity_from, notice.publicity_until)),
        Fact(_("Validity"), validity(notice, today).word if says_validity(notice) else ""),
    ]
    return [fact for fact in facts if fact.value]


def _day(day: date | None) -> str:
    return date_format(day, pgettext("a day in a document", "j F Y")) if day else ""


def _period(begins: date | None, ends: date | None) -> str:
    if begins and ends:
        return _("%(begins)s to %(ends)s") % {"begins": _day(begins), "ends": _day(ends)}
    if begins:
        return _("from %(day)s") % {"day": _day(begins)}
    return _("until %(day)s") % {"day": _day(ends)} if ends else ""


def _file(attachment: Any) -> File:
    document = attachment.document
    kind = (document.file_extension or "").upper()
    size = document.get_file_size()
    parts = [kind, filesizeformat(size).replace("\xa0", " ") if size is not None else ""]
    return File(
        str(attachment), document.url, pgettext("type and size of a file", ", ").join(part for part in parts if part)
    )


def _action(notice: NoticePage, request: HttpRequest, now: datetime) -> Card | None:
    """The joint action it belongs to, where everybody may see that."""
    if notice.related_action is None:
        return None
    found = Action.objects.public().filter(key=notice.related_action.translation_key).select_related("host")
    return next(iter(cards_of(found, person=request.user, now=now)), None)


def _neighbour(others: Any, notice: NoticePage, *, newer: bool) -> NoticePage | None:
    """The next notice of the same organisation in the order of their days."""
    if notice.first_published_at is None:
        return None
    then, step = notice.first_published_at, "gt" if newer else "lt"
    beyond = Q(**{f"first_published_at__{step}": then}) | Q(first_published_at=then, **{f"pk__{step}": notice.pk})
    sign = "" if newer else "-"
    # What is handed in remembers its day less exactly than the live page does, and would be its own neighbour.
    others = others.filter(beyond).exclude(pk=notice.pk)
    found: NoticePage | None = others.order_by(f"{sign}first_published_at", f"{sign}pk").first()
    return found
