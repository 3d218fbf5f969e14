"""What those are told who follow a case, and what is asked of whoever reported one and answered. Never who that is.

A message keeps the facts as they were; its words are computed from them alone, in the language of whoever reads them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from communities.models import User
from communities.words import local_text
from grid.models import Case, Note, Question, Reporter, Step, Subscription
from kit.times import written
from updates import messages
from updates.messages import Addressee, Payload, Words

from .words import TOLD, Said, address_of, in_turn, title_of, word_of

FOLLOWED, ASKED, ANSWERED, ADDED, CONFIRM = (
    *("case_followed", "case_asked", "case_answered", "case_added", "case_confirm"),
)


def asked(question: Question, reporter: Reporter) -> None:
    """Those who work on a case want to know something of whoever reported it; one without an account comes by the receipt."""
    payload = {**_about(question.case), "question": question.words}
    if reporter.person_id is not None:
        messages.send(kind=ASKED, about=f"question:{question.pk}", payloads={reporter.person_id: payload})
    elif reporter.mail:
        by_receipt = {**payload, "url": reverse("grid:find_case"), "by_receipt": True}
        messages.write_to_addresses(kind=ASKED, addressees=[Addressee(reporter.mail, "", by_receipt)])


def answered(question: Question) -> None:
    """Whoever asked gets the answer, and the way to where it was asked; by whom it was given is not in it."""
    asking = question.part or question.case
    at_desk = {**_about(asking), "url": reverse("grid:case_at_desk", args=[asking.number])}
    payload = {**at_desk, "question": question.words, "reply": question.reply}
    messages.send(kind=ANSWERED, about=f"question:{question.pk}", payloads={question.asked_by_id: payload})


def added(note: Note, people: Iterable[User]) -> None:
    """Those whose turn it is hear that the reporter added something; by whom it was is not in it."""
    payload = {**_about(note.case), "words": note.words, "url": reverse("grid:case_at_desk", args=[note.case.number])}
    messages.send(kind=ADDED, about=f"note:{note.pk}", payloads={person.pk: payload for person in people})


def confirm(subscription: Subscription, *, name: str, url: str) -> None:
    """The owner of a mail address is asked whether it should hear of something."""
    payload = {"name": name, "url": url}
    addressee = Addressee(subscription.mail, subscription.language, payload)
    messages.write_to_addresses(kind=CONFIRM, addressees=[addressee])


def facts_of(case: Case, step: Step) -> dict[str, Any]:
    """What is told of a step: everything in it is public."""
    *_earlier, then = in_turn(case.steps.filter(number__lte=step.number).select_related("to_unit").order_by("number"))
    return {
        **_about(case),
        "deed": step.deed,
        "at": written(step.at),
        "word": word_of(step),
        "unit": _named(then.unit) if then.unit else None,
        "before": written(then.before) if then.before else None,
        "after": written(then.after) if then.after else None,
        "rating": case.satisfaction,
    }


def _about(case: Case) -> dict[str, Any]:
    return {
        "case": case.number,
        "title": {"name": _title_in(case, "zh-hans"), "name_en": _title_in(case, "en")},
        "url": address_of(case),
    }


def _title_in(case: Case, language: str) -> str:
    with translation.override(language):
        return title_of(case)


def _named(thing: Any) -> dict[str, str]:
    return {"name": thing.name, "name_en": thing.name_en}


# --- in words ---------------------------------------------------------------------------------------------------------


def _news_words(payload: Payload, now: datetime | None) -> Words:
    said = Said(
        unit=_spoken(payload["unit"]),
        before=_moment(payload["before"]),
        after=_moment(payload["after"]),
        now=now or datetime.fromisoformat(payload["at"]),
        rating=payload["rating"],
    )
    sentence = TOLD[payload["deed"]](said)
    title = _("%(title)s – %(news)s") % {"title": _spoken(payload["title"]), "news": sentence}
    text = _("Case %(number)s.") % {"number": payload["case"]}
    if payload["word"]:
        text = _("%(text)s They write: %(word)s") % {"text": text, "word": payload["word"]}
    return Words(title, text, payload["url"], unsubscribe=payload["way_out"])


def _asked_words(payload: Payload, now: datetime | None) -> Words:
    title = _("A question about your report: %(title)s") % {"title": _spoken(payload["title"])}
    text = _("%(question)s Please answer on the page of the case; who you are is not told to those who ask.")
    if payload.get("by_receipt"):
        text = _(
            "%(question)s Please find case %(case)s again with your receipt code and answer there; who you are is not told "
            "to those who ask."
        )
    facts = {"question": payload["question"], "case": payload["case"]}
    return Words(title, text % facts, payload["url"], is_urgent=True)


def _answered_words(payload: Payload, now: datetime | None) -> Words:
    title = _("The reporter answers: %(title)s") % {"title": _spoken(payload["title"])}
    text = _("You asked: %(question)s The answer: %(reply)s")
    return Words(title, text % {"question": payload["question"], "reply": payload["reply"]}, payload["url"])


def _added_words(payload: Payload, now: datetime | None) -> Words:
    title = _("The reporter adds something: %(title)s") % {"title": _spoken(payload["title"])}
    text = payload["words"] or _("A picture. You find it on the page of the case.")
    return Words(title, text, payload["url"])


def _confirm_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Would you like to hear of “%(name)s”?") % {"name": payload["name"]}
    text = _(
        "Somebody asked us to write to this address whenever something happens there. If it was you, please confirm within "
        "two days with the link below. If it was not, you need not do anything: you will hear no more."
    )
    return Words(title, text, payload["url"])


KINDS: Mapping[str, messages.Speak] = {
    FOLLOWED: _news_words,
    ASKED: _asked_words,
    ANSWERED: _answered_words,
    ADDED: _added_words,
    CONFIRM: _confirm_words,
}
"""What is told to them, with its words."""

QUIET = frozenset({FOLLOWED})
"""For these no phone rings."""


def _spoken(named: Mapping[str, str] | None) -> str:
    return local_text(named["name"], named["name_en"]).text if named else ""


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
