"""Joint actions: the page with its words and pictures, and beside it the rows of the operation.

The two are apart on purpose. A page has drafts, revisions, schedules and copies; nothing that Wagtail does to a page can
reopen, move or resize an action, because what people signed up for is not on the page.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
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

from .kinds import Kind

MOST_PEOPLE = 2000
"""More hands than this in one shift is a slip of the finger."""

REASON_LENGTH = 200
POST_LENGTH = 500
WORD_LENGTH = 200

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
        free = Allotment.objects.filter(shift__action=OuterRef("pk"), shift__starts_at__gt=now, taken__lt=F("capacity"))
        return self.announced().filter(Exists(free))


class Action(models.Model):
    """The operation: who is host, when, where, and in which state. Its id is the id of the API and of its live topic."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ANNOUNCED = "announced", _("announced")
        CALLED_OFF = "called_off", _("called off")
        CLOSED = "closed", _("closed")

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
    risks = models.TextField(_("risks"), max_length=600, blank=True)
    bring = models.TextField(_("what to bring"), max_length=400, blank=True)
    adults_only = models.BooleanField(_("adults only"), default=False)
    contact_name = models.CharField(_("whom to call on the day"), max_length=40, blank=True)
    contact_phone = models.CharField(_("phone on the day"), max_length=24, blank=True)
    cancel_hours = models.PositiveSmallIntegerField(
        _("free to cancel until (hours before)"),
        default=2,
        validators=[MaxValueValidator(72)],
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
            models.CheckConstraint(name="events_action_cancel_hours", condition=Q(cancel_hours__lte=72)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("events:action", kwargs={"year": self.year, "slug": self.slug, "pk": self.pk})

    @property
    def is_announced(self) -> bool:
        return self.state == self.State.ANNOUNCED

    @cached_property
    def page(self) -> ActionPage:
        """The words and pictures. Lists fetch them for all their actions at once with :func:`attach_pages`."""
        return ActionPage.objects.get(translation_key=self.key)

    def phase(self, now: datetime) -> str:
        """The state as people speak of it: the stored one, and while announced where the clock stands.

        One of ``draft called_off closed upcoming today running past``.
        """
        if not self.is_announced or self.starts_at is None or self.ends_at is None:
            return self.state
        if now >= self.ends_at:
            return "past"
        if now >= self.starts_at:
            return "running"
        return "today" if timezone.localdate(self.starts_at) == timezone.localdate(now) else "upcoming"


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


class ShiftQuerySet(models.QuerySet["Shift"]):
    def with_places(self) -> "ShiftQuerySet":
        """With ``capacity`` and ``taken`` of all allotments together, and how many stand in line as ``waiting``.

        Whoever holds an offer is counted in ``taken``.
        """
        return self.annotate(
            capacity=models.Subquery(_sum_of_allotments("capacity")),
            taken=models.Subquery(_sum_of_allotments("taken")),
            waiting=Coalesce(models.Subquery(_count_of_waiting()), 0),
        )


class Shift(models.Model):
    """A stretch of time in which hands are wanted. It stores no counters: capacity and places are allotments."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    task = models.CharField(_("what and where"), max_length=120, blank=True)
    least = models.PositiveSmallIntegerField(
        _("least people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    # Whoever signed up for another hour may leave without a reason until then.
    free_until = models.DateTimeField(null=True, editable=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["starts_at"], name="events_shift_starts")]
        constraints = [
            models.CheckConstraint(
                name="events_shift_period",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A shift must end after it begins."),
            ),
            models.CheckConstraint(name="events_shift_least", condition=Q(least__gte=1, least__lte=MOST_PEOPLE)),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%m-%d %H:%M}–{timezone.localtime(self.ends_at):%H:%M}"

    @property
    def cancel_until(self) -> datetime:
        """Until then a place may be given back without a reason."""
        regular = self.starts_at - timedelta(hours=self.action.cancel_hours)
        return min(max(regular, self.free_until or regular), self.starts_at)

    def overlaps(self, other: "Shift") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Allotment(models.Model):
    """Places of a shift. Here, and only here, the database refuses to give away what is not there."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, db_index=False, related_name="allotments")
    capacity = models.PositiveIntegerField(
        _("most people"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    taken = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift"], name="events_allotment_one_open_pool"),
            models.CheckConstraint(
                name="events_allotment_never_oversold",
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")) & Q(capacity__gte=1, capacity__lte=MOST_PEOPLE),
                violation_error_message=_("There are not that many places."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.capacity}"

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def live(self) -> "SignUpQuerySet":
        """Confirmed or waiting: the person counts on it."""
        return self.filter(state__in=SignUp.State.live())

    def confirmed(self) -> "SignUpQuerySet":
        return self.filter(state=SignUp.State.CONFIRMED)

    def in_line(self) -> "SignUpQuerySet":
        """The waiting list in its order: (time, id). Whoever holds an offer is out of the line until it lapses."""
        return self.filter(state=SignUp.State.WAITING, offered_until__isnull=True).order_by("queued_at", "id")

    def ahead_of(self, queued_at: datetime | OuterRef, pk: int | OuterRef) -> "SignUpQuerySet":
        """Those who came before whoever joined the line then, with this id; of a row outside, by ``OuterRef``."""
        return self.filter(Q(queued_at__lt=queued_at) | Q(queued_at=queued_at, pk__lt=pk))

    def offered(self) -> "SignUpQuerySet":
        return self.filter(state=SignUp.State.WAITING, offered_until__isnull=False)

    def overlapping(self, shift: Shift) -> "SignUpQuerySet":
        """Those whose own shift runs at the same time as ``shift`` (that one itself left out)."""
        return self.filter(shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at).exclude(shift=shift)


class SignUp(models.Model):
    """A person and a shift. Cancelled ones stay; signing up again makes a new row."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("waiting")
        CANCELLED = "cancelled", _("cancelled")

        @classmethod
        def live(cls) -> list[str]:
            return [cls.CONFIRMED, cls.WAITING]

    class Cause(models.TextChoices):
        """Why a cancelled sign-up ended."""

        SELF = "self", _("cancelled")
        DECLINED = "declined", _("offer declined")
        LAPSED = "lapsed", _("offer not answered")
        CALLED_OFF = "called_off", _("action called off")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="sign_ups"
    )
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, db_index=False, related_name="sign_ups")
    state = models.CharField(max_length=16, choices=State.choices, editable=False)
    # The place in the line is (queued_at, id); no counter that everybody would have to write.
    queued_at = models.DateTimeField(editable=False)
    offered_until = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cause = models.CharField(max_length=16, choices=Cause.choices, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    # Set when the person asked with a key: the same key again is the same request again.
    request_key = models.CharField(max_length=80, blank=True, editable=False)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["shift", "state", "queued_at", "id"], name="events_signup_line"),
            models.Index(fields=["person", "state"], name="events_signup_person"),
            models.Index(
                fields=["offered_until"],
                name="events_signup_offers",
                condition=Q(state="waiting", offered_until__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shift"],
                condition=Q(state__in=["confirmed", "waiting"]),
                name="events_signup_one_live_per_person_and_shift",
            ),
            models.UniqueConstraint(
                fields=["person", "request_key"], condition=~Q(request_key=""), name="events_signup_one_per_request"
            ),
            models.CheckConstraint(
                name="events_signup_offer_only_while_waiting",
                condition=Q(offered_until__isnull=True) | Q(state="waiting"),
            ),
            # Each state with what belongs to it, and no state besides.
            models.CheckConstraint(
                name="events_signup_states",
                condition=Q(state="waiting", confirmed_at__isnull=True, cancelled_at__isnull=True, cause="")
                | Q(state="confirmed", confirmed_at__isnull=False, cancelled_at__isnull=True, cause="")
                | Q(
                    state="cancelled",
                    cancelled_at__isnull=False,
                    cause__in=["self", "declined", "lapsed", "called_off"],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.shift_id}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in self.State.live()


class PartyQuerySet(models.QuerySet["Party"]):
    def joined(self) -> "PartyQuerySet":
        """Those who said yes and are still with it: what everybody sees."""
        return self.filter(state=Party.State.JOINED)

    def asked(self) -> "PartyQuerySet":
        """Those who have not answered yet."""
        return self.filter(state=Party.State.INVITED)

    def standing(self) -> "PartyQuerySet":
        """Asked or joined: the organisation need not be asked again."""
        return self.filter(state__in=[Party.State.INVITED, Party.State.JOINED])


class Party(models.Model):
    """An organisation is asked to help with an action, and what it answered. Answered ones stay; asking again makes a row."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        JOINED = "joined", _("joined")
        DECLINED = "declined", _("declined")
        LEFT = "left", _("left")
        WITHDRAWN = "withdrawn", _("taken back")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="parties")
    state = models.CharField(max_length=16, choices=State.choices, default=State.INVITED, editable=False)
    asked_for = models.CharField(_("what is wanted of them"), max_length=WORD_LENGTH, blank=True)
    invited_at = models.DateTimeField(auto_now_add=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    # The organisation's own word, with the person who signed for it.
    word = models.CharField(_("word"), max_length=WORD_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # Left of its own will, or let go by the host; the word is of whoever ended it.
    parting = models.CharField(_("word at parting"), max_length=WORD_LENGTH, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["action", "state"], name="events_party_action_state"),
            models.Index(fields=["organisation", "state"], name="events_party_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "organisation"],
                condition=Q(state__in=["invited", "joined"]),
                name="events_party_one_standing",
            ),
            # Each state with what belongs to it, and no state besides.
            models.CheckConstraint(
                name="events_party_states",
                condition=Q(state="invited", answered_at__isnull=True, answered_by__isnull=True, ended_at__isnull=True)
                | Q(
                    state__in=["joined", "declined"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                )
                | Q(
                    state="left",
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                | Q(state="withdrawn", answered_at__isnull=True, ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.action_id}: {self.get_state_display()}"


class Post(models.Model):
    """What somebody of the host or of a partner told those who follow an action. Withdrawn ones stay here, and only here."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="posts")
    # In whose name: the host's, or that of a partner.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="+", editable=False
    )
    # By it the update in each topic is found again; the form brings it, so that sending twice posts once.
    key = models.UUIDField(unique=True, editable=False)
    text = models.TextField(_("text"), max_length=POST_LENGTH)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    posted_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="events_post_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="events_post_withdrawn",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class PhoneLook(models.Model):
    """Somebody with the right looked at a volunteer's full number. Kept, so that the volunteer may ask who it was."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="phone_looks")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.looked_by_id} → {self.sign_up_id}"


class ComposerDraft(models.Model):
    """What somebody has typed into the composer and not saved yet, just as it was typed. One per person and form."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Null: a new action.
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    typed: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    typed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "action"], name="events_composerdraft_one_per_action"),
            # SQL holds two nulls for different, so the form of a new action needs a line of its own.
            models.UniqueConstraint(
                fields=["person"], condition=Q(action__isnull=True), name="events_composerdraft_one_new"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.action_id or 'new'}"


def _sum_of_allotments(field: str) -> models.QuerySet[Any]:
    return (
        Allotment.objects.filter(shift=OuterRef("pk"))
        .order_by()
        .values("shift")
        .annotate(total=models.Sum(field))
        .values("total")
    )


def _count_of_waiting() -> models.QuerySet[Any]:
    return (
        SignUp.objects.filter(shift=OuterRef("pk"))
        .in_line()
        .order_by()
        .values("shift")
        .annotate(total=models.Count("pk"))
        .values("total")
    )
