"""A form for a deed: what it answers with, and where a refusal stands."""

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory

from kit.refusals import Refused
from kit.web import LARGEST_ID, DeedForm, is_id, with_retry


class WordForm(DeedForm):
    word = forms.CharField()


def sent(data: dict[str, str] | None = None) -> WordForm:
    factory = RequestFactory()
    return WordForm.of(factory.get("/") if data is None else factory.post("/", data))


def test_a_form_that_is_only_looked_at() -> None:
    form = sent()
    assert not form.is_valid()
    assert form.status == 200


def test_a_form_that_cannot_be_read() -> None:
    form = sent({})
    assert not form.is_valid()
    assert form.status == 422


@pytest.mark.parametrize(("field", "place"), [("word", "word"), ("elsewhere", "__all__"), (None, "__all__")])
def test_a_refusal_stands_beside_its_field_or_above_the_form(field: str | None, place: str) -> None:
    form = sent({"word": "x"})
    assert form.is_valid()
    with form.taking_refusals():
        raise Refused("full", "It is full.", status=409, field=field)
    assert form.errors == {place: ["It is full."]}
    assert form.refusal.code == "full"
    assert form.status == 409


def test_a_form_that_was_not_sent_keeps_the_refusal() -> None:
    form = sent()
    with form.taking_refusals():
        raise Refused("too_soon", "Please wait.")
    assert form.status == 409
    assert not form.errors


def test_what_is_no_refusal_goes_on() -> None:
    form = sent({"word": "x"})
    with pytest.raises(ZeroDivisionError), form.taking_refusals():
        raise ZeroDivisionError
    assert form.refusal is None


def test_programs_read_when_to_come_again() -> None:
    refusal = Refused("too_many", "Too many.", status=429, retry_after=60)
    assert with_retry(HttpResponse(), refusal)["Retry-After"] == "60"
    assert "Retry-After" not in with_retry(HttpResponse(), Refused("full", "It is full."))
    assert "Retry-After" not in with_retry(HttpResponse(), None)


@pytest.mark.parametrize("written", ["0", "7", "007", str(LARGEST_ID)])
def test_a_number_that_a_row_may_have(written: str) -> None:
    assert is_id(written)


@pytest.mark.parametrize("written", ["", "-1", "1.5", " 1", "x", "１", "٣", "²", str(LARGEST_ID + 1), "9" * 5000])
def test_a_number_that_no_row_has(written: str) -> None:
    assert not is_id(written)
