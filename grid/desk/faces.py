"""A case as those see it who work on it: plain values, so that the template asks nothing of the database."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.cases import questions
from grid.models import Case
from grid.net import maps, plan
from grid.rules import dispatching
from grid.rules.lights import Lamp
from grid.rules.transitions import Actor
from grid.telling import words as case_words
from grid.telling.words import kind_of
from kit.refusals import Refused
from updates import book

from . import contacts, history, suggesting, words


def shown(case: Case, *, person: User, now: datetime) -> dict[str, Any]:
    """What of a case this person sees at the desk. Whoever has no part in it – who only looks from above, or reported it –
    sees neither notes nor questions nor covered pictures nor what may be the same problem, and of a dwelling no more than
    everybody.
    """
    roles = permits.roles_toward(person, case)
    is_inside = not roles.isdisjoint(permits.INSIDE)
    position = position_of(case, inside=is_inside)
    sees_reporter = permits.may_see_reporter(person, case)
    return {
        # Before everything else: what is told while the rest is read is told again.
        "follow": json.dumps(book.heads([f"case:{case.number}"])),
        "case": case,
        "kind": kind_of(case),
        "place": words.place_of(case, inside=is_inside),
        "position": position,
        "map": map_of(case, position),
        "standing": Lamp.lit(now).of(case),
        "roles": [actor.label for actor in Actor if actor in roles],
        "inside": is_inside,
        "photos": list(case.photos.all() if is_inside else permits.photos_to_see(person, case)),
        "may_blur": permits.may_blur(person, case),
        "may_choose_pictures": permits.may_choose_pictures(person, case),
        "history": history.history_of(case, inside=is_inside),
        "notes": list(case.notes.select_related("by")) if is_inside else [],
        "questions": questions.asked_of(case) if is_inside else [],
        "may_ask": questions.may_ask(person, case),
        "why_not_ask": _why_not_ask(case),
        "chain": dispatching.chain_of(case),
        "turn": dispatching.turn_of(case),
        "near": suggesting.same_as(case, now) if is_inside else [],
        "parts": list(case.parts.select_related("unit")),
        "sees_reporter": sees_reporter,
        "reachable": contacts.reachable(case) if sees_reporter else None,
    }


def _why_not_ask(case: Case) -> str:
    """Why its reporter cannot be asked anything now; empty where one can."""
    try:
        questions.demand_askable(case)
    except Refused as refusal:
        return refusal.sentence
    return ""


def position_of(case: Case, *, inside: bool) -> tuple[float, float] | None:
    """The very place; not ``inside``, for a dwelling, only roughly (domain 6.4)."""
    if not inside:
        return case_words.place_of(case).position
    return (case.longitude, case.latitude) if case.longitude is not None and case.latitude is not None else None


def map_of(case: Case, position: tuple[float, float] | None) -> maps.MapFace | None:
    """Where it lies: its road or its cell, and the place. Nothing for one that has only words for its place."""
    if position is None:
        return None
    today = timezone.localdate()
    about = plan.key_of(plan.ROAD, case.road.code) if case.road else ""
    if case.cell is not None:
        about = plan.key_of(case.cell.level, case.cell.code)
    return maps.map_of(
        _("Where it is"),
        plan.features(on=today),
        on=today,
        about={about} if about else (),
        marks=[position],
    )
