"""Cases: what was reported, where, how it stands, and everything that was done, never rewritten."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities import numbers
from communities.models import Organisation, User

from .net import Area, Road, Segment
from .rules import Category, FilingStandard

NUMBER_LENGTH = 19
DESCRIPTION_LENGTH = 500
ADDRESS_LENGTH = 120
OPINION_LENGTH = 500


def shown_to_everybody() -> Q:
    """Which cases everybody sees: from the moment they are reported, but for those thrown out or kept inside by staff.

    :attr:`Case.is_shown` is the same of one that is at hand.
    """
    return Q(is_public=True) & ~Q(state__in=Case.THROWN_OUT)


def overdue(now: datetime) -> Q:
    """Which cases are overdue: their handling deadline has passed while the clock runs, neither put off nor handled."""
    return Q(state__in=Case.AT_WORK, due_at__lt=now)


def keeps_pictures_back(case: str = "") -> Q:
    """Which cases keep their pictures back: nobody has taken them in yet who would have seen whose faces are on them.

    ``case`` is the way to the case, from the row that is asked for.
    """
    return Q(**{f"{case}state__in": Case.UNSEEN, f"{case}channel__in": Case.OPEN_TO_EVERYBODY})


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Those for which somebody still has something to do."""
        return self.exclude(state__in=Case.ENDED)

    def open_parts_of(self, case: "Case") -> "CaseQuerySet":
        """The parts of a case at which other units still have something to do."""
        return self.open().filter(part_of=case)

    def public(self) -> "CaseQuerySet":
        """Those that everybody sees."""
        return self.filter(shown_to_everybody())

    def overdue(self, now: datetime) -> "CaseQuerySet":
        """Those that are overdue."""
        return self.filter(overdue(now))


class Case(models.Model):
    """A problem from the report to the answer. Its state is moved by ``grid.cases.moving`` alone."""

    class State(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("state of a case", "reported")
        VERIFYING = "verifying", pgettext_lazy("state of a case", "being verified")
        REJECTED = "rejected", pgettext_lazy("state of a case", "not filed")
        FILED = "filed", pgettext_lazy("state of a case", "filed")
        DISPATCHED = "dispatched", pgettext_lazy("state of a case", "sent to the unit")
        HANDLING = "handling", pgettext_lazy("state of a case", "being handled")
        FEEDBACK = "feedback", pgettext_lazy("state of a case", "handled, to be checked")
        CHECKING = "checking", pgettext_lazy("state of a case", "being checked")
        REWORK = "rework", pgettext_lazy("state of a case", "to be done again")
        SUSPENDED = "suspended", pgettext_lazy("state of a case", "put off")
        CLOSED = "closed", pgettext_lazy("state of a case", "closed")
        MERGED = "merged", pgettext_lazy("state of a case", "joined to another")
        VOID = "void", pgettext_lazy("state of a case", "void")

    ENDED = (State.REJECTED, State.CLOSED, State.MERGED, State.VOID)
    THROWN_OUT = (State.REJECTED, State.VOID)
    # It lies with a unit that has something to do: the handling clock runs.
    AT_WORK = (State.DISPATCHED, State.HANDLING, State.REWORK)
    # Nobody has taken it in yet.
    UNSEEN = (State.REPORTED, State.VERIFYING)
    # Of these, somebody there has to take it on first.
    TO_BE_TAKEN = (State.DISPATCHED, State.REWORK)

    class Channel(models.TextChoices):
        WEB = "web", pgettext_lazy("channel", "this site")
        PATROL = "patrol", pgettext_lazy("channel", "patrol")
        VISIT = "visit", pgettext_lazy("channel", "visit")
        GROUP = "group", pgettext_lazy("channel", "merchants' group")
        HOTLINE = "hotline", pgettext_lazy("channel", "hotline")
        API = "api", pgettext_lazy("channel", "interface")

    # Anybody sends there what nobody has looked at; in the others staff writes it down.
    OPEN_TO_EVERYBODY = (Channel.WEB, Channel.API)

    class Method(models.TextChoices):
        """How it was handled: service 70, management 20, enforcement 10 (721)."""

        SERVICE = "service", _("service")
        MANAGEMENT = "management", _("management")
        ENFORCEMENT = "enforcement", _("enforcement")

    class Business(models.TextChoices):
        NOW = "now", _("done within the limit")
        PROMISED = "promised", _("promised for a day")
        COORDINATED = "coordinated", _("coordinated between units")

    # YQ, the day and a number of that day: it can be guessed, so it opens nothing that the public may not see.
    number = models.CharField(_("case number"), max_length=NUMBER_LENGTH, unique=True, editable=False)
    # Of the receipt code only what it hashes to is kept.
    receipt = models.CharField(max_length=64, unique=True, editable=False)
    # The same report sent again is the same case.
    request_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REPORTED, editable=False)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.WEB)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    standard = models.ForeignKey(
        FilingStandard, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", editable=False
    )
    description = models.CharField(_("what is wrong"), max_length=DESCRIPTION_LENGTH, blank=True)

    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    address = models.CharField(_("where"), max_length=ADDRESS_LENGTH, blank=True)
    road = models.ForeignKey(Road, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    # A stretch of that road: a trigger keeps the two together.
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    house_number = models.PositiveIntegerField(_("house number"), null=True, blank=True)
    cell = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    # The community grid in which it lies, on a street front too, whose cells belong to no community. It is for finding:
    # who answers for a case, and who sees it, the cell alone decides.
    community = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="community_cases", editable=False
    )
    # At a dwelling: the public sees its place rounded to about 100 m, and no house number.
    is_dwelling = models.BooleanField(_("at a dwelling"), default=False)
    is_public = models.BooleanField(_("shown to everybody"), default=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    # About somebody who works here: seen by the desks of the town alone, and never by the unit that is complained about.
    is_complaint = models.BooleanField(_("a complaint about staff"), default=False)
    against = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints", editable=False
    )
    # What was published and taken down: the whole report, the words of steps (their numbers), the answer among them.
    taken_down_at = models.DateTimeField(null=True, editable=False)
    withheld = models.JSONField(default=list, editable=False)
    is_answer_withheld = models.BooleanField(default=False, editable=False)

    reported_at = models.DateTimeField(db_index=True)
    # When something was done with it last of which everybody hears.
    touched_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)
    filed_at = models.DateTimeField(null=True, editable=False)
    dispatched_at = models.DateTimeField(null=True, editable=False)
    handled_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The handling deadline, from the standard it was filed under; moved by a granted delay and by suspension only.
    due_at = models.DateTimeField(null=True, editable=False)
    # Since when the handling clock runs without having stood still, and for how many limits of the standard in all.
    clock_since = models.DateTimeField(null=True, editable=False)
    clock_limits = models.PositiveSmallIntegerField(default=0, editable=False)
    # The deadline of the step that is being waited for now.
    step_due_at = models.DateTimeField(null=True, editable=False)
    suspended_at = models.DateTimeField(null=True, editable=False)
    suspended_until = models.DateTimeField(null=True, editable=False)
    delays = models.PositiveSmallIntegerField(default=0, editable=False)
    delay_asked_at = models.DateTimeField(null=True, editable=False)
    reworks = models.PositiveSmallIntegerField(default=0, editable=False)
    # How often it was opened again because its reporter asked for it, and because those who take in did.
    reopenings = models.PositiveSmallIntegerField(default=0, editable=False)
    staff_reopenings = models.PositiveSmallIntegerField(default=0, editable=False)
    # How often those above were told since its deadline was set, when last, and who they are.
    climbed = models.PositiveSmallIntegerField(default=0, editable=False)
    climbed_at = models.DateTimeField(null=True, editable=False)
    told_late = models.ManyToManyField(User, related_name="+", editable=False)
    is_supervised = models.BooleanField(default=False, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    # The unit that handles it (条), and who does it there; the territory (块) is the cell's.
    unit = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="cases", editable=False
    )
    handler = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="handled_cases", editable=False
    )
    # Who was asked to go and look, before filing or after handling.
    inspector = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="inspected_cases", editable=False
    )
    dispatcher = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="dispatched_cases", editable=False
    )
    method = models.CharField(max_length=12, choices=Method.choices, blank=True, editable=False)
    business = models.CharField(max_length=12, choices=Business.choices, default=Business.NOW, editable=False)
    promised_for = models.DateField(null=True, blank=True, editable=False)
    # The answer that everybody reads; no case is closed without one.
    answer = models.TextField(_("answer"), max_length=OPINION_LENGTH, blank=True, editable=False)
    into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined", editable=False
    )
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", editable=False
    )
    supporters_count = models.PositiveIntegerField(default=0, editable=False)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    satisfaction_word = models.CharField(max_length=OPINION_LENGTH, blank=True, editable=False)
    satisfied_at = models.DateTimeField(null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="grid_case_due"),
            models.Index(fields=["road", "state"], name="grid_case_road"),
            models.Index(fields=["cell", "state"], name="grid_case_cell"),
            models.Index(fields=["unit", "state"], name="grid_case_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="grid_case_states",
                condition=Q(
                    state__in=[
                        "reported",
                        "verifying",
                        "rejected",
                        "filed",
                        "dispatched",
                        "handling",
                        "feedback",
                        "checking",
                        "rework",
                        "suspended",
                        "closed",
                        "merged",
                        "void",
                    ]
                ),
            ),
            # Filed under a standard, with a deadline from it.
            models.CheckConstraint(
                name="grid_case_filed",
                condition=Q(state__in=["reported", "verifying", "rejected", "merged", "void"])
                | Q(standard__isnull=False, filed_at__isnull=False, category__isnull=False),
            ),
            models.CheckConstraint(
                name="grid_case_sent",
                condition=~Q(state__in=["dispatched", "handling", "feedback", "checking", "rework", "suspended"])
                | Q(unit__isnull=False),
            ),
            # While a unit has it a clock runs or waits, for at least one limit.
            models.CheckConstraint(
                name="grid_case_clock",
                condition=~Q(state__in=["dispatched", "handling", "feedback", "checking", "rework", "suspended"])
                | Q(due_at__isnull=False, clock_since__isnull=False, clock_limits__gte=1),
            ),
            models.CheckConstraint(
                name="grid_case_closed",
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="grid_case_merged",
                condition=Q(state="merged", into__isnull=False) | (~Q(state="merged") & Q(into__isnull=True)),
            ),
            # What was taken down is not shown.
            models.CheckConstraint(
                name="grid_case_taken_down", condition=Q(taken_down_at__isnull=True) | Q(is_public=False)
            ),
            models.CheckConstraint(name="grid_case_not_into_itself", condition=~Q(into=F("id")) & ~Q(part_of=F("id"))),
            models.CheckConstraint(
                name="grid_case_suspended",
                condition=Q(state="suspended", suspended_at__isnull=False, suspended_until__isnull=False)
                | ~Q(state="suspended"),
            ),
            models.CheckConstraint(
                name="grid_case_position",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
            models.CheckConstraint(
                name="grid_case_satisfaction",
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="grid_case_complaint",
                condition=Q(is_complaint=False, against__isnull=True) | Q(is_complaint=True, is_public=False),
            ),
            models.CheckConstraint(
                name="grid_case_not_to_whom_it_is_about",
                condition=Q(against__isnull=True) | Q(unit__isnull=True) | ~Q(unit=F("against")),
            ),
            models.CheckConstraint(
                name="grid_case_delays", condition=Q(delays__lte=2, reopenings__lte=1, staff_reopenings__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_shown(self) -> bool:
        """Does everybody see it? :func:`shown_to_everybody`, of one that is at hand."""
        return self.is_public and self.state not in self.THROWN_OUT

    @property
    def keeps_pictures_back(self) -> bool:
        """The same as :func:`keeps_pictures_back`, of one that is at hand."""
        return self.state in self.UNSEEN and self.channel in self.OPEN_TO_EVERYBODY

    def is_overdue(self, now: datetime) -> bool:
        """:func:`overdue`, of one that is at hand."""
        return self.state in self.AT_WORK and self.due_at is not None and self.due_at < now


class Serial(models.Model):
    """The last number that was given to a case on a day. Its row is locked by whoever takes the next."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.last}"


class Reporter(models.Model):
    """Who reported a case, apart from it: the unit that is complained about never reads this table.

    Contact is given of one's own will and emptied a year after the case was closed (domain 6.5).
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    name = models.CharField(_("name"), max_length=40, blank=True)
    phone = models.CharField(_("mobile number"), max_length=16, blank=True)
    mail = models.EmailField(_("mail address"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="grid_reporter_phone", condition=Q(phone="") | Q(phone__regex=numbers.E164)),
        ]

    def __str__(self) -> str:
        return str(self.case)


class ContactLook(models.Model):
    """Somebody with the right looked up how to reach a reporter. Kept, so that the reporter may ask who it was."""

    reporter = models.ForeignKey(Reporter, on_delete=models.PROTECT, related_name="looks")
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.looked_by_id} → {self.reporter_id}"


class Step(models.Model):
    """One thing that was done with a case. Steps are only ever added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    deed = models.CharField(max_length=24)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=Case.State.choices)
    at = models.DateTimeField()
    # Null for what the clock did, and for a reporter without an account.
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="case_steps")
    by_role = models.CharField(max_length=20, blank=True)
    to_unit = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # For those who work on it; and what everybody reads.
    opinion = models.CharField(max_length=OPINION_LENGTH, blank=True)
    word = models.CharField(max_length=OPINION_LENGTH, blank=True)
    method = models.CharField(max_length=12, choices=Case.Method.choices, blank=True)
    # The handling deadline as it stood after this step: by it one sees from when to when it was moved.
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="grid_step_number"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.number} {self.deed}"


class PhotoQuerySet(models.QuerySet["Photo"]):
    def public(self) -> "PhotoQuerySet":
        """Those that everybody sees who sees their case: not kept inside, and seen before by whoever took it in."""
        return self.filter(is_public=True).exclude(keeps_pictures_back("case__"))


class FormerWords(models.Model):
    """What a report said before it was written anew, for those who work on it: everybody read it until then."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="former")
    description = models.CharField(max_length=DESCRIPTION_LENGTH, blank=True)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.step)


class Photo(models.Model):
    """A picture of a case, made anew on the server: nothing of the file that came is kept but what one sees."""

    class Moment(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("while it was handled")
        AFTER = "after", _("after")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="photos")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="photos")
    moment = models.CharField(max_length=8, choices=Moment.choices, default=Moment.BEFORE)
    file = models.ImageField(upload_to="cases/%Y/%m/", width_field="width", height_field="height")
    small = models.ImageField(upload_to="cases/%Y/%m/")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    is_public = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.file}"

    @property
    def is_shown(self) -> bool:
        """Does everybody see it who sees its case? The same as ``Photo.objects.public()``, of one that is at hand."""
        return self.is_public and not self.case.keeps_pictures_back


class Note(models.Model):
    """Something that those who work on a case say to each other, or that its reporter adds for them."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    # Empty where the reporter added only pictures.
    words = models.TextField(_("note"), max_length=OPINION_LENGTH, blank=True)
    # Null for the reporter, with an account or without: those who read it do not learn who that is.
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.words[:20]}"


class Question(models.Model):
    """Something that those who work on a case ask whoever reported it, and what he or she answers."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    # The part of the case at which it was asked; who reported it stays with the whole.
    part = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False)
    words = models.CharField(_("question"), max_length=OPINION_LENGTH)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reply = models.CharField(_("answer"), max_length=OPINION_LENGTH, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="grid_question_replied",
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
            ),
            # One waits at a time.
            models.UniqueConstraint(fields=["case"], condition=Q(reply=""), name="grid_question_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.words[:20]}"


class Supporter(models.Model):
    """Somebody for whom it is a problem too (我也遇到). One without an account is known by a random mark in the browser."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supporters")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="supported_cases")
    mark = models.UUIDField(null=True, blank=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="grid_supporter_somebody",
                condition=Q(person__isnull=False, mark__isnull=True) | Q(person__isnull=True, mark__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(person__isnull=False), name="grid_supporter_once"
            ),
            models.UniqueConstraint(
                fields=["case", "mark"], condition=Q(mark__isnull=False), name="grid_supporter_mark_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)
