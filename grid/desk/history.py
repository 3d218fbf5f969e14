"""What was done with a case, step by step, for those who work on it: with opinions, and without whoever reported it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid.models import Case, Photo, Step
from grid.rules.transitions import Actor, Deed
from kit.times import stamp_words


@dataclass(frozen=True)
class Done:
    """One step, as it is told."""

    number: int
    what: str
    who: str
    to: str
    at: datetime
    opinion: str
    word: str
    method: str
    former: tuple[str, ...] = ()
    """What the report said until then."""
    photos: tuple[Photo, ...] = ()

    def in_a_sentence(self, now: datetime) -> str:
        """*Mei sent it to the sanitation station at 14:02*: who, what, to whom, when."""
        who_and_what = _("%(who)s: %(what)s") % {"who": self.who, "what": self.what}
        to = f" → {self.to}" if self.to else ""
        return f"{who_and_what}{to} ({stamp_words(self.at, now)})"


def history_of(case: Case, *, since: int = 0, inside: bool = True) -> list[Done]:
    """The steps after number ``since``, the latest first. Two queries.

    Without ``inside`` the opinions are left out: they are said among those who work on it.
    """
    steps = (
        Step.objects.filter(case=case, number__gt=since)
        .select_related("by", "to_unit", "to_person", "former")
        .prefetch_related("photos")
        .order_by("-number")
    )
    return [_told(step, inside=inside) for step in steps]


def happened_since(case: Case, seen: int, *, but: tuple[User, Deed] | None = None) -> str:
    """What was done since somebody looked, in a sentence; empty if nothing.

    ``but`` names a person and a deed: the same press of a button twice is nothing that happened meanwhile.
    """
    done = Step.objects.filter(case=case, number__gt=seen)
    if but is not None:
        done = done.exclude(by=but[0], deed=but[1])
    if not done.exists():
        return ""
    return _("Meanwhile somebody went on with it. %(steps)s. Look at it once more; what you wrote is still here.") % {
        "steps": _in_sentences(history_of(case, since=seen))
    }


def stands_now(case: Case) -> str:
    """In which state it is, and what was done last: for whoever comes too late."""
    last = history_of(case)[:1]
    return _("The case is “%(state)s” now. %(steps)s.") % {
        "state": case.get_state_display(),
        "steps": _in_sentences(last),
    }


def _in_sentences(done: list[Done]) -> str:
    now = timezone.now()
    return "; ".join(each.in_a_sentence(now) for each in reversed(done))


def _told(step: Step, *, inside: bool) -> Done:
    return Done(
        number=step.number,
        what=str(Deed(step.deed).label) if step.deed in Deed else _("Reported"),
        who=_who(step),
        to=", ".join(_whom(step)),
        at=step.at,
        opinion=step.opinion if inside else "",
        word=step.word,
        method=str(step.get_method_display()),
        former=tuple(_former(step)) if inside else (),
        photos=tuple(step.photos.all()),
    )


def _former(step: Step) -> Iterable[str]:
    if hasattr(step, "former"):
        yield from filter(None, (step.former.description, step.former.address))


def _who(step: Step) -> str:
    """Whoever reported it is never named here: the unit that is complained about reads it."""
    if step.by_role == Actor.REPORTER or step.by is None:
        return str(Actor(step.by_role or Actor.REPORTER).label)
    if step.by_role in Actor:
        return _("%(person)s, %(role)s") % {"person": step.by.name, "role": Actor(step.by_role).label}
    return step.by.name


def _whom(step: Step) -> Iterable[str]:
    if step.to_unit is not None:
        yield step.to_unit.spoken_name
    if step.to_person is not None and step.to_person_id != step.by_id:
        yield step.to_person.name
