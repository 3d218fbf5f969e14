"""Notices: what an organisation makes known in its own name."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Left, Length
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageQuerySet
from wagtail.search import index

from communities.models import KnownByItsTitle, Organisation
from communities.words import LocalText, local_text
from portal.blocks import BodyBlock
from portal.models.translated import Translated
from portal.notice_form import NoticeForm

BELOW_SECTION = 2 * Page.steplen
"""So much longer than its section's is the path of a notice: section, index, notice."""


class InSection:
    """A page that is public only while the section is in which it lies."""

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Nothing is there below a page that was taken offline; Wagtail looks at the last page alone."""
        if self.get_ancestors().filter(live=False).exists():  # type: ignore[attr-defined]
            raise Http404
        return super().route(request, path_components)  # type: ignore[misc]


class NoticeIndexPage(InSection, KnownByItsTitle, Page):
    """The part of an organisation's section that holds its notices."""

    is_creatable = False
    private_page_options: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["communities.OrganisationPage"]
    subpage_types: ClassVar[list[str]] = ["portal.NoticePage"]
    template = "portal/notice_index_page.html"

    class Meta:
        verbose_name = _("notices of an organisation")


class NoticeQuerySet(PageQuerySet):
    def shown(self) -> "NoticeQuerySet":
        """What everybody may see: live, in the section of an organisation that is live itself."""
        section = Organisation.objects.public().filter(section__path=_section_of(OuterRef("path")))
        return self.filter(Exists(section), live=True)

    def of(self, organisation: Organisation) -> "NoticeQuerySet":
        """The notices of one organisation."""
        if organisation.section is None:
            return self.none()
        return self.filter(path__startswith=organisation.section.path)

    def newest_first(self, today: date) -> "NoticeQuerySet":
        """Those that are kept on top (``is_on_top``), then by the day on which they were made known.

        One that has run out or was repealed stays in the list and is no longer on top of it.
        """
        holds = ~Q(validity=NoticePage.Validity.REPEALED) & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))
        on_top = Case(When(holds & Q(is_pinned=True), then=Value(True)), default=Value(False))
        return self.annotate(is_on_top=on_top).order_by("-is_on_top", "-first_published_at", "-pk")

    def sections(self) -> models.QuerySet[Any]:
        """The paths of the sections in which they lie, for another query."""
        return self.order_by().annotate(section_path=_section_of(F("path"))).values("section_path").distinct()


def _section_of(path: F | OuterRef) -> Left:
    return Left(path, Length(path) - BELOW_SECTION)


NoticeManager = PageManager.from_queryset(NoticeQuerySet)


class NoticePage(InSection, Translated, KnownByItsTitle, Page):
    """One notice. Whose it is, the section says in which it lies; ``issuer`` only where the document names another body."""

    class Kind(models.TextChoices):
        """The kinds that residents know from public notices (domain: 政务公开, regulation of 2019)."""

        ANNOUNCEMENT = "announcement", _("announcement")
        PUBLICITY = "publicity", _("for public comment before it holds")
        POLICY = "policy", _("policy document")
        INTERPRETATION = "interpretation", _("explained")
        CONSULTATION = "consultation", _("your opinion is asked")
        FEEDBACK = "feedback", _("what became of your opinions")
        NEWS = "news", _("work in progress")
        CAMPAIGN = "campaign", _("campaign")
        ROADWORKS = "roadworks", _("road works")
        OUTAGE = "outage", _("water, gas or power off")
        WARNING = "warning", _("warning passed on")
        REPORT = "report", _("annual report")

    class Validity(models.TextChoices):
        """What somebody decided about the notice; that it has run out, the dates say by themselves."""

        VALID = "valid", _("in force")
        AMENDED = "amended", _("amended")
        REPEALED = "repealed", _("repealed")

    class Phase(StrEnum):
        """What somebody decided about it, and while nobody did where the calendar stands."""

        VALID = "valid"
        UPCOMING = "upcoming"
        EXPIRED = "expired"
        AMENDED = "amended"
        REPEALED = "repealed"

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.ANNOUNCEMENT)
    summary = models.CharField(_("in one or two sentences"), max_length=200)
    meaning = models.TextField(_("what this means for you"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    issuer = models.CharField(_("issuing body"), max_length=80, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    index_number = models.CharField(_("index number"), max_length=60, blank=True)
    written_on = models.DateField(_("written on"), null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    validity = models.CharField(_("validity"), max_length=16, choices=Validity.choices, default=Validity.VALID)
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("replaced by")
    )
    publicity_from = models.DateField(_("open for comment from"), null=True, blank=True)
    publicity_until = models.DateField(_("open for comment until"), null=True, blank=True)
    is_pinned = models.BooleanField(_("keep on top"), default=False)
    related_action = models.ForeignKey(
        "events.ActionPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("joint action it belongs to"),
    )
    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    meaning_en = models.TextField(_("what this means for you, in English"), max_length=800, blank=True)
    body_en = StreamField(BodyBlock(), verbose_name=_("text in English"), blank=True)

    objects = NoticeManager()

    parent_page_types: ClassVar[list[str]] = ["portal.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    base_form_class = NoticeForm
    # What is made known is public; a password on it would be a rumour.
    private_page_options: ClassVar[list[str]] = []
    template = "portal/notice_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("kind", help_text=_("What readers filter by. Take “announcement” if nothing else fits.")),
        FieldPanel(
            "summary",
            help_text=_(
                "Stands in lists and messages. Say what, where and when: “Wednesday 9:00 to 12:00, no water on Huxi Road.”"
            ),
        ),
        FieldPanel(
            "meaning",
            help_text=_("In plain words: whom it concerns, what they should do, until when, whom they can ask."),
        ),
        FieldPanel(
            "body",
            help_text=_("The whole text, block by block. Dates and places that people look for go into “facts”."),
        ),
        InlinePanel("attachments", heading=_("attachments"), label=_("attachment")),
        MultiFieldPanel(
            [
                FieldPanel("issuer", help_text=_("Only where the document names another body than your organisation.")),
                FieldPanel(
                    "document_number",
                    help_text=_(
                        "As it stands on the document, for example 玉城管〔2026〕12号. Leave it empty if there is none."
                    ),
                ),
                FieldPanel(
                    "index_number",
                    help_text=_("The number in the register of public information, for example 01404053X/2026-00012."),
                ),
                FieldPanel(
                    "written_on", help_text=_("The day below the document, not the day on which you publish it here.")
                ),
            ],
            heading=_("the document"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("valid_from", help_text=_("Empty: from the day of publication.")),
                FieldPanel(
                    "valid_until",
                    help_text=_(
                        "The last day on which it holds. It stays readable afterwards and is marked as run out."
                    ),
                ),
                FieldPanel(
                    "validity",
                    help_text=_(
                        "Change it when a newer document amends or repeals this one; never delete this one for that."
                    ),
                ),
                FieldPanel("replaced_by", help_text=_("The notice that holds now; readers are led to it.")),
                FieldPanel("publicity_from", help_text=_("First day on which comments are taken.")),
                FieldPanel(
                    "publicity_until",
                    help_text=_(
                        "Last day on which comments are taken: five working days or more, thirty for drafts of rules."
                    ),
                ),
            ],
            heading=_("how long it holds"),
        ),
        FieldPanel("related_action", help_text=_("Readers find a button to sign up for it below the text.")),
        FieldPanel(
            "is_pinned",
            help_text=_("Stands first in all lists. For what everybody must see this week; take it off afterwards."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("title_en", help_text=_("Without it English readers see the Chinese title.")),
                FieldPanel("summary_en", help_text=_("As short as the Chinese one.")),
                FieldPanel("meaning_en", help_text=_("In plain words, as in Chinese.")),
                FieldPanel("body_en", help_text=_("Where there is none, English readers see the Chinese text.")),
            ],
            heading=_("English (optional)"),
            classname="collapsed",
        ),
    ]
    search_fields: ClassVar[list[Any]] = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("meaning"),
        index.SearchField("body"),
        index.SearchField("document_number"),
    ]

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.CheckConstraint(
                name="portal_noticepage_validity_period",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("It must hold at least until the day from which it holds."),
            ),
            models.CheckConstraint(
                name="portal_noticepage_publicity_period",
                condition=Q(publicity_from__isnull=True, publicity_until__isnull=True)
                # Said in full: a comparison with a day that is missing is neither true nor false, and would pass.
                | Q(publicity_from__isnull=False, publicity_until__isnull=False)
                & Q(publicity_until__gte=F("publicity_from")),
                violation_error_message=_("Please give both days of the period, the later one last."),
            ),
        ]

    @cached_property
    def organisation(self) -> Organisation:
        """Whose notice it is. Lists fetch them for all their notices at once with :func:`attach_organisations`."""
        return Organisation.objects.select_related("section").get(section__path=self.section_path)

    @property
    def section_path(self) -> str:
        return str(self.path[:-BELOW_SECTION])

    @property
    def local_meaning(self) -> LocalText:
        return local_text(self.meaning, self.meaning_en)

    def phase(self, today: date) -> Phase:
        """Does it hold, seen from today?"""
        if self.validity == self.Validity.REPEALED:
            return self.Phase.REPEALED
        if self.valid_until and self.valid_until < today:
            return self.Phase.EXPIRED
        if self.valid_from and self.valid_from > today:
            return self.Phase.UPCOMING
        return self.Phase(self.validity)

    def publicity_phase(self, today: date) -> str:
        """How its time for comments stands: ``ahead open over``; empty where it has none."""
        if self.publicity_from is None or self.publicity_until is None:
            return ""
        if today < self.publicity_from:
            return "ahead"
        return "open" if today <= self.publicity_until else "over"


def attach_organisations(notices: Iterable[NoticePage]) -> list[NoticePage]:
    """Give each notice its organisation, with one query for all of them."""
    notices = list(notices)
    paths = {notice.section_path for notice in notices}
    found = Organisation.objects.filter(section__path__in=paths).select_related("section")
    owners = {organisation.section.path: organisation for organisation in found if organisation.section}
    for notice in notices:
        notice.__dict__["organisation"] = owners[notice.section_path]
    return notices


class NoticeAttachment(Orderable):
    """A file that belongs to a notice."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("name of the file for readers"), max_length=120, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("document", help_text=_("At most 20 MB. PDF reads best on phones.")),
        FieldPanel("title", help_text=_("What is in it: “map of the closed roads”. Empty: the name of the file.")),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("attachment")

    def __str__(self) -> str:
        return self.title or self.document.title
