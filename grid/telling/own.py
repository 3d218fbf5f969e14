"""What is kept about what a person follows, was asked and has rated, and what becomes of it when the account is closed."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section
from grid.models import Case, Note, Question, Subscription

from .subscribing import Thing


def told(person: User) -> list[Section]:
    """What the person follows, answered when asked about a report, and said of answers."""
    return [
        Section("subscriptions", _("What I follow"), list(_subscriptions(person))),
        Section("case_answers", _("What I was asked about my reports"), list(_answers(person))),
        Section("case_additions", _("What I added to my reports"), list(_additions(person))),
        Section("case_ratings", _("How I rated answers"), list(_ratings(person))),
    ]


def forget(person: User) -> None:
    """Nothing is followed any more. What was answered and rated stays with the case, without a name. Part of closing."""
    Subscription.objects.filter(person=person).delete()


def _subscriptions(person: User) -> Iterable[list[Line]]:
    named = ("case__category", "case__road", "road", "area", "unit")
    for subscription in Subscription.objects.filter(person=person).select_related(*named).order_by("-id"):
        yield [
            Line("what", _("What"), Thing.of(subscription).name),
            Line("since", _("Since"), subscription.since),
        ]


def _additions(person: User) -> Iterable[list[Line]]:
    """Notes without a name are the reporter's."""
    for note in Note.objects.filter(by=None, case__reporter__person=person).select_related("case").order_by("-id"):
        yield [
            Line("number", _("Case number"), note.case.number),
            Line("words", _("Text"), note.words),
            Line("at", _("When"), note.at),
        ]


def _answers(person: User) -> Iterable[list[Line]]:
    asked = Question.objects.filter(case__reporter__person=person).select_related("case").order_by("-id")
    for question in asked:
        yield [
            Line("number", _("Case number"), question.case.number),
            Line("question", _("Question"), question.words),
            Line("reply", _("Answer"), question.reply),
            Line("replied_at", _("When"), question.replied_at),
        ]


def _ratings(person: User) -> Iterable[list[Line]]:
    for case in Case.objects.filter(reporter__person=person, satisfaction__isnull=False).order_by("-satisfied_at"):
        yield [
            Line("number", _("Case number"), case.number),
            Line("rating", _("My rating"), case.satisfaction),
            Line("word", _("What I wrote with it"), case.satisfaction_word),
            Line("rated_at", _("When"), case.satisfied_at),
        ]
