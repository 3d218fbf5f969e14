"""The one table of what may become of a case: from which states, by whom, into which state.

Buttons, the API's ``allowed``, the documentation and the tests are made from it; :mod:`grid.cases.moving` moves by it and nothing
else does. The states and their order are those of GB/T 30428 as towns use it (domain 1.2): 核实, to *verify*, is done before
filing, and 核查, to *check*, after handling. Those who send a case out and those who close it are two (监管分离).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import pgettext_lazy

from grid.models import Case

State = Case.State


class Actor(models.TextChoices):
    """What somebody is to one case."""

    ACCEPTOR = "acceptor", pgettext_lazy("of a case", "acceptor")
    DISPATCHER = "dispatcher", pgettext_lazy("of a case", "dispatcher")
    UNIT = "unit", pgettext_lazy("of a case", "answers for the unit")
    HANDLER = "handler", pgettext_lazy("of a case", "handler")
    # The grid worker and the road chiefs in office where it lies, and whoever was asked to go and look.
    INSPECTOR = "inspector", pgettext_lazy("of a case", "grid worker")
    # A micro road chief of its road.
    NEIGHBOUR = "neighbour", pgettext_lazy("of a case", "micro road chief")
    # The head of its zone, the leading group, the shift supervisor.
    OVERSEER = "overseer", pgettext_lazy("of a case", "zone head or leading group")
    # Who reported it, signed in or with the receipt code.
    REPORTER = "reporter", pgettext_lazy("of a case", "reporter")
    CLOCK = "clock", pgettext_lazy("of a case", "the clock")


class Deed(models.TextChoices):
    """What is done with a case; the label is what stands on the button."""

    CORRECT = "correct", pgettext_lazy("deed of a case", "Correct what and where")
    VERIFY = "verify", pgettext_lazy("deed of a case", "Have it verified")
    REPORT_VERIFIED = "report_verified", pgettext_lazy("deed of a case", "Say what you found")
    FILE = "file", pgettext_lazy("deed of a case", "File")
    REJECT = "reject", pgettext_lazy("deed of a case", "Do not file")
    MERGE = "merge", pgettext_lazy("deed of a case", "Join to another")
    VOID = "void", pgettext_lazy("deed of a case", "Void")
    SOLVE_ON_THE_SPOT = "solve_on_the_spot", pgettext_lazy("deed of a case", "Solved on the spot")
    DISPATCH = "dispatch", pgettext_lazy("deed of a case", "Send out")
    HAND_BACK = "hand_back", pgettext_lazy("deed of a case", "Back to the acceptor")
    SPLIT = "split", pgettext_lazy("deed of a case", "Split for several units")
    RETURN = "return", pgettext_lazy("deed of a case", "Not ours")
    TAKE = "take", pgettext_lazy("deed of a case", "Take it on")
    ASSIGN = "assign", pgettext_lazy("deed of a case", "Give it to somebody")
    GIVE_UP = "give_up", pgettext_lazy("deed of a case", "Back to the unit")
    ASK_DELAY = "ask_delay", pgettext_lazy("deed of a case", "Ask for more time")
    GRANT_DELAY = "grant_delay", pgettext_lazy("deed of a case", "Grant more time")
    REFUSE_DELAY = "refuse_delay", pgettext_lazy("deed of a case", "Refuse more time")
    SUSPEND = "suspend", pgettext_lazy("deed of a case", "Put off")
    RESUME = "resume", pgettext_lazy("deed of a case", "Go on with it")
    SUBMIT = "submit", pgettext_lazy("deed of a case", "Say it is done")
    CHECK = "check", pgettext_lazy("deed of a case", "Have it checked")
    CONFIRM = "confirm", pgettext_lazy("deed of a case", "It is fixed")
    SEND_BACK = "send_back", pgettext_lazy("deed of a case", "It is not fixed")
    CLOSE = "close", pgettext_lazy("deed of a case", "Close with an answer")
    URGE = "urge", pgettext_lazy("deed of a case", "Urge")
    SUPERVISE = "supervise", pgettext_lazy("deed of a case", "Supervise")
    CLIMB = "climb", pgettext_lazy("deed of a case", "Tell those above")
    HIDE = "hide", pgettext_lazy("deed of a case", "Take down what it says")
    SHOW = "show", pgettext_lazy("deed of a case", "Show it again")
    RATE = "rate", pgettext_lazy("deed of a case", "Rate the answer")
    REOPEN = "reopen", pgettext_lazy("deed of a case", "Please handle it again")


class Need(models.TextChoices):
    """What a deed takes besides the case and whoever does it."""

    # For those who work on it: a return, a refusal and a supervision say why.
    REASON = "reason", pgettext_lazy("needed for a deed", "a reason")
    # For everybody to read, the reporter first.
    WORD = "word", pgettext_lazy("needed for a deed", "a word for the public")
    STANDARD = "standard", pgettext_lazy("needed for a deed", "the standard it is filed under")
    UNIT = "unit", pgettext_lazy("needed for a deed", "the unit")
    # “Not ours” says whose it is instead.
    PROPOSED_UNIT = "proposed_unit", pgettext_lazy("needed for a deed", "whose it is instead")
    UNITS = "units", pgettext_lazy("needed for a deed", "the other units")
    INTO = "into", pgettext_lazy("needed for a deed", "the other case")
    METHOD = "method", pgettext_lazy("needed for a deed", "service, management or enforcement")
    UNTIL = "until", pgettext_lazy("needed for a deed", "the day until which")
    RATING = "rating", pgettext_lazy("needed for a deed", "one to five")
    BEFORE_AND_AFTER = "before_and_after", pgettext_lazy("needed for a deed", "pictures of before and after")


@dataclass(frozen=True)
class Transition:
    """One row: the deed, the states from which it is done, the state it leads to (None: it stays), and by whom."""

    deed: Deed
    before: frozenset[Case.State]
    after: Case.State | None
    by: frozenset[Actor]
    needs: frozenset[Need] = field(default_factory=frozenset)


def _row(
    deed: Deed, before: Iterable[Case.State], after: Case.State | None, by: Iterable[Actor], *needs: Need
) -> Transition:
    return Transition(deed, frozenset(before), after, frozenset(by), frozenset(needs))


RUNNING = (State.FILED, *Case.AT_WORK, State.FEEDBACK, State.CHECKING)
"""Filed, not ended, and not put off."""

TRANSITIONS: tuple[Transition, ...] = (
    _row(Deed.CORRECT, [State.REPORTED, State.VERIFYING, State.FILED], None, [Actor.ACCEPTOR]),
    _row(Deed.VERIFY, [State.REPORTED], State.VERIFYING, [Actor.ACCEPTOR]),
    _row(Deed.REPORT_VERIFIED, [State.VERIFYING], State.REPORTED, [Actor.INSPECTOR], Need.REASON),
    _row(Deed.FILE, [State.REPORTED], State.FILED, [Actor.ACCEPTOR], Need.STANDARD),
    _row(Deed.REJECT, [State.REPORTED], State.REJECTED, [Actor.ACCEPTOR], Need.WORD),
    _row(Deed.MERGE, [State.REPORTED, State.FILED], State.MERGED, [Actor.ACCEPTOR, Actor.DISPATCHER], Need.INTO),
    _row(
        Deed.VOID,
        [State.REPORTED, State.VERIFYING, State.FILED, State.DISPATCHED],
        State.VOID,
        [Actor.ACCEPTOR, Actor.OVERSEER],
        Need.REASON,
    ),
    _row(
        Deed.SOLVE_ON_THE_SPOT,
        [State.REPORTED, State.VERIFYING],
        State.FEEDBACK,
        [Actor.INSPECTOR],
        Need.STANDARD,
        Need.UNIT,
        Need.METHOD,
        Need.WORD,
        Need.BEFORE_AND_AFTER,
    ),
    _row(Deed.DISPATCH, [State.FILED], State.DISPATCHED, [Actor.DISPATCHER], Need.UNIT),
    _row(Deed.HAND_BACK, [State.FILED], State.REPORTED, [Actor.DISPATCHER], Need.REASON),
    _row(Deed.SPLIT, [State.FILED], None, [Actor.DISPATCHER], Need.UNITS),
    _row(Deed.RETURN, [State.DISPATCHED], State.FILED, [Actor.UNIT], Need.REASON, Need.PROPOSED_UNIT),
    # Its handler goes on with what was sent back; of one that is new there is none yet.
    _row(Deed.TAKE, [State.DISPATCHED, State.REWORK], State.HANDLING, [Actor.UNIT, Actor.HANDLER]),
    _row(Deed.ASSIGN, [State.HANDLING], None, [Actor.UNIT]),
    _row(Deed.GIVE_UP, [State.HANDLING], State.DISPATCHED, [Actor.HANDLER], Need.REASON),
    _row(Deed.ASK_DELAY, Case.AT_WORK, None, [Actor.UNIT, Actor.HANDLER], Need.REASON),
    _row(Deed.GRANT_DELAY, Case.AT_WORK, None, [Actor.DISPATCHER]),
    _row(Deed.REFUSE_DELAY, Case.AT_WORK, None, [Actor.DISPATCHER], Need.REASON),
    _row(Deed.SUSPEND, [State.HANDLING], State.SUSPENDED, [Actor.DISPATCHER], Need.WORD, Need.UNTIL),
    _row(Deed.RESUME, [State.SUSPENDED], State.HANDLING, [Actor.DISPATCHER, Actor.CLOCK]),
    _row(Deed.SUBMIT, [State.HANDLING], State.FEEDBACK, [Actor.HANDLER, Actor.UNIT], Need.METHOD, Need.WORD),
    _row(Deed.CHECK, [State.FEEDBACK], State.CHECKING, [Actor.ACCEPTOR]),
    _row(Deed.CONFIRM, [State.FEEDBACK, State.CHECKING], None, [Actor.INSPECTOR, Actor.NEIGHBOUR]),
    _row(
        Deed.SEND_BACK,
        [State.FEEDBACK, State.CHECKING],
        State.REWORK,
        [Actor.ACCEPTOR, Actor.INSPECTOR],
        Need.REASON,
    ),
    _row(Deed.CLOSE, [State.FEEDBACK, State.CHECKING], State.CLOSED, [Actor.ACCEPTOR], Need.WORD),
    _row(Deed.URGE, RUNNING, None, [Actor.ACCEPTOR, Actor.DISPATCHER, Actor.OVERSEER]),
    _row(Deed.SUPERVISE, RUNNING, None, [Actor.OVERSEER], Need.REASON),
    _row(Deed.CLIMB, Case.AT_WORK, None, [Actor.CLOCK]),
    # Somebody's name or number is published: it waits for nothing.
    _row(Deed.HIDE, State, None, [Actor.ACCEPTOR, Actor.OVERSEER], Need.REASON),
    _row(Deed.SHOW, State, None, [Actor.ACCEPTOR, Actor.OVERSEER], Need.REASON),
    _row(Deed.RATE, [State.CLOSED], None, [Actor.REPORTER], Need.RATING),
    _row(Deed.REOPEN, [State.CLOSED], State.REWORK, [Actor.REPORTER, Actor.ACCEPTOR], Need.REASON),
)

ROW: dict[Deed, Transition] = {row.deed: row for row in TRANSITIONS}
"""By deed: each has one row."""
