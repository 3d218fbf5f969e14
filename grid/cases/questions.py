"""Those who work on a case ask whoever reported it, and get an answer, without learning who that is.

The question waits on the page of the case, where its reporter alone reads it; one with an account is told, and one who left a
mail address is written to. Whoever asked is told of the answer, which all read who work on the case. Neither stands in the
book of the case: only that its page has changed does. Who reported a case stays with the whole of one that was split: what is
asked at a part is asked there.
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
    """Ask whoever reported the case, or the whole of which it is a part. One question waits at a time, so that nobody is
    pestered. Locks the case, of a part the whole.

    Raises ``Refused``: ``no_right`` (403), ``ended`` for a case for which nobody has anything to do any more,
    ``nobody_to_ask`` for one that no resident reported, ``question_waits``; ``words_missing``, ``words_too_long`` (422).
    """
    whole = _held(case.part_of or case)
    asking = Case.objects.get(pk=case.pk)
    if not may_ask(by, asking):
        raise Refused(
            "no_right",
            _("Only those who take the case in, and the unit that handles it, ask whoever reported it."),
            status=403,
        )
    words = as_written(words, most=OPINION_LENGTH, field="words", missing=_("Write what you would like to know."))
    reporter = demand_askable(asking)
    part = asking if asking.pk != whole.pk else None
    question = Question.objects.create(case=whole, part=part, words=words, asked_by=by)
    follow_messages.asked(question, reporter)
    _tell(question)
    return question


def demand_askable(case: Case) -> Reporter:
    """Whom one would ask now. Raises ``Refused``: ``ended``, ``nobody_to_ask``, ``question_waits``."""
    whole = case.part_of or case
    if case.state in Case.ENDED or whole.state in Case.ENDED:
        raise Refused("ended", _("This case is ended; nothing needs to be asked any more."))
    reporter = Reporter.objects.filter(case=whole).first()
    if reporter is None:
        raise Refused("nobody_to_ask", _("Nobody reported this case whom one could ask: it was found on patrol."))
    if Question.objects.filter(case=whole, reply="").exists():
        raise Refused("question_waits", _("A question waits for its answer already. Please wait for it first."))
    return reporter


def asked_of(case: Case) -> list[Question]:
    """What was asked about the case so far, the latest first; of a part what was asked about the whole. One query."""
    return list(Question.objects.filter(case=case.part_of_id or case.pk).select_related("asked_by").order_by("-id"))


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
    held = Question.objects.select_related("part").get(pk=question.pk)
    if held.reply:
        raise Refused("answered", _("This question is answered already. Thank you."))
    if case.state in Case.ENDED:
        raise Refused("ended", _("This case is ended; the question needs no answer any more."))
    held.reply, held.replied_at = words, timezone.now()
    held.save(update_fields=["reply", "replied_at"])
    ways.add_photos(held.part or case, photos, moment=Photo.Moment.DURING, is_public=False)
    follow_messages.answered(held)
    _tell(held)
    return held


def _tell(question: Question) -> None:
    telling.moved(question.case)
    if question.part is not None:
        telling.moved(question.part)


def _held(case: Case) -> Case:
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)
