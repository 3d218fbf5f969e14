"""Reporting a problem: what it is, where, and how one may be reached; and the same as staff writes it down for others."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from grid.cases.reporting import FOR_OTHERS, MAIL_LENGTH, REPORTER_NAME_LENGTH, Contact, key_of
from grid.desk import suggesting
from grid.models import ADDRESS_LENGTH, DESCRIPTION_LENGTH, Case, Category, CategoryQuerySet, Road
from grid.net.geometry import Position
from grid.reports.placing import Spot
from kit.refusals import Refused
from kit.web import DeedForm

MOST_HOUSE = 99_999
NO_FORM = uuid.UUID(int=0)


class PicturesInput(forms.FileInput):
    """One or several pictures; the camera opens at once where there is one."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class PicturesField(forms.Field):
    """Files as they came: what they are is found out when they are made anew."""

    widget = PicturesInput

    def clean(self, value: Any) -> list[UploadedFile]:
        return [each for each in value or [] if each.size]


class KindField(forms.ModelChoiceField):
    """What it is, in the words of residents."""

    def label_from_instance(self, obj: Category) -> str:
        return obj.spoken_plainly


class RoadField(forms.ModelChoiceField):
    """One of the roads of the town."""

    def label_from_instance(self, obj: Road) -> str:
        return obj.spoken_name


class UnitField(forms.ModelChoiceField):
    """One of the units that answer for something in the town."""

    def label_from_instance(self, obj: Organisation) -> str:
        return obj.spoken_name


class ReportForm(DeedForm):
    """Everything may be left out but what it is and where; what is missing is said by the deed.

    ``key`` stands for one showing of the form: its pictures are kept under it, and however often it is sent it is one report.
    """

    photos = PicturesField(
        label=_("Pictures"),
        required=False,
        widget=PicturesInput(attrs={"accept": "image/*"}),
    )
    category = KindField(
        label=_("What is it?"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("I do not know"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This kind is not reported any more. Please choose another.")},
    )
    description = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters at most.")},
    )
    address = forms.CharField(
        label=_("Where is it?"),
        required=False,
        max_length=ADDRESS_LENGTH,
        error_messages={"max_length": _("Please say it in %(limit_value)d characters at most.")},
    )
    road = RoadField(
        label=_("Road"),
        queryset=Road.objects.none(),
        required=False,
        empty_label=_("Not on the list"),
        error_messages={"invalid_choice": _("This road is not on the map any more. Please choose another.")},
    )
    house_number = forms.IntegerField(
        label=_("House number"),
        required=False,
        min_value=1,
        max_value=MOST_HOUSE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Please write the number alone, such as 88."),
            "min_value": _("Please write the number alone, such as 88."),
            "max_value": _("Please write the number alone, such as 88."),
        },
    )
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    is_dwelling = forms.BooleanField(label=_("It is at a home: do not show the exact place"), required=False)
    name = forms.CharField(
        label=_("How may we call you?"),
        required=False,
        max_length=REPORTER_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-count": "off"}),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters at most.")},
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    mail = forms.CharField(
        label=_("Mail address"),
        required=False,
        max_length=MAIL_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "data-count": "off"}),
        error_messages={"max_length": _("Please say it in %(limit_value)d characters at most.")},
    )
    is_complaint = forms.BooleanField(label=_("It is about somebody who works here"), required=False)
    against = UnitField(
        label=_("Where do they work?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("I do not know"),
        error_messages={"invalid_choice": _("This unit is not on the list any more. Please choose another.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    # Where a picture was taken that the browser has made smaller: longitude and latitude.
    seen_at = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    # Similar ones were shown, and it is none of them.
    is_another = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        sent = request.POST.copy() if request.method == "POST" else None
        self.form_key = key_in(sent.get("key", "") if sent is not None else "") or uuid.uuid4()
        if sent is not None:
            sent["key"] = str(self.form_key)
        super().__init__(sent, request.FILES if sent is not None else None, **kwargs)
        self.initial["key"] = str(self.form_key)
        today = timezone.localdate()
        # From the page of a road, where the code on its board leads.
        if code := request.GET.get("road", ""):
            self.initial["road"] = Road.objects.on(today).filter(code=code).first()
        self.kinds: CategoryQuerySet = (
            Category.objects.reportable(today).exclude(picture="").order_by("-big_class__kind", "code")
        )  # events first
        cast(KindField, self.fields["category"]).queryset = self.kinds
        cast(RoadField, self.fields["road"]).queryset = Road.objects.on(today)
        cast(UnitField, self.fields["against"]).queryset = suggesting.units_of_town()

    @property
    def request_key(self) -> uuid.UUID:
        """The key of this report. A form that comes back by the back button with something else in it is another one."""
        return key_of(self.form_key, *self._said)

    @property
    def content_key(self) -> uuid.UUID:
        """The key of what is said, in whatever form it stands; written down for others it is theirs who said it."""
        whose = (self.channel, self.contact) if self.channel in FOR_OTHERS else ()
        return key_of(NO_FORM, *self._said, *whose)

    @property
    def _said(self) -> list[object]:
        said = self.cleaned_data
        return [
            *(said[name] for name in ("description", "address", "house_number", "longitude", "latitude")),
            *(said[name].pk if said[name] else None for name in ("category", "road")),
            *(["complaint", said["against"].pk if said["against"] else None] if self.is_about_staff else []),
        ]

    @property
    def is_about_staff(self) -> bool:
        """Was it said that it is about somebody who works here? Naming a unit says so too."""
        said = self.cleaned_data
        kind = said["category"]
        return bool(said["is_complaint"] or said["against"] or (kind and kind.is_about_staff))

    @property
    def wants_complaint(self) -> bool:
        """Is there something in that part, which is folded away?"""
        return any(self[name].value() or self[name].errors for name in ("is_complaint", "against"))

    @property
    def spot(self) -> Spot:
        said = self.cleaned_data
        longitude, latitude = said["longitude"], said["latitude"]
        position = (longitude, latitude) if longitude is not None and latitude is not None else None
        return Spot(position, said["road"], said["house_number"], said["address"])

    @property
    def seen_position(self) -> Position | None:
        """Where the browser says that a picture was taken; None for what cannot be read."""
        return position_in(self.cleaned_data["seen_at"])

    @property
    def contact(self) -> Contact:
        return Contact(*(self.cleaned_data[name] for name in ("name", "phone", "mail")))

    @property
    def channel(self) -> Case.Channel:
        return Case.Channel.WEB

    @property
    def dropped(self) -> list[int]:
        """Pictures that were kept and are not wanted any more."""
        written = cast(QueryDict, self.data).getlist("drop") if self.is_bound else []
        return [int(each) for each in written if each.isascii() and each.isdigit() and len(each) < 19]

    @property
    def wants_contact(self) -> bool:
        """Is there something in the part that is folded away?"""
        return any(self[name].value() or self[name].errors for name in ("name", "phone", "mail"))

    def refuse_pictures(self, refusals: Iterable[Refused]) -> None:
        """What is wrong with pictures, each sentence once."""
        for sentence in dict.fromkeys(refusal.sentence for refusal in refusals):
            self.add_error("photos", sentence)

    def field_of(self, refusal: Refused) -> str | None:
        """A position stands in no field that one sees."""
        return "address" if refusal.field == "position" else refusal.field


class EntryForm(ReportForm):
    """The same, written down for somebody else, or on a patrol."""

    channel_name = forms.ChoiceField(
        label=_("How did you hear of it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose how you heard of it."),
            "invalid_choice": _("Please choose how you heard of it."),
        },
    )
    is_urgent = forms.BooleanField(label=_("Urgent: do not let it wait"), required=False)

    def __init__(self, request: HttpRequest, channels: list[Case.Channel]) -> None:
        super().__init__(request, initial={"channel_name": channels[0] if len(channels) == 1 else None})
        cast(forms.ChoiceField, self.fields["channel_name"]).choices = [(each.value, each.label) for each in channels]
        # Whoever works on it knows all kinds, with or without a picture.
        self.kinds = Category.objects.reportable(timezone.localdate()).order_by("code")
        self.fields["category"] = KindField(
            label=_("What is it?"),
            queryset=self.kinds,
            required=False,
            empty_label=_("I do not know"),
            error_messages=self.fields["category"].error_messages,
        )

    @property
    def channel(self) -> Case.Channel:
        return Case.Channel(self.cleaned_data["channel_name"])


def key_in(written: str) -> uuid.UUID | None:
    """The key of a form, as it was sent; None for what is none."""
    try:
        return uuid.UUID(hex=written) if len(written) == 36 else None
    except ValueError:
        return None


def position_in(written: str) -> Position | None:
    """Longitude and latitude with a comma between; None for what is no place on earth."""
    try:
        longitude, latitude = (float(part) for part in written.split(","))
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None
