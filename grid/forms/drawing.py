"""What the operator writes when drawing: areas, roads with their stretches, points, files."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models import Organisation
from grid.models import Area, PointOfInterest, Road, Segment
from grid.models.net import CODE_LENGTH, NAME_EN_LENGTH, NAME_LENGTH
from grid.net import corners, files
from grid.net.coordinates import System
from grid.net.exporting import Subject
from grid.net.landmarks import PointWords
from grid.net.paving import RoadWords, SegmentWords
from grid.net.sketches import Sketch
from kit.refusals import Refused
from kit.web import DeedForm

SUBJECT_WORDS: dict[Subject, Any] = {
    Subject.AREAS: _("areas with their outlines"),
    Subject.ROADS: _("roads with their stretches"),
    Subject.POINTS: _("points of interest"),
}


class DayInput(forms.DateInput):
    """The browser's own date picker, whose value is ISO 8601 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        input_formats=["%Y-%m-%d"],
        initial=timezone.localdate,
        widget=DayInput(),
        error_messages={
            "required": _("From which day?"),
            "invalid": _("This day is not in the calendar."),
        },
    )


def _line(label: Any, most: int, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        widget=forms.TextInput(attrs={"data-count": "off", "autocomplete": "off"}),
    )


def _code(hint: Any) -> forms.CharField:
    return _line(pgettext_lazy("of an area or a road", "Code"), CODE_LENGTH, required=True, hint=hint)


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=99_999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _shape(label: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=corners.MOST,
        widget=forms.Textarea(attrs={"rows": 8, "data-count": "off", "spellcheck": "false", "class": "corners"}),
        error_messages={"required": _("Draw it on the map, or write its corners.")},
    )


def _system() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Coordinate system"),
        help_text=_("GPS and surveys: WGS-84 or CGCS2000. Chinese online maps such as AMap and Tencent: GCJ-02."),
        choices=System.choices,
        initial=System.WGS84,
    )


OUTLINE_HINT = _(
    "Each corner on a line: longitude, latitude. An empty line begins another ring. GeoJSON can be pasted."
)
LINE_HINT = _("Each corner on a line: longitude, latitude, in the direction in which the house numbers grow.")


class _Organisations(forms.ModelChoiceField):
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.spoken_name


def _organisation(label: Any, **kinds: Any) -> forms.ModelChoiceField:
    return _Organisations(
        label=label,
        queryset=Organisation.objects.filter(**kinds).order_by("name"),
        required=False,
        empty_label=_("nobody yet"),
    )


class _Spoken(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.spoken_name} ({obj.code})"


class AreaWordsForm(DeedForm):
    """What an area is called, and whose it is."""

    name = _line(_("Name"), NAME_LENGTH, required=True)
    name_en = _line(_("Name in English"), NAME_EN_LENGTH)
    organisation = _organisation(_("Whose territory it is"))
    is_schematic = forms.BooleanField(label=_("A drawing, no survey: say so wherever it is shown"), required=False)


class OutlineForm(DeedForm):
    """An outline from a day on."""

    shape = _shape(_("Corners"), OUTLINE_HINT)
    source = _system()
    since = _day(
        _("In force from"), _("Today or later; until then what stands now stays in force, and afterwards on record.")
    )

    @property
    def sketch(self) -> Sketch:
        return Sketch(corners.outline(self.cleaned_data["shape"]), System(self.cleaned_data["source"]))


class NewAreaForm(AreaWordsForm, OutlineForm):
    """An area that is not there yet, in the parent that its page belongs to."""

    code = _code(_("It begins with the code of what it lies in."))
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: [(kind, capfirst(str(kind.label))) for kind in Area.Kind])

    field_order = ("code", "name", "name_en", "kind", "organisation", "is_schematic", "shape", "source", "since")

    def __init__(self, *args: Any, level: str, parent: Area | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if level != Area.Level.GRID:  # a cell is of the kind of its grid, the others of none
            del self.fields["kind"]
        self.kind_above = parent.kind if parent is not None and level == Area.Level.CELL else ""
        self.fields["since"].help_text = ""

    @property
    def wanted(self) -> dict[str, Any]:
        """What :func:`drawing.found_area` takes besides level and parent."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name not in {"shape", "source"}}
        return {"kind": self.kind_above, **cleaned, "sketch": self.sketch}


class EndForm(DeedForm):
    """From which day on something is no longer there."""

    until = _day(_("No longer from"))


class RoadForm(DeedForm):
    """What is said of a road; its stretches have pages of their own."""

    code = _code(_("R and three digits, such as R007."))
    name = _line(_("Name"), NAME_LENGTH, required=True)
    name_en = _line(_("Name in English"), NAME_EN_LENGTH)
    road_class = forms.ChoiceField(
        label=_("Class"), choices=lambda: [(each, capfirst(str(each.label))) for each in Road.Class]
    )
    begins_at = _line(_("Begins at"), NAME_LENGTH)
    ends_at = _line(_("Ends at"), NAME_LENGTH)
    grid = _Spoken(
        label=_("Street-front grid"),
        queryset=Area.objects.filter(level=Area.Level.GRID, kind=Area.Kind.STREET),
        required=False,
        empty_label=pgettext_lazy("a road or grid", "none"),
    )
    group = _organisation(_("Merchants who look after it"), kind=Organisation.Kind.MERCHANTS)
    is_pilot = forms.BooleanField(label=_("Pilot road"), required=False)
    is_schematic = forms.BooleanField(label=_("A drawing, no survey: say so wherever it is shown"), required=False)
    since = _day(_("In force from"))

    def __init__(self, *args: Any, road: Road | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if road is not None:
            del self.fields["code"], self.fields["since"]
            self.initial = {name: getattr(road, name) for name in self.fields}

    @property
    def words(self) -> RoadWords:
        return RoadWords(**{name: self.cleaned_data[name] for name in RoadWords.__dataclass_fields__})


class SegmentForm(DeedForm):
    """A stretch of a road from a day on."""

    name = _line(_("Name"), NAME_LENGTH, required=True, hint=_("From crossing to crossing."))
    name_en = _line(_("Name in English"), NAME_EN_LENGTH)
    odd_side = forms.ChoiceField(
        label=_("Odd numbers stand on the"), choices=lambda: [(side, side.label) for side in Segment.Side]
    )
    odd_from, odd_to = _number(_("Odd numbers from")), _number(pgettext_lazy("house numbers", "to"))
    even_from, even_to = _number(_("Even numbers from")), _number(pgettext_lazy("house numbers", "to"))
    shape = _shape(_("Corners"), LINE_HINT)
    source = _system()
    since = _day(
        _("In force from"), _("Today or later; until then what stands now stays in force, and afterwards on record.")
    )

    @property
    def words(self) -> SegmentWords:
        return SegmentWords(**{name: self.cleaned_data[name] for name in SegmentWords.__dataclass_fields__})

    @property
    def sketch(self) -> Sketch:
        return Sketch(corners.line(self.cleaned_data["shape"]), System(self.cleaned_data["source"]))


class PointForm(DeedForm):
    """A point of interest: what it is, and where."""

    code = _code(_("P and three to six digits, such as P012."))
    name = _line(_("Name"), NAME_LENGTH, required=True)
    name_en = _line(_("Name in English"), NAME_EN_LENGTH)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: [(each, capfirst(str(each.label))) for each in PointOfInterest.Kind]
    )
    road = _Spoken(
        label=_("Road"),
        queryset=Road.objects.filter(until=None),
        required=False,
        empty_label=pgettext_lazy("a road or grid", "none"),
    )
    house_number = _number(_("House number"))
    shape = forms.CharField(
        label=_("Position"),
        help_text=_("Longitude, latitude. Left empty, it is where the house stands."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"data-count": "off", "autocomplete": "off", "class": "corners"}),
    )
    source = _system()
    since = _day(_("In force from"))

    def __init__(self, *args: Any, point: PointOfInterest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if point is not None:
            del self.fields["code"], self.fields["since"]
            self.initial = {name: getattr(point, name) for name in PointWords.__dataclass_fields__} | {
                "shape": f"{point.longitude:.6f}, {point.latitude:.6f}"
            }

    def field_of(self, refusal: Refused) -> str | None:
        return "shape" if refusal.field in {"longitude", "latitude", "position"} else refusal.field

    @property
    def wanted(self) -> dict[str, Any]:
        """What :mod:`landmarks` takes of it."""
        return {
            "words": PointWords(**{name: self.cleaned_data[name] for name in PointWords.__dataclass_fields__}),
            "position": corners.position(self.cleaned_data["shape"]),
            "system": System(self.cleaned_data["source"]),
        }


class SendForm(DeedForm):
    """A file of the net, to be looked at before it is brought in."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("GeoJSON or CSV as an export has them: at most 20 MB and 5000 things."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    source = _system()
    since = _day(_("New outlines in force from"))

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > files.LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Send it in parts."))
        return file


class ExportForm(DeedForm):
    """Which part of the net, of which day, in which system, and as what."""

    GEOJSON, CSV = "geojson", "csv"

    subject = forms.MultipleChoiceField(
        label=pgettext_lazy("a file", "What"),
        choices=lambda: [(subject.value, capfirst(str(words))) for subject, words in SUBJECT_WORDS.items()],
        initial=[subject.value for subject in Subject],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    form = forms.ChoiceField(
        label=pgettext_lazy("a file", "As"),
        choices=[(GEOJSON, _("GeoJSON, for map programs")), (CSV, _("CSV, for spreadsheets"))],
        initial=GEOJSON,
        widget=forms.RadioSelect,
    )
    source = _system()
    on = _day(_("As it is on"))

    @property
    def subjects(self) -> list[Subject]:
        return [Subject(name) for name in self.cleaned_data["subject"]]


class DayForm(DeedForm):
    """The day of which something is asked; what cannot be read is today."""

    on = _day(_("As it is on"))

    @property
    def day(self) -> date:
        return self.cleaned_data["on"] if self.is_valid() else timezone.localdate()
