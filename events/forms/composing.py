"""The composer's form: one action and its shifts, on one page.

It can be shown in three ways: fresh (with suggestions), as it was typed (not checked, nothing lost), and as it was sent
(checked). What was typed is a flat mapping of names to strings, which is also what autosave keeps.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from communities import numbers
from communities.models import Organisation, OrganisationQuerySet, User
from events.composing import Asking, Row
from events.identifiers import id_in, key_in
from events.kinds import Kind
from events.models import CANCEL_HOURS, MOST_CANCEL_HOURS, Action, ActionPage, Shift
from events.publishing import Details, what_is_missing
from events.shifts import MOST_SHIFTS, too_many
from events.whereabouts import on_the_net
from grid.models import Road
from kit.refusals import Refused

from .partners import Choices, asked_for_field, boxes_in, choices
from .running import FIELD_OF, ShiftForm, hours_of, length_of, values_of
from .suggestions import last_places, texts_of
from .typed import ROW, Typed, rows_in

FEW_HOSTS = 6
"""So many organisations are shown at once; an operator, who may write for all, gets a list to pull down."""

TITLE_LENGTH = 60
"""A longer title than this does not stand on a card or a poster; Wagtail's own field takes more."""

OFF_ROADS = "none"
"""Chosen in place of a road: the words may name one, but the action is not on it."""

MOST_ROWS = 2 * MOST_SHIFTS
"""Rows that are read, those that go among them; a form that people fill in has no more."""

MOST_KEPT = 4_000
"""Characters of one field that are kept of what was typed; more is not a text but an accident."""


class FillingRadios(forms.RadioSelect):
    """Radio buttons that bring texts along: ``data-fills`` says which field starts from which text."""

    fills: Mapping[str, Mapping[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.fills:
            option["attrs"]["data-fills"] = json.dumps(self.fills[str(value)], ensure_ascii=False)
        return option


class HostField(forms.ModelChoiceField):
    """One of the organisations for which the person may draft."""

    def label_from_instance(self, obj: Organisation) -> str:
        return _host_words(obj)


def _host_words(host: Organisation) -> str:
    if host.is_verified:
        return host.spoken_name
    return _("%(host)s (not verified yet, drafts only)") % {"host": host.spoken_name}


def _line(label: Any, most: int, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"data-count": "off", **options.pop("attrs", {})})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


def _text(label: Any, most: int, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class ComposerForm(forms.Form):
    """Everything about an action but its shifts."""

    use_required_attribute = False

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    # The revision of the page that this form was opened with: who saved meanwhile is not written over unseen.
    edition = forms.CharField(widget=forms.HiddenInput, required=False)
    # Which choice the suggested texts came from: a text that still is its suggestion may be replaced by another one.
    filled_kind = forms.CharField(widget=forms.HiddenInput, required=False)
    filled_host = forms.CharField(widget=forms.HiddenInput, required=False)
    host = HostField(
        label=gettext_lazy("Host"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=FillingRadios,
        error_messages={
            "required": gettext_lazy("Who is the host?"),
            "invalid_choice": gettext_lazy("Please choose one of your own organisations."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of action?"),
        choices=Kind.choices,
        widget=FillingRadios,
        error_messages={
            "required": gettext_lazy("Please choose a kind."),
            "invalid_choice": gettext_lazy("Please choose one of these kinds."),
        },
    )
    title = _line(
        gettext_lazy("Title"),
        TITLE_LENGTH,
        error_messages={"required": gettext_lazy("What is it called? Place and deed are enough.")},
        attrs={"placeholder": gettext_lazy("Clear the snow on Zhenqi Road tonight"), "autocomplete": "off"},
    )
    summary = _text(
        gettext_lazy("In one or two sentences"),
        length_of(ActionPage, "summary"),
        3,
        error_messages={"required": gettext_lazy("Say in a sentence what is done.")},
    )
    is_online = forms.BooleanField(label=gettext_lazy("It takes place online"), required=False)
    place = _line(gettext_lazy("Place"), length_of(Action, "place"), required=False)
    meeting_point = _line(
        gettext_lazy("Meeting point"),
        length_of(Action, "meeting_point"),
        required=False,
        help_text=gettext_lazy("Where exactly people find you."),
    )
    road = forms.ChoiceField(
        label=gettext_lazy("Road"),
        required=False,
        help_text=gettext_lazy("The action also stands on the page of its road."),
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these roads.")},
    )
    risks = _text(
        gettext_lazy("Risks"),
        length_of(Action, "risks"),
        3,
        required=False,
        help_text=gettext_lazy("People must know them before they sign up."),
    )
    bring = _text(gettext_lazy("What to bring"), length_of(Action, "bring"), 2, required=False)
    adults_only = forms.BooleanField(label=gettext_lazy("Only for people of 18 and older"), required=False)
    has_waiting_list = forms.BooleanField(
        label=gettext_lazy("Waiting list when it is full"), required=False, initial=True
    )
    contact_name = _line(gettext_lazy("Whom to call on the day"), length_of(Action, "contact_name"), required=False)
    contact_phone = _line(
        gettext_lazy("Phone on the day"),
        length_of(Action, "contact_phone"),
        required=False,
        attrs={"inputmode": "tel"},
    )
    cancel_hours = forms.IntegerField(
        label=gettext_lazy("Free to cancel until (hours before)"),
        min_value=0,
        max_value=MOST_CANCEL_HOURS,
        initial=CANCEL_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Please write a whole number, such as 2."),
            "min_value": gettext_lazy("At least %(limit_value)s."),
            "max_value": gettext_lazy("At most %(limit_value)s."),
        },
        help_text=gettext_lazy("Later it takes a reason."),
    )
    asked_for = asked_for_field()
    partners_query = forms.CharField(required=False)
    title_en = _line(gettext_lazy("Title in English"), length_of(ActionPage, "title_en"), required=False)
    summary_en = _text(gettext_lazy("Summary in English"), length_of(ActionPage, "summary_en"), 3, required=False)

    def __init__(
        self,
        hosts: OrganisationQuerySet,
        *args: Any,
        action: Action | None = None,
        found: Road | None = None,
        **kwargs: Any,
    ) -> None:
        """``action`` brings its own road along, which may have ended; ``found`` is the road that its words name."""
        super().__init__(*args, **kwargs)
        host, kind = self.fields["host"], self.fields["kind"]
        self.roads = _roads_for(action)
        self.fields["road"].choices = [  # type: ignore[attr-defined]
            ("", _("As the place says: %(road)s") % {"road": found.spoken_name} if found else _("As the place says")),
            (OFF_ROADS, pgettext("of an action", "on no road")),
            *((str(pk), road.spoken_name) for pk, road in self.roads.items()),
        ]
        host.queryset = hosts  # type: ignore[attr-defined]
        kind.widget.fills = {value: texts_of(Kind(value)) for value in Kind.values}

    def clean_key(self) -> uuid.UUID:
        return key_in(self.cleaned_data["key"]) or uuid.uuid4()

    def clean_contact_phone(self) -> str:
        number: str = self.cleaned_data["contact_phone"]
        if number and not numbers.can_be_called(number):
            raise forms.ValidationError(_("Please write a phone number in digits."))
        return number

    def details(self) -> Details:
        """What was sent, as the deeds take it."""
        own = Details.__dataclass_fields__
        given = {name: value for name, value in self.cleaned_data.items() if name in own}
        chosen = given["road"]
        given |= {"road": self.roads[int(chosen)] if chosen.isdecimal() else None, "is_off_roads": chosen == OFF_ROADS}
        return Details(**{**given, "kind": Kind(given["kind"])})


class RowForm(ShiftForm):
    """A shift in the composer; ``was`` is what it was when the form was opened."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    removed = forms.BooleanField(widget=forms.HiddenInput, required=False)

    number = 0
    """The place among the shifts, from 1, as people count."""

    @property
    def index(self) -> str:
        """The number in the names of its fields."""
        return str(self.prefix).removeprefix("shifts-")

    @property
    def is_removed(self) -> bool:
        return str(self["removed"].value() or "") == "1"

    @property
    def is_blank(self) -> bool:
        """Did nobody type anything into it? Numbers of people are suggested and do not count."""
        return not any(str(self[name].value() or "").strip() for name in ("id", "date", "starts", "ends", "task"))

    def full_clean(self) -> None:
        """A row that nobody filled in, or that goes, has nothing wrong with it."""
        if self.is_bound and (self.is_blank or self.is_removed):
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def is_untouched(self) -> bool:
        return bool(self["was"].value()) and self["was"].value() == _as_it_was(
            {name: self[name].value() for name in _WAS}
        )


class Wrong(NamedTuple):
    """One thing to change: the id of its field, what it is called, and the sentence."""

    anchor: str
    label: str
    sentence: str


@dataclass
class Composer:
    """The whole form: the action and its shifts. Made by :func:`fresh`, :func:`of_action`, :func:`as_typed`, :func:`sent`."""

    form: ComposerForm
    rows: list[RowForm]
    row_errors: list[str]
    """What is wrong with the shifts as a whole."""
    partners: Choices
    """Whom one can ask to take part."""
    partner_errors: list[str] = field(default_factory=list, init=False)
    _written: list[RowForm] = field(default_factory=list, init=False)

    def is_valid(self, *, whole: bool) -> bool:
        """Is everything readable? ``whole`` asks for all that an announcement needs, so that it is said at once.

        Whether it may be announced is decided by the deed, which asks again. Rows that are empty or go are not asked.
        """
        checked = [row.is_valid() for row in self.rows if not (row.is_blank or row.is_removed)]
        if whole:
            self._ask_for_the_whole(has_shifts=bool(checked))
        if len(checked) > MOST_SHIFTS:
            self.row_errors.append(too_many().sentence)
        return self.form.is_valid() and all(checked) and not self.row_errors

    def _ask_for_the_whole(self, *, has_shifts: bool) -> None:
        given = self.form.cleaned_data if self.form.is_valid() else getattr(self.form, "cleaned_data", {})
        missing = what_is_missing(
            risks=given.get("risks", ""),
            place=given.get("place", ""),
            is_online=given.get("is_online", False),
            has_shifts=has_shifts,
        )
        for refusal in missing:
            if refusal.field not in self.form.errors:
                self.show(refusal)

    def written_rows(self, shifts: Iterable[Shift] = ()) -> list[Row]:
        """What is to become of the shifts, in the order of :attr:`rows`. ``shifts`` are those the action has now.

        A row that names a shift which is not there (any more) is refused like any other unreadable input.
        """
        own = {shift.pk: shift for shift in shifts}
        written = []
        self._written.clear()
        for row in self.rows:
            shift = own.get(id_in(str(row["id"].value() or "")) or 0)
            if row["id"].value() and shift is None:
                raise Refused(
                    "gone", _("One of these shifts is not there any more. Please start over."), field="shifts"
                )
            if (row.is_removed and shift is None) or row.is_blank or (row.is_untouched and not row.is_removed):
                continue
            written.append(Row(hours=None if row.is_removed else row.hours(), shift=shift))
            self._written.append(row)
        return written

    def asking(self) -> Asking:
        """Whom to ask, and with which words; the chosen host takes part anyway."""
        given = self.form.cleaned_data
        chosen = [partner for partner in self.partners.chosen if partner != given.get("host")]
        return Asking(chosen, given["asked_for"])

    def asks(self) -> bool:
        """Is there anything in the part about partners, which is folded otherwise?"""
        words = self.form["asked_for"]
        is_wrong = bool(self.partner_errors) or (self.form.is_bound and bool(words.errors))
        return bool(self.partners.chosen or self.partners.query or words.value()) or is_wrong

    def show(self, refusal: Refused) -> None:
        """Put the sentence of a deed beside the field it speaks of.

        Who was told that somebody else saved meanwhile and sends the form once more knows what is written over.
        """
        if refusal.code == "changed_meanwhile":
            sent = self.form.data
            self.form.data = {name: sent[name] for name in sent} | {"edition": str(refusal.facts["edition"])}
        if isinstance(number := refusal.facts.get("row"), int):
            row = self._written[number]
            if row.is_removed:
                self.row_errors.append(refusal.sentence)
                return
            name = FIELD_OF.get(refusal.field or "", refusal.field or "")
            row.is_valid()
            row.add_error(name if name in row.fields else "date", refusal.sentence)
        elif refusal.field == "partners":
            self.partner_errors.append(refusal.sentence)
        elif refusal.field == "shifts":
            self.row_errors.append(refusal.sentence)
        else:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, refusal.sentence)

    def wrong(self) -> list[Wrong]:
        """Everything to change, from top to bottom."""
        found = (
            [Wrong("composer", "", str(sentence)) for sentence in self.form.non_field_errors()]
            if self.form.is_bound
            else []
        )
        found += [
            Wrong(_anchor(self.form[name]), str(self.form[name].label), " ".join(str(error) for error in errors))
            for name, errors in (self.form.errors.items() if self.form.is_bound else ())
            if name in self.form.fields
        ]
        found += [Wrong("shifts", str(_("Shifts")), sentence) for sentence in self.row_errors]
        found += [Wrong("partners-list", str(_("Partners")), sentence) for sentence in self.partner_errors]
        for row in self.rows:
            if not row.is_bound or row.is_blank or row.is_removed:
                continue
            found += [
                Wrong(
                    row[name].auto_id,
                    _("Shift %(number)d, %(field)s") % {"number": row.number, "field": row[name].label},
                    " ".join(str(error) for error in errors),
                )
                for name, errors in row.errors.items()
                if name in row.fields
            ]
        return found

    @property
    def template_row(self) -> RowForm:
        """An empty row whose number the script fills in."""
        return RowForm(prefix="shifts-__n__", initial={})

    def has_english(self) -> bool:
        """Is there anything in the English part, which is folded otherwise?"""
        return any(self.form[name].value() or (self.form.is_bound and self.form[name].errors) for name in _ENGLISH)


def fresh(hosts: OrganisationQuerySet, host: Organisation, person: User, kind: str = "") -> Composer:
    """A new form with what can be suggested: the texts of the kind, and where and with whom this host was last."""
    places = last_places(hosts.filter(pk=host.pk), person)
    suggested: dict[str, Any] = {"key": uuid.uuid4(), "host": host.pk, "filled_host": host.pk, **places[host.pk]}
    if kind in Kind.values:
        suggested |= {"kind": kind, "filled_kind": kind, **texts_of(Kind(kind))}
    form = ComposerForm(hosts, initial=suggested)
    _let_hosts_fill(form, hosts, person)
    return Composer(form, _numbered([RowForm(prefix="shifts-0")]), [], _choices(hosts, {}))


def of_action(
    hosts: OrganisationQuerySet, action: Action, shifts: Iterable[Shift], asked: Collection[int] = ()
) -> Composer:
    """The form of an action as it is now; ``shifts`` come from ``with_places``, ``asked`` are partners already."""
    page = action.page.get_latest_revision_as_object()
    now: dict[str, Any] = {"key": action.key, "host": action.host_id, "kind": action.kind, "filled_kind": action.kind}
    now["edition"] = action.page.latest_revision_id
    now |= {
        name: getattr(action, name) for name in ComposerForm.base_fields if name not in now and hasattr(action, name)
    }
    now |= {name: getattr(page, name) for name in ("title", "summary", *_ENGLISH)}
    found = on_the_net(action.place, action.meeting_point, on=timezone.localdate()).road
    now["road"] = "" if action.road == found else (action.road_id or OFF_ROADS)
    rows = []
    for number, shift in enumerate(shifts):
        values = values_of(hours_of(shift))
        rows.append(RowForm(prefix=f"shifts-{number}", initial={**values, "id": shift.pk, "was": _as_it_was(values)}))
    form = ComposerForm(hosts, initial=now, action=action, found=action.road if action.road == found else None)
    form.fields["host"].widget = forms.HiddenInput()
    return Composer(form, _numbered(rows or [RowForm(prefix="shifts-0")]), [], _choices(hosts, {}, asked))


def as_typed(
    hosts: OrganisationQuerySet,
    typed: Typed,
    person: User,
    asked: Collection[int] = (),
    *,
    action: Action | None = None,
) -> Composer:
    """The form as it was typed, unchecked: a date that is none stays the date that somebody typed."""
    values: dict[str, Any] = {
        name: typed.get(name, "" if not isinstance(field, forms.BooleanField) else False)
        for name, field in ComposerForm.base_fields.items()
    }
    form = ComposerForm(hosts, initial=values, action=action)
    _let_hosts_fill(form, hosts, person)
    rows = [RowForm(prefix=prefix, initial=row) for prefix, row in rows_in(typed).items()]
    return Composer(form, _numbered(rows or [RowForm(prefix="shifts-0")]), [], _choices(hosts, typed, asked))


def sent(
    hosts: OrganisationQuerySet,
    post: QueryDict,
    person: User,
    asked: Collection[int] = (),
    *,
    action: Action | None = None,
) -> Composer:
    """The form as it was sent, to be checked."""
    form = ComposerForm(hosts, data=post, action=action)
    _let_hosts_fill(form, hosts, person)
    prefixes = list(rows_in({name: str(value) for name, value in post.items()})) or ["shifts-0"]
    rows = [RowForm(prefix=prefix, data=post) for prefix in prefixes[:MOST_ROWS]]
    errors = [too_many().sentence] if len(prefixes) > MOST_ROWS else []
    return Composer(form, _numbered(rows), errors, _choices(hosts, typed_in(post), asked))


def typed_in(post: QueryDict) -> dict[str, str]:
    """What of a request belongs to the form, in bounds."""
    known = {name: str(value)[:MOST_KEPT] for name, value in post.items() if name in ComposerForm.base_fields}
    rows = sorted(name for name in post if ROW.fullmatch(name))
    known |= dict.fromkeys(boxes_in({name: str(post[name]) for name in post}), "1")
    return known | {name: str(post[name])[:MOST_KEPT] for name in rows[: MOST_ROWS * len(RowForm.base_fields)]}


def _roads_for(action: Action | None) -> dict[int, Road]:
    """The roads of today, and that of the action."""
    roads = {road.pk: road for road in Road.objects.on(timezone.localdate())}
    if action is not None and action.road is not None:
        roads.setdefault(action.road.pk, action.road)
    return roads


_ENGLISH = ("title_en", "summary_en")
_WAS = ("date", "starts", "ends", "capacity", "least", "task")


def _let_hosts_fill(form: ComposerForm, hosts: OrganisationQuerySet, person: User) -> None:
    """With several hosts, each brings its own last place along when it is chosen."""
    found = list(hosts[: FEW_HOSTS + 1])
    if len(found) < 2:
        form.fields["host"].widget = forms.HiddenInput()
    elif len(found) > FEW_HOSTS:
        form.fields["host"].widget = forms.Select(choices=[(host.pk, _host_words(host)) for host in hosts])
    else:
        form.fields["host"].widget.fills = {str(pk): kept for pk, kept in last_places(hosts, person).items()}


def _choices(hosts: OrganisationQuerySet, typed: Typed, asked: Collection[int] = ()) -> Choices:
    """Whom one can ask: not the host, as far as it is known before it is chosen."""
    first_two = list(hosts.order_by("pk").values_list("pk", flat=True)[:2])
    only = first_two if len(first_two) == 1 else []
    return choices(typed, without={*asked, *only})


def _numbered(rows: list[RowForm]) -> list[RowForm]:
    for number, row in enumerate(rows, start=1):
        row.number = number
    return rows


def _as_it_was(values: Mapping[str, Any]) -> str:
    return "|".join(str(values[name] if values[name] is not None else "") for name in _WAS)


def _anchor(field: forms.BoundField) -> str:
    return str(field.id_for_label or field.auto_id)
