"""What this room keeps about a person as a resident – reports, what they follow, what they have too – and how it goes."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from communities.models import User
from communities.own_data import Line, Section

from .case_words import title_of
from .models import Question, Reporter, Subscription, Supporter
from .subscribing import Thing


def told(person: User) -> list[Section]:
    """Reports with what was left to be reached by, questions that were answered, what is followed, what one has too."""
    return [
        Section("reports", _("Problems I reported"), list(_reports(person))),
        Section("case_answers", _("What I was asked about them"), list(_answers(person))),
        Section("subscriptions", _("What I follow"), list(_subscriptions(person))),
        Section("supported", _("Problems that I have too"), list(_supported(person))),
    ]


def forget(person: User) -> None:
    """Reports stay without who made them; whom a problem concerned counts on without a name. Part of closing."""
    Reporter.objects.filter(person=person).update(person=None, name="", phone="", mail="")
    Subscription.objects.filter(person=person).delete()
    supported = list(Supporter.objects.filter(person=person).order_by("pk"))
    for each in supported:
        each.person, each.mark = None, uuid.uuid4()
    Supporter.objects.bulk_update(supported, ["person", "mark"], batch_size=200)


def _reports(person: User) -> Iterable[list[Line]]:
    mine = Reporter.objects.filter(person=person).select_related("case__category", "case__road").order_by("-id")
    for reporter in mine:
        case = reporter.case
        yield [
            Line("number", _("Case number"), case.number),
            Line("title", _("What"), title_of(case)),
            Line("description", _("What is wrong"), case.description),
            Line("address", _("Where"), case.address),
            Line("reported_at", _("Reported"), case.reported_at),
            Line("state", _("State"), case.get_state_display()),
            Line("name", _("Name"), reporter.name),
            Line("phone", _("Mobile number"), reporter.phone),
            Line("mail", _("Mail address"), reporter.mail),
            Line("satisfaction", _("My rating"), case.satisfaction),
            Line("satisfaction_word", _("What I wrote with it"), case.satisfaction_word),
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


def _subscriptions(person: User) -> Iterable[list[Line]]:
    named = ("case__category", "case__road", "road", "area", "unit")
    for subscription in Subscription.objects.filter(person=person).select_related(*named).order_by("-id"):
        yield [
            Line("what", _("What"), Thing.of(subscription).name),
            Line("since", _("Since"), subscription.since),
        ]


def _supported(person: User) -> Iterable[list[Line]]:
    for supporter in Supporter.objects.filter(person=person).select_related("case").order_by("-id"):
        yield [
            Line("number", _("Case number"), supporter.case.number),
            Line("since", _("Since"), supporter.since),
        ]
