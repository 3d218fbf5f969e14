"""What people are told of the posts that they hold, stand in for or fill. The deeds that decide it call this inside.

A message keeps the facts as they were when it was sent; its words are computed from them alone, for whoever reads them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from communities import permits
from communities.models import Organisation, User
from communities.roles import Right
from communities.words import local_text
from grid.models import Absence, Deputy, Post, TeamMember
from kit.times import date_words, lasting_date_words
from updates import messages
from updates.messages import Payload, Words, name_in, named

from . import appointers, places
from .words import place_words, role_words

APPOINTED, HANDED_OVER, RELIEVED = "post_appointed", "post_handed_over", "post_relieved"
NAMED_DEPUTY, NO_DEPUTY, STANDS_IN, IS_BACK = "post_deputy", "post_no_deputy", "post_stands_in", "post_is_back"
AWAY, EMPTY = "post_away", "post_empty"
IN_TEAM, OUT_OF_TEAM = "grid_team_in", "grid_team_out"

MISSED = frozenset({Post.Role.ZONE_HEAD, Post.Role.CELL_WORKER, Post.Role.ROAD_CHIEF})
"""The roles without which a place has nobody; the others are held by several."""


def appointed(post: Post, by: User) -> None:
    """Somebody answers for a place from a day on."""
    _send(APPOINTED, f"post:{post.pk}", _concerned(post), _facts(post), by)


def handed_over(post: Post, before: Post, by: User) -> None:
    """The new holder takes over with the note, the old one is told who does."""
    who = named("person", before.person) if before.person is not None else {"person": _name(before)}
    _send(HANDED_OVER, f"post:{post.pk}", _concerned(post), {**_facts(post), **who, "note": post.handover}, by)
    relieved(before, by, after=post)


def relieved(post: Post, by: User, *, after: Post | None = None) -> None:
    """The holder no longer answers for the place from the post's ``until`` on; ``after`` is who takes over."""
    facts = _facts(post)
    if after is not None:
        facts |= named("person", after.person) if after.person is not None else {"person": _name(after)}
    _send(RELIEVED, f"post:{post.pk}:{post.until}", _concerned(post), facts, by)


def empty(post: Post, since: date, by: User) -> None:
    """Nobody holds the post from this day on; told to those who fill it."""
    if post.role in MISSED:
        facts = {**_facts(post), "empty_since": since.isoformat()}
        _send(EMPTY, f"post:{post.pk}:{since}", appointers.who_may_fill(post, since), facts, by)


def named_deputy(deputy: Deputy, by: User) -> None:
    """Somebody stands in whenever the holder is away."""
    facts = {**_facts(deputy.post), **_holder(deputy.post), "since": deputy.since.isoformat()}
    _send(NAMED_DEPUTY, f"deputy:{deputy.pk}", [deputy.person_id], facts, by)


def no_deputy(deputy: Deputy, by: User) -> None:
    """Somebody else stands in from now on, or nobody."""
    facts = {**_facts(deputy.post), **_holder(deputy.post), "until": _written(deputy.until)}
    _send(NO_DEPUTY, f"deputy:{deputy.pk}:{deputy.until}", [deputy.person_id], facts, by)


def away(absence: Absence, deputy: User | None, by: User) -> None:
    """The holder is away: told to the holder, to whoever stands in, and where nobody does, to those who fill the post."""
    post, facts = absence.post, _absence_facts(absence)
    about = f"absence:{absence.pk}"
    _send(AWAY, about, _concerned(post), facts, by)
    if deputy is not None:
        stands_in(absence, deputy, by)
    elif post.role in MISSED:
        _send(EMPTY, about, appointers.who_may_fill(post, timezone.localdate()), facts, by)


def stands_in(absence: Absence, deputy: User, by: User) -> None:
    """The holder is away, and this one stands in."""
    _send(STANDS_IN, f"absence:{absence.pk}", [deputy.pk], _absence_facts(absence), by)


def is_back(absence: Absence, deputy: User | None, by: User) -> None:
    """The absence ends on another day than was said, or never began; told to the holder and to whoever stood in."""
    post = absence.post
    facts = {**_facts(post), **_holder(post), "until": absence.until.isoformat()}
    people = [*_concerned(post), *([deputy.pk] if deputy else [])]
    _send(IS_BACK, f"absence:{absence.pk}:{absence.until}", people, facts, by)


def in_team(member: TeamMember, by: User) -> None:
    """The person belongs to the grid team from a day on."""
    _send(IN_TEAM, f"team:{member.pk}", [member.person_id], {"since": member.since.isoformat()}, by)


def out_of_team(member: TeamMember, by: User) -> None:
    """The person no longer belongs to it."""
    facts = {"until": _written(member.until)}
    _send(OUT_OF_TEAM, f"team:{member.pk}:{member.until}", [member.person_id], facts, by)


# --- the facts --------------------------------------------------------------------------------------------------------


def _send(kind: str, about: str, people: Iterable[int], facts: Payload, by: User) -> None:
    """Whoever does it knows it."""
    messages.send(kind=kind, about=about, payloads={person: facts for person in people if person != by.pk})


def _concerned(post: Post) -> list[int]:
    """The holder; of a department those who handle its cases."""
    if post.person_id is not None:
        return [post.person_id]
    if post.organisation is None:
        return []
    return list(permits.people_who_may(Right.HANDLE_CASE, post.organisation).values_list("pk", flat=True))


def _facts(post: Post) -> dict[str, Any]:
    place = places.of_post(post)
    return {
        "post": post.pk,
        "role": post.role,
        "level": post.level,
        "place": {"name": place.name, "name_en": place.name_en},
        "stretch": post.segment.number if post.segment else None,
        "organisation": _named(post.organisation) if post.person_id is None else None,
        "since": post.since.isoformat(),
        "until": _written(post.until),
    }


def _absence_facts(absence: Absence) -> dict[str, Any]:
    days = {"since": absence.since.isoformat(), "until": absence.until.isoformat()}
    return {**_facts(absence.post), **_holder(absence.post), **days}


def _holder(post: Post) -> dict[str, Any]:
    return named("person", post.person) if post.person is not None else {"person": _name(post)}


def _named(organisation: Organisation | None) -> dict[str, str] | None:
    return {"name": organisation.name, "name_en": organisation.name_en} if organisation is not None else None


def _name(post: Post) -> str:
    return post.organisation.name if post.organisation is not None else ""


def _written(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# --- in words ---------------------------------------------------------------------------------------------------------


def _appointed_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You answer for %(place)s: %(role)s")
    if payload["organisation"]:
        title = _("%(organisation)s answers for %(place)s: %(role)s")
    text = _("From %(since)s on. What there is to do stands on the responsibility card.")
    if payload["until"]:
        text = _("From %(since)s on, until %(until)s. What there is to do stands on the responsibility card.")
    return _words(title, text, payload, now)


def _handed_over_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You take over %(place)s: %(role)s")
    if payload["organisation"]:
        title = _("%(organisation)s takes over %(place)s: %(role)s")
    text = _("From %(since)s on, from %(person)s.")
    if payload["note"]:
        text = _("From %(since)s on, from %(person)s. To know: %(note)s")
    return _words(title, text, payload, now)


def _relieved_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You no longer answer for %(place)s: %(role)s")
    if payload["organisation"]:
        title = _("%(organisation)s no longer answers for %(place)s: %(role)s")
    text = _("From %(until)s on. Thank you for what was done.")
    if "person" in payload:
        text = _("From %(until)s on it is %(person)s. Thank you for what was done.")
    return _words(title, text, payload, now)


def _deputy_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You stand in for %(person)s at %(place)s: %(role)s")
    text = _("From %(since)s on, whenever %(person)s is away. You are told each time.")
    return _words(title, text, payload, now)


def _no_deputy_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You no longer stand in for %(person)s at %(place)s: %(role)s")
    return _words(title, _("From %(until)s on."), payload, now)


def _away_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You are noted as away: %(place)s, %(role)s")
    return _words(title, _("From %(since)s on, back on %(until)s."), payload, now)


def _stands_in_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You stand in: %(place)s, %(role)s")
    text = _("%(person)s is away from %(since)s on and back on %(until)s. Until then the place is yours.")
    return _words(title, text, payload, now)


def _back_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(person)s is back earlier: %(place)s, %(role)s")
    return _words(title, _("Back on %(until)s."), payload, now)


def _empty_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Nobody acts at %(place)s: %(role)s")
    if "empty_since" in payload:
        text = _("The post is empty from %(empty_since)s on. Please appoint somebody.")
    else:
        text = _(
            "%(person)s is away from %(since)s on and back on %(until)s, and nobody stands in. Please name a deputy."
        )
    words = _words(title, text, payload, now)
    return words._replace(url=reverse("grid:post", args=[payload["post"]]), is_urgent=True)


def _in_team_words(payload: Payload, now: datetime | None) -> Words:
    text = _("From %(since)s on.") % {"since": _day(payload["since"], now)}
    return Words(_("You belong to the grid team"), text, reverse("grid:my_places"))


def _out_of_team_words(payload: Payload, now: datetime | None) -> Words:
    text = _("From %(until)s on.") % {"until": _day(payload["until"], now)}
    return Words(_("You no longer belong to the grid team"), text, reverse("grid:my_places"))


KINDS: Mapping[str, messages.Speak] = {
    APPOINTED: _appointed_words,
    HANDED_OVER: _handed_over_words,
    RELIEVED: _relieved_words,
    NAMED_DEPUTY: _deputy_words,
    NO_DEPUTY: _no_deputy_words,
    AWAY: _away_words,
    STANDS_IN: _stands_in_words,
    IS_BACK: _back_words,
    EMPTY: _empty_words,
    IN_TEAM: _in_team_words,
    OUT_OF_TEAM: _out_of_team_words,
}
"""What this room tells single people about posts, with its words."""


def _words(title: str, text: str, payload: Payload, now: datetime | None) -> Words:
    place = payload["place"]
    said: dict[str, str] = {
        "place": place_words(place["name"], place["name_en"], payload["stretch"]),
        "role": role_words(payload["role"], payload["level"]),
        "note": payload.get("note", ""),
    }
    if payload["organisation"]:
        said["organisation"] = local_text(payload["organisation"]["name"], payload["organisation"]["name_en"]).text
    if "person" in payload:
        said["person"] = name_in(payload, "person")
    said |= {key: _day(payload[key], now) for key in ("since", "until", "empty_since") if payload.get(key)}
    return Words(capfirst(title % said), capfirst(text % said), reverse("grid:my_places"))


def _day(written: str, now: datetime | None) -> str:
    """Seen from the moment; where nobody knows when it will be read, as a date."""
    day = date.fromisoformat(written)
    if now is None:
        return lasting_date_words(day, year=day.year)
    return date_words(day, today=timezone.localtime(now).date())
