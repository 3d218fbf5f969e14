"""What the desk of cases keeps about a person: who looked up a reporter's contact, and what one wrote, asked and looked up oneself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section
from grid.models import ContactLook, Note, Question


def told(person: User) -> list[Section]:
    """Looks at one's own contact, and one's own looks, notes and questions."""
    return [
        Section("contact_looks", _("Who looked up how to reach me"), list(_looks_at(person))),
        Section("contacts_looked_up", _("Contacts of reporters that I looked up"), list(_looks_of(person))),
        Section("case_notes", _("What I noted on cases"), list(_notes(person))),
        Section("case_questions", _("What I asked those who reported cases"), list(_questions(person))),
    ]


def _looks_at(person: User) -> Iterable[list[Line]]:
    looks = ContactLook.objects.filter(reporter__person=person).select_related("looked_by", "reporter__case")
    for look in looks.order_by("-id"):
        yield [
            Line("looked_by", _("Who"), look.looked_by.name),
            Line("number", _("Case number"), look.reporter.case.number),
            Line("looked_at", _("When"), look.looked_at),
        ]


def _looks_of(person: User) -> Iterable[list[Line]]:
    """For which case and when; whose contact it was is the other person's to read."""
    for look in ContactLook.objects.filter(looked_by=person).select_related("reporter__case").order_by("-id"):
        yield [
            Line("number", _("Case number"), look.reporter.case.number),
            Line("looked_at", _("When"), look.looked_at),
        ]


def _notes(person: User) -> Iterable[list[Line]]:
    for note in Note.objects.filter(by=person).select_related("case").order_by("-id"):
        yield [
            Line("number", _("Case number"), note.case.number),
            Line("words", _("Text"), note.words),
            Line("at", _("When"), note.at),
        ]


def _questions(person: User) -> Iterable[list[Line]]:
    """What was asked; what was answered is the other person's to read."""
    for question in Question.objects.filter(asked_by=person).select_related("case").order_by("-id"):
        yield [
            Line("number", _("Case number"), question.case.number),
            Line("question", _("Question"), question.words),
            Line("asked_at", _("When"), question.asked_at),
        ]
