"""The chain: who answers for which area, road and kind of thing, from when until when, and who stands in."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation, User
from communities.numbers import MOST as PHONE_LENGTH

from .net import Area, Road, Segment, in_force, period

CARD_TEXT_LENGTH = 600
PREFIX_LENGTH = 8


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """Those that are filled on this day."""
        return self.filter(in_force(day))


class Post(models.Model):
    """Somebody, or an organisation, answers for a place in a role from a day on. An ended one stays: it explains the past.

    The roles of the town as a whole – who takes reports in, sends them out, supervises – are posts too: rights in cases
    come from posts in office and from nothing else.
    """

    class Role(models.TextChoices):
        LEADING_GROUP = "leading_group", _("leading group")
        ZONE_HEAD = "zone_head", _("zone head")
        CELL_WORKER = "cell_worker", _("grid worker")
        ROAD_CHIEF = "road_chief", _("road chief")
        MICRO_ROAD_CHIEF = "micro_road_chief", _("micro road chief")
        LINE_DEPARTMENT = "line_department", _("line department")
        ACCEPTOR = "acceptor", _("acceptor")
        DISPATCHER = "dispatcher", _("dispatcher")
        SUPERVISOR = "supervisor", _("shift supervisor")

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    # Of road chiefs: 1 leads and coordinates, 2 supervises, 3 is there every day (domain 4.6).
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    road = models.ForeignKey(Road, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    # One stretch of the road only.
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    # Of line departments: the beginning of the codes of what they answer for; empty for everything.
    categories = models.CharField(_("categories"), max_length=PREFIX_LENGTH, blank=True)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="posts"
    )
    # On the notice board; never somebody's own number without their will.
    duty_phone = models.CharField(_("duty phone"), max_length=PHONE_LENGTH, blank=True)
    since = models.DateField(_("in office from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    appointed_at = models.DateTimeField(auto_now_add=True)
    # What the one before left for this one to know; for the two of them and those above.
    handover = models.TextField(_("handover note"), max_length=CARD_TEXT_LENGTH, blank=True)
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by", editable=False
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["role", "area"], name="grid_post_area"),
            models.Index(fields=["role", "road"], name="grid_post_road"),
        ]
        constraints = [
            period("grid_postperiod"),
            # Which role answers for what.
            models.CheckConstraint(
                name="grid_post_place",
                condition=Q(
                    role__in=[
                        "leading_group",
                        "zone_head",
                        "cell_worker",
                        "line_department",
                        "acceptor",
                        "dispatcher",
                        "supervisor",
                    ],
                    area__isnull=False,
                    road__isnull=True,
                    segment__isnull=True,
                    level=0,
                )
                | Q(role="road_chief", area__isnull=True, road__isnull=False, level__range=(1, 3))
                | Q(role="micro_road_chief", area__isnull=True, road__isnull=False, level=0),
            ),
            # A person; a department is an organisation; a micro road chief may be a shop that is one.
            models.CheckConstraint(
                name="grid_post_holder",
                condition=Q(role="line_department", organisation__isnull=False, person__isnull=True)
                | (~Q(role="line_department") & Q(person__isnull=False)),
            ),
            models.CheckConstraint(name="grid_post_categories", condition=Q(role="line_department") | Q(categories="")),
            # Zones, cells and levels of a road have one who answers; the others may be several.
            models.UniqueConstraint(
                fields=["role", "area"],
                condition=Q(until__isnull=True, role__in=["zone_head", "cell_worker"]),
                name="grid_post_one_for_an_area",
            ),
            models.UniqueConstraint(
                fields=["level", "road"],
                condition=Q(until__isnull=True, role="road_chief", segment__isnull=True),
                name="grid_post_one_for_a_road",
            ),
            models.UniqueConstraint(
                fields=["level", "segment"],
                condition=Q(until__isnull=True, role="road_chief", segment__isnull=False),
                name="grid_post_one_for_a_segment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.area or self.road} – {self.person or self.organisation}"


class Deputy(models.Model):
    """Who stands in for a post while its holder is away."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputyships")
    since = models.DateField(_("from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            period("grid_deputyperiod"),
            models.UniqueConstraint(fields=["post"], condition=Q(until__isnull=True), name="grid_deputy_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.post} ({self.person})"


class Absence(models.Model):
    """The holder of a post is away for some days; why is nobody's business here."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField(_("away from"))
    until = models.DateField(_("back on"))
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(name="grid_absenceperiod", condition=Q(until__gt=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.since}–{self.until}"


class TeamMember(models.Model):
    """Who belongs to the town's grid team (网格管理队伍): such a person must have a place to answer for."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="team_memberships")
    since = models.DateField(_("from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)
    taken_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            period("grid_teammemberperiod"),
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="grid_teammember_once"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Card(models.Model):
    """The five-fix responsibility card (五定责任卡) of an area or a road: area, people, duty, task, reward.

    Each change is a new version; none is ever rewritten. The people are those in office: they stand in the chain.
    """

    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="cards")
    road = models.ForeignKey(Road, null=True, blank=True, on_delete=models.PROTECT, related_name="cards")
    version = models.PositiveIntegerField(_("version"))
    extent = models.TextField(_("area: from where to where"), max_length=CARD_TEXT_LENGTH)
    duty = models.TextField(_("duty: what one answers for"), max_length=CARD_TEXT_LENGTH)
    task = models.TextField(_("task: what is done and how often"), max_length=CARD_TEXT_LENGTH)
    reward = models.TextField(_("reward and penalty"), max_length=CARD_TEXT_LENGTH)
    # Said to everybody on the board; the reward stays inside.
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="grid_card_place",
                condition=Q(area__isnull=False, road__isnull=True) | Q(area__isnull=True, road__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["area", "version"], condition=Q(area__isnull=False), name="grid_card_version_of_area"
            ),
            models.UniqueConstraint(
                fields=["road", "version"], condition=Q(road__isnull=False), name="grid_card_version_of_road"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area or self.road} v{self.version}"
