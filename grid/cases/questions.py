"""Those who work on a case ask whoever reported it, and get an answer, without learning who that is.

The question waits on the page of the case, where its reporter alone reads it; one with an account is told. Whoever asked is
told of the answer. Neither stands in the book of the case: only that its page has changed does.
"""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.models import OPINION_LENGTH, Case, Photo, Question, Reporter
from grid.reports.photographs import CleanPicture
from grid.rules import ways
from grid.rules.transitions import Actor
from grid.telling import book as telling
from grid.telling import follow_messages
from kit.deeds import deed
from kit.refusals import Refused, as_written

MAY_ASK = frozenset({Actor.ACCEPTOR, Actor.UNIT, Actor.HANDLER})
MOST_PICTURES = 3


def may_ask(person: User, case: Case) -> bool:
    """May this person ask the reporter of this case? Those who take it in, and those in whose hands it is."""
    return bool(permits.roles_toward(person, case) & MAY_ASK)


@deed
def ask_reporter(*, case: Case, words: str, by: User) -> Question:
    """Ask whoever reported the case. One question waits at a time, so that nobody is pestered. Locks the case.

    Raises ``Refused``: ``no_right`` (403), ``ended`` for a case for which nobody has anything to do any more,
    ``nobody_to_ask`` for one that no resident reported, ``question_waits``; ``words_missing``, ``words_too_long`` (422).
    """
    held = _held(case)
    if not may_ask(by, held):
        raise Refused(
            "no_right",
            _("Only those who take the case in, and the unit that handles it, ask whoever reported it."),
            status=403,
        )
    words = as_written(words, most=OPINION_LENGTH, field="words", missing=_("Write what you would like to know."))
    if held.state in Case.ENDED:
        raise Refused("ended", _("This case is ended; nothing needs to be asked any more."))
    reporter = Reporter.objects.filter(case=held).first()
    if reporter is None:
        raise Refused("nobody_to_ask", _("Nobody reported this case whom one could ask: it was found on patrol."))
    if Question.objects.filter(case=held, reply="").exists():
        raise Refused("question_waits", _("A question waits for its answer already. Please wait for it first."))
    question = Question.objects.create(case=held, words=words, asked_by=by)
    if reporter.person_id is not None:
        follow_messages.asked(question, reporter.person_id)
    telling.moved(held)
    return question


@deed
def answer_question(
    *, question: Question, words: str, by: User | None, photos: Sequence[CleanPicture] = ()
) -> Question:
    """The reporter answers, once. ``by`` is None for whoever holds the receipt. Locks the case.

    Pictures that come with it are for those who work on the case. Raises ``Refused``: ``no_right`` (403), ``answered``,
    ``ended``; ``words_missing``, ``words_too_long``, ``too_many_photos`` (422).
    """
    case = _held(question.case)
    if by is not None and not permits.reported(by, case):
        raise Refused("no_right", _("Only whoever reported the case answers this."), status=403)
    words = as_written(words, most=OPINION_LENGTH, field="words", missing=_("Write your answer."))
    if len(photos) > MOST_PICTURES:
        raise Refused(
            "too_many_photos",
            _("At most %(most)d pictures, please.") % {"most": MOST_PICTURES},
            status=422,
            field="photos",
        )
    held = Question.objects.get(pk=question.pk)
    if held.reply:
        raise Refused("answered", _("This question is answered already. Thank you."))
    if case.state in Case.ENDED:
        raise Refused("ended", _("This case is ended; the question needs no answer any more."))
    held.reply, held.replied_at = words, timezone.now()
    held.save(update_fields=["reply", "replied_at"])
    ways.add_photos(case, photos, moment=Photo.Moment.DURING, is_public=False)
    follow_messages.answered(held)
    telling.moved(case)
    return held


def _held(case: Case) -> Case:
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)
