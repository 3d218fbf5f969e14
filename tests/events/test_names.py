"""Whoever reads English reads the English name of an organisation that has one, wherever it is named."""

from collections.abc import Callable, Iterator

import pytest
from django.http import QueryDict
from django.utils import translation

from communities import founding
from communities.models import Organisation
from events import calling_off, ics, own, posting, removing
from events.faces import face_of
from events.forms import composing as forms
from events.forms.posting import VoiceField
from events.linked_data import event_of
from events.listing import Filters
from events.models import Action
from kit.refusals import Refused
from tests import cast
from tests.cast import Town

ENGLISH = "Yuqi Community Centre"


@pytest.fixture(autouse=True)
def _english(town: Town) -> Iterator[None]:
    Organisation.objects.filter(pk=town.yuqi.pk).update(name_en=ENGLISH)
    town.yuqi.refresh_from_db()
    with translation.override("en"):
        yield


def withdraw(action: Action, town: Town) -> None:
    posting.withdraw(post=posting.post(action=action, text="路通了", by=town.mei), by=town.dana)


REFUSED: dict[str, Callable[[Action, Town], object]] = {
    "call off": lambda action, town: calling_off.call_off(action=action, reason="x", by=town.dana),
    "close": lambda action, town: calling_off.close(action=action, by=town.dana),
    "throw away": lambda action, town: removing.remove(action=action, by=town.dana),
    "speak": lambda action, town: posting.post(action=action, text="x", by=town.dana),
    "speak for another": lambda action, town: posting.post(
        action=action, text="x", by=town.dana, organisation=town.yuqi
    ),
    "take back": withdraw,
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_names_it_so(town: Town, what: str) -> None:
    with pytest.raises(Refused) as refused:
        REFUSED[what](cast.announced(town), town)
    assert ENGLISH in refused.value.sentence
    assert town.yuqi.name not in refused.value.sentence


def test_a_partner_is_named_so_too(town: Town) -> None:
    action = cast.announced(town, host=town.school, by=town.bo)
    with pytest.raises(Refused, match=ENGLISH):
        posting.post(action=action, text="x", by=town.mei, organisation=town.yuqi)


def test_lists_forms_and_files_name_it_so(town: Town) -> None:
    action = cast.announced(town)
    mine = cast.sign_up(town.chen, action.shifts.get())
    chips = Filters.read(QueryDict(f"host={town.yuqi.slug}")).chips()
    assert ENGLISH in [chip.label for chip in chips]
    assert VoiceField(Organisation.objects.all()).label_from_instance(town.yuqi) == ENGLISH
    assert ENGLISH in ics.file_of(mine).decode()
    event = event_of(face_of(action, person=town.chen, now=action.announced_at))
    assert event is not None
    assert event["organizer"]["name"] == ENGLISH
    (signed_up,) = own.told(town.chen)[0].entries
    assert ENGLISH in [line.value for line in signed_up]


def test_an_operator_chooses_among_english_names_and_reads_who_may_only_draft(town: Town) -> None:
    for number in range(3):
        founding.found(name=f"新建{number}社区", kind=Organisation.Kind.COMMUNITY, coordinator=town.dana, by=town.admin)
    composer = forms.fresh(Organisation.objects.all(), town.yuqi, town.admin)
    labels = dict(composer.form.fields["host"].widget.choices)
    assert labels[town.yuqi.pk] == ENGLISH
    assert "新建0社区 (not verified yet, drafts only)" in labels.values()
