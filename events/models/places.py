"""Shifts, how many places they have, and who has one or waits for it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .actions import REASON_LENGTH, Action

MOST_PEOPLE = 2000
"""More hands than this in one shift is a slip of the finger."""


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

    def needs_reason(self, now: datetime) -> bool:
        """Is it too late to give the place back without a word? Whoever waits holds up nobody."""
        return self.state == self.State.CONFIRMED and now > self.shift.cancel_until


class PhoneLook(models.Model):
    """Somebody with the right looked at a volunteer's full number. Kept, so that the volunteer may ask who it was."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.PROTECT, related_name="phone_looks")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.looked_by_id} → {self.sign_up_id}"


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
