"""A joint action: the page with its words and pictures, and beside it the row of the operation.

The two are apart on purpose. A page has drafts, revisions, schedules and copies; nothing that Wagtail does to a page can
reopen, move or resize an action, because what people signed up for is not on the page. They stand in one file because each
names the other: the row finds its page by its key, and the page has the address of the row.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from communities.models import KnownByItsTitle, Organisation
from communities.words import LocalText, local_text
from events.kinds import Kind
from grid.models import Road

REASON_LENGTH = 200
CANCEL_HOURS = 2
"""So many hours before a shift a place may be given back without a reason, unless the action says otherwise."""
MOST_CANCEL_HOURS = 72
RICH_TEXT = ["h2", "h3", "bold", "ol", "ul", "link", "image"]


class ActionIndexPage(KnownByItsTitle, Page):
    """The part of an organisation's section that holds its actions."""

    is_creatable = False
    private_page_options: list[str] = []
    subpage_types = ["events.ActionPage"]

    class Meta:
        verbose_name = _("actions of an organisation")


class ActionPage(KnownByItsTitle, Page):
    """Words and pictures of one joint action. Which action, ``Action.key`` says: it is this page's ``translation_key``."""

    summary = models.CharField(_("in one or two sentences"), max_length=200)
    body = RichTextField(_("text"), blank=True, features=RICH_TEXT)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    body_en = RichTextField(_("text in English"), blank=True, features=RICH_TEXT)

    parent_page_types = ["events.ActionIndexPage"]
    subpage_types: list[str] = []
    # The composer makes page and action together; a page alone would promise something that nobody runs.
    is_creatable = False
    # Who may see it is decided by the state of the action and by its page being live, and by nothing else.
    private_page_options: list[str] = []
    template = "events/action_preview.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", help_text=_("Stands in lists and messages. What is done, and what it is good for.")),
        FieldPanel(
            "body",
            help_text=_(
                "What else helps people to decide and to come prepared. Times and places are changed at the desk, not here."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("title_en", help_text=_("Without it English readers see the Chinese title.")),
                FieldPanel("summary_en", help_text=_("As short as the Chinese one.")),
                FieldPanel("body_en", help_text=_("Where there is none, English readers see the Chinese text.")),
            ],
            heading=_("English (optional)"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("page of a joint action")

    @property
    def local_title(self) -> LocalText:
        return self._local("title")

    @property
    def local_summary(self) -> LocalText:
        return self._local("summary")

    @property
    def local_body(self) -> LocalText:
        return self._local("body")

    def _local(self, field: str) -> LocalText:
        return local_text(getattr(self, field), getattr(self, f"{field}_en"))

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """The address of the action, which stays when the page is renamed or moved in the tree."""
        parts = super().get_url_parts(request)
        action = Action.objects.filter(key=self.translation_key).first()
        if parts is None or action is None:
            return parts
        return parts[0], parts[1], action.get_absolute_url()


class ActionQuerySet(models.QuerySet["Action"]):
    def public(self) -> "ActionQuerySet":
        """What everybody may see: announced at some time, and the page live now."""
        live_page = ActionPage.objects.filter(translation_key=OuterRef("key"), live=True)
        return self.exclude(state=Action.State.DRAFT).filter(Exists(live_page))

    def announced(self) -> "ActionQuerySet":
        return self.filter(state=Action.State.ANNOUNCED)

    def ahead(self, now: datetime) -> "ActionQuerySet":
        """Not over at ``now``."""
        return self.filter(ends_at__gt=now)

    def with_free_places(self, now: datetime) -> "ActionQuerySet":
        """With a shift that has not begun and has a place free at ``now``."""
        free = Action.objects.filter(
            pk=OuterRef("pk"),
            shifts__starts_at__gt=now,
            shifts__allotments__taken__lt=F("shifts__allotments__capacity"),
        )
        return self.announced().filter(Exists(free))


class Action(models.Model):
    """The operation: who is host, when, where, and in which state. Its id is the id of the API and of its live topic."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        CALLED_OFF = "called_off", _("called off")
        CLOSED = "closed", _("closed")

    class Phase(StrEnum):
        """The state as people speak of it: the stored one, and while announced where the clock stands."""

        DRAFT = "draft"
        UPCOMING = "upcoming"
        TODAY = "today"
        RUNNING = "running"
        PAST = "past"
        CALLED_OFF = "called_off"
        CLOSED = "closed"

    key = models.UUIDField(unique=True, editable=False)
    # An index of its own would double the one that begins with it; so below for shift and person.
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="actions", verbose_name=_("host")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT, editable=False)
    # From the first shift's beginning to the last one's end; kept by the deeds on shifts, null while there is none.
    starts_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    is_online = models.BooleanField(_("online"), default=False)
    place = models.CharField(_("place"), max_length=80, blank=True)
    meeting_point = models.CharField(_("meeting point"), max_length=200, blank=True)
    # On which road of the net. A road is never deleted, it ends on a day, and what took place on it still did.
    road = models.ForeignKey(
        Road, null=True, blank=True, on_delete=models.PROTECT, related_name="actions", verbose_name=_("road")
    )
    # WGS-84; known only where the words name a house or a point along the road.
    longitude = models.FloatField(null=True, editable=False)
    latitude = models.FloatField(null=True, editable=False)
    risks = models.TextField(_("risks"), max_length=600, blank=True)
    bring = models.TextField(_("what to bring"), max_length=400, blank=True)
    adults_only = models.BooleanField(_("adults only"), default=False)
    contact_name = models.CharField(_("whom to call on the day"), max_length=40, blank=True)
    contact_phone = models.CharField(_("phone on the day"), max_length=24, blank=True)
    cancel_hours = models.PositiveSmallIntegerField(
        _("free to cancel until (hours before)"),
        default=CANCEL_HOURS,
        validators=[MaxValueValidator(MOST_CANCEL_HOURS)],
    )
    has_waiting_list = models.BooleanField(_("waiting list when full"), default=True)
    # Address: both are written once, so that an address that was shared stays right.
    year = models.PositiveSmallIntegerField(editable=False)
    slug = models.SlugField(max_length=60, db_index=False, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    reason = models.CharField(_("why it was called off"), max_length=REASON_LENGTH, blank=True, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["state", "ends_at"], name="events_action_state_ends"),
            models.Index(fields=["host", "state"], name="events_action_host_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="events_action_period",
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="events_action_announced_whole",
                condition=Q(state="draft")
                | (
                    ~Q(risks="")
                    & Q(announced_at__isnull=False, starts_at__isnull=False)
                    & (Q(is_online=True) | ~Q(place=""))
                ),
            ),
            models.CheckConstraint(
                name="events_action_ended",
                condition=Q(state__in=["draft", "announced"], ended_at__isnull=True, ended_by__isnull=True)
                | Q(state__in=["called_off", "closed"], ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="events_action_called_off_with_reason", condition=~Q(state="called_off", reason="")
            ),
            models.CheckConstraint(
                name="events_action_position",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(road__isnull=False, longitude__isnull=False, latitude__isnull=False)
                & Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
            models.CheckConstraint(name="events_action_cancel_hours", condition=Q(cancel_hours__lte=MOST_CANCEL_HOURS)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("events:action", kwargs={"year": self.year, "slug": self.slug, "pk": self.pk})

    @property
    def is_announced(self) -> bool:
        return self.state == self.State.ANNOUNCED

    @property
    def is_settled(self) -> bool:
        """Called off or closed: nothing of it is changed any more."""
        return self.state in (self.State.CALLED_OFF, self.State.CLOSED)

    @cached_property
    def page(self) -> ActionPage:
        """The words and pictures. Lists fetch them for all their actions at once with :func:`attach_pages`."""
        return ActionPage.objects.get(translation_key=self.key)

    def phase(self, now: datetime) -> Phase:
        """How it stands at ``now``. What is announced has a period."""
        if not self.is_announced or self.starts_at is None or self.ends_at is None:
            return self.Phase(self.state)
        if now >= self.ends_at:
            return self.Phase.PAST
        if now >= self.starts_at:
            return self.Phase.RUNNING
        is_today = timezone.localdate(self.starts_at) == timezone.localdate(now)
        return self.Phase.TODAY if is_today else self.Phase.UPCOMING


def attach_pages(actions: Iterable[Action]) -> list[Action]:
    """Give each action its page, with one query for all of them."""
    actions = list(actions)
    pages = {
        page.translation_key: page
        for page in ActionPage.objects.filter(translation_key__in=[action.key for action in actions])
    }
    for action in actions:
        action.__dict__["page"] = pages[action.key]
    return actions
