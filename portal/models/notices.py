"""Notices: what an organisation makes known in its own name."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.blocks import BodyBlock


class NoticeIndexPage(Page):
    """The part of an organisation's section that holds its notices."""

    is_creatable = False
    private_page_options: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["communities.OrganisationPage"]
    subpage_types: ClassVar[list[str]] = ["portal.NoticePage"]

    class Meta:
        verbose_name = _("notices of an organisation")


class NoticePage(Page):
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

    parent_page_types: ClassVar[list[str]] = ["portal.NoticeIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    # What is made known is public; a password on it would be a rumour.
    private_page_options: ClassVar[list[str]] = []
    template = "portal/notice_page.html"

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("summary"),
        FieldPanel("meaning"),
        FieldPanel("body"),
        InlinePanel("attachments", heading=_("attachments"), label=_("attachment")),
        MultiFieldPanel(
            [
                FieldPanel("issuer"),
                FieldPanel("document_number"),
                FieldPanel("index_number"),
                FieldPanel("written_on"),
            ],
            heading=_("the document"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("valid_from"),
                FieldPanel("valid_until"),
                FieldPanel("validity"),
                FieldPanel("replaced_by"),
                FieldPanel("publicity_from"),
                FieldPanel("publicity_until"),
            ],
            heading=_("how long it holds"),
        ),
        FieldPanel("related_action"),
        FieldPanel("is_pinned"),
        MultiFieldPanel(
            [FieldPanel("title_en"), FieldPanel("summary_en"), FieldPanel("meaning_en"), FieldPanel("body_en")],
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
                | Q(publicity_until__gte=F("publicity_from")),
                violation_error_message=_("Please give both days of the period, the later one last."),
            ),
        ]


class NoticeAttachment(Orderable):
    """A file that belongs to a notice."""

    page = ParentalKey(NoticePage, on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("name of the file for readers"), max_length=120, blank=True)

    panels: ClassVar[list[Any]] = [FieldPanel("document"), FieldPanel("title")]

    class Meta(Orderable.Meta):
        verbose_name = _("attachment")

    def __str__(self) -> str:
        return self.title or self.document.title
