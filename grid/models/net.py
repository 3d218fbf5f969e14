"""The net: town → zone → community or street-front grid → unit cell; roads in segments; points of interest.

All that stands in the town stands there from a day until another. ``since`` is the first day, ``until`` the first day on
which it is no longer so, or null: so of two that follow each other the one ends on the day on which the other begins.
Positions are WGS-84 (EPSG:4326), longitude before latitude, as GeoJSON (RFC 7946) has them.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Organisation, User
from communities.words import local_text

NAME_LENGTH, NAME_EN_LENGTH = 60, 120
CODE_LENGTH = 20


def in_force(day: date, *, below: str = "") -> Q:
    """What stands on this day, as a condition on rows with ``since`` and ``until``; ``below`` names the way to them."""
    prefix = f"{below}__" if below else ""
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    )


def period(name: str) -> models.CheckConstraint:
    """Nothing ends before it began. What ends on its first day never stood: a mistake that was set right at once."""
    return models.CheckConstraint(name=name, condition=Q(until__isnull=True) | Q(until__gte=F("since")))


class Named(models.Model):
    """What has a code that programs know, and a name in two languages that people know."""

    code = models.SlugField(_("code"), max_length=CODE_LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_en = models.CharField(_("name in English"), max_length=NAME_EN_LENGTH, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language, for a sentence that is said to them."""
        return local_text(self.name, self.name_en).text


class AreaQuerySet(models.QuerySet["Area"]):
    def on(self, day: date) -> "AreaQuerySet":
        """Those that stand on this day."""
        return self.filter(in_force(day))

    def of_level(self, level: "Area.Level") -> "AreaQuerySet":
        return self.filter(level=level)


class Area(Named):
    """A part of the town for which somebody answers. Its outline is its :class:`Boundary` of the day."""

    class Level(models.TextChoices):
        TOWN = "town", _("town")
        ZONE = "zone", _("zone")
        GRID = "grid", _("grid")
        CELL = "cell", _("unit cell")

    class Kind(models.TextChoices):
        COMMUNITY = "community", pgettext_lazy("kind of grid", "community grid")
        STREET = "street", pgettext_lazy("kind of grid", "street-front grid")

    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    # Of grids and of the cells in them.
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    # The territory's own unit (块): the community of a community grid, the subdistrict of the town.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="areas"
    )
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)
    # A drawing and no survey (示意): said wherever it is shown.
    is_schematic = models.BooleanField(_("schematic"), default=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            period("grid_area_period"),
            models.CheckConstraint(
                name="grid_area_levels",
                condition=Q(level="town", parent__isnull=True, kind="")
                | Q(level="zone", parent__isnull=False, kind="")
                | Q(level__in=["grid", "cell"], parent__isnull=False, kind__in=["community", "street"]),
            ),
        ]


class Footprint(models.Model):
    """A shape on the ground, with the box it lies in, so that the database can throw out what is far away."""

    class Source(models.TextChoices):
        """In which system the positions were written when they came; here they are always WGS-84."""

        WGS84 = "WGS-84", "WGS-84"
        CGCS2000 = "CGCS2000", "CGCS2000"
        GCJ02 = "GCJ-02", "GCJ-02"

    # A GeoJSON geometry, with six decimals: about a hand's breadth.
    shape: Any = models.JSONField(_("shape"))
    west = models.FloatField(editable=False)
    south = models.FloatField(editable=False)
    east = models.FloatField(editable=False)
    north = models.FloatField(editable=False)
    source = models.CharField(_("coordinate system"), max_length=12, choices=Source.choices, default=Source.WGS84)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)

    class Meta:
        abstract = True


def _box(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(west__gte=-180, east__lte=180, south__gte=-90, north__lte=90, west__lte=F("east"))
        & Q(south__lte=F("north")),
    )


class Boundary(Footprint):
    """The outline of an area for a time. Earlier ones stay: yesterday's boundary can be asked for."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="boundaries")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["area", "since", "id"]
        indexes = [models.Index(fields=["west", "east"], name="grid_boundary_box")]
        constraints = [
            period("grid_boundary_period"),
            _box("grid_boundary_box_whole"),
            models.UniqueConstraint(fields=["area"], condition=Q(until__isnull=True), name="grid_boundary_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.since}"


class RoadQuerySet(models.QuerySet["Road"]):
    def on(self, day: date) -> "RoadQuerySet":
        """Those that stand on this day."""
        return self.filter(in_force(day))


class Road(Named):
    """A road as a thing of its own: it has a chief, a board, shops along it and a history."""

    class Class(models.TextChoices):
        MAIN = "main", pgettext_lazy("class of road", "main road")
        SECONDARY = "secondary", pgettext_lazy("class of road", "secondary road")
        BRANCH = "branch", pgettext_lazy("class of road", "branch road")
        LANE = "lane", pgettext_lazy("class of road", "back lane")

    road_class = models.CharField(_("class"), max_length=12, choices=Class.choices)
    begins_at = models.CharField(_("begins at"), max_length=NAME_LENGTH, blank=True)
    ends_at = models.CharField(_("ends at"), max_length=NAME_LENGTH, blank=True)
    # Its street-front grid, and the group of merchants that looks after it (共建共管).
    grid = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="roads")
    group = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="roads")
    is_pilot = models.BooleanField(_("pilot road"), default=False)
    is_schematic = models.BooleanField(_("schematic"), default=False)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)

    objects = RoadQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [period("grid_road_period")]


class Segment(Footprint):
    """A stretch of a road between two crossings: its line, in the direction of the numbers, and its two sides.

    The numbers of houses: odd ones on one side, even ones on the other, growing along the line. A side without shops has
    none.
    """

    class Side(models.TextChoices):
        LEFT = "left", pgettext_lazy("side of a road", "left")
        RIGHT = "right", pgettext_lazy("side of a road", "right")

    road = models.ForeignKey(Road, on_delete=models.PROTECT, related_name="segments")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH, help_text=_("From crossing to crossing."))
    name_en = models.CharField(_("name in English"), max_length=NAME_EN_LENGTH, blank=True)
    length = models.PositiveIntegerField(_("length in metres"), editable=False)
    odd_side = models.CharField(_("side of the odd numbers"), max_length=8, choices=Side.choices, default=Side.LEFT)
    odd_from = models.PositiveIntegerField(_("odd numbers from"), null=True, blank=True)
    odd_to = models.PositiveIntegerField(_("to"), null=True, blank=True)
    even_from = models.PositiveIntegerField(_("even numbers from"), null=True, blank=True)
    even_to = models.PositiveIntegerField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["road", "number", "since"]
        constraints = [
            period("grid_segment_period"),
            _box("grid_segment_box_whole"),
            models.UniqueConstraint(
                fields=["road", "number"], condition=Q(until__isnull=True), name="grid_segment_one_open"
            ),
            models.CheckConstraint(
                name="grid_segment_numbers",
                condition=(
                    Q(odd_from__isnull=True, odd_to__isnull=True) | Q(odd_from__isnull=False, odd_to__gte=F("odd_from"))
                )
                & (
                    Q(even_from__isnull=True, even_to__isnull=True)
                    | Q(even_from__isnull=False, even_to__gte=F("even_from"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.number}"

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language."""
        return local_text(self.name, self.name_en).text


class PointOfInterest(Named):
    """A thing that people know and say when they tell where something is: a school, a stop, a shop, a bridge."""

    class Kind(models.TextChoices):
        SHOP = "shop", pgettext_lazy("point of interest", "shop")
        SCHOOL = "school", pgettext_lazy("point of interest", "school")
        OFFICE = "office", pgettext_lazy("point of interest", "office")
        MARKET = "market", pgettext_lazy("point of interest", "market")
        STOP = "stop", pgettext_lazy("point of interest", "bus stop")
        TOILET = "toilet", pgettext_lazy("point of interest", "public toilet")
        PARK = "park", pgettext_lazy("point of interest", "park")
        BRIDGE = "bridge", pgettext_lazy("point of interest", "bridge")
        ESTATE = "estate", pgettext_lazy("point of interest", "housing estate")
        OTHER = "other", pgettext_lazy("point of interest", "other place")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    road = models.ForeignKey(Road, null=True, blank=True, on_delete=models.PROTECT, related_name="points")
    house_number = models.PositiveIntegerField(_("house number"), null=True, blank=True)
    since = models.DateField(_("in force from"))
    until = models.DateField(_("no longer from"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            period("grid_pointofinterest_period"),
            models.CheckConstraint(
                name="grid_pointofinterest_on_earth",
                condition=Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
        ]


class SentFile(models.Model):
    """A file of the net between the report on it and its confirmation: one for each operator, and none afterwards,
    nor a day later.
    """

    sent_by = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+", editable=False)
    sent_at = models.DateTimeField(auto_now=True)
    content = models.BinaryField()
    source = models.CharField(_("coordinate system"), max_length=12, choices=Footprint.Source.choices)
    since = models.DateField(_("in force from"))
