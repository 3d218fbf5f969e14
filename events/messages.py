"""What this room tells single people. The deeds that decide it call this inside; the reminder comes by the clock.

A message keeps the facts as they were when it was sent; its words are computed from them alone, for whoever reads them.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities import permits as organisation_permits
from communities.models import Organisation, User
from communities.roles import Right
from communities.words import reads_english
from grid.cases.clockwork import each_alone
from kit.deeds import deed
from kit.times import day_words, written
from updates import messages
from updates.messages import Payload, Words, name_in, named
from updates.models import Message
from updates.titles import unbroken

from . import locks, permits
from .models import Action, Party, Shift, SignUp, SignUpQuerySet

PROMOTED, OFFERED, MOVED, CALLED_OFF, REMINDER = "promoted", "offered", "moved", "called_off", "reminder"
INVITED, ANSWERED, LET_GO = "party_invited", "party_answered", "party_let_go"
PARTNER_MOVED, PARTNER_CALLED_OFF = "party_moved", "party_called_off"

REMINDED_FROM = 18
"""The hour of the evening before from which people are reminded, on the site's clock."""

DATES_ONLY = timedelta(days=7)
"""Seen from so long before, a day is said by its date."""


# --- what is said -----------------------------------------------------------------------------------------------------


def promoted(sign_up: SignUp) -> None:
    """A place came free and is the person's now."""
    payload = _facts(sign_up.shift, sign_up.pk)
    messages.send(kind=PROMOTED, about=f"sign-up:{sign_up.pk}", payloads={sign_up.person_id: payload})


def offered(sign_up: SignUp) -> None:
    """A place is held for the person until ``offered_until``."""
    until = sign_up.offered_until
    if until is None:
        raise ValueError("Nothing is offered here.")
    minutes = max(1, round((until - timezone.now()) / timedelta(minutes=1)))
    payload = {**_facts(sign_up.shift, sign_up.pk), "until": written(until), "minutes": minutes}
    messages.send(kind=OFFERED, about=f"sign-up:{sign_up.pk}", payloads={sign_up.person_id: payload})


def moved(shift: Shift, before: tuple[datetime, datetime], people: Collection[int], now: datetime) -> None:
    """The shift for which these people have or await a place has other hours since ``now``."""
    facts = {
        **_facts(shift, None),
        "was": {"starts_at": written(before[0]), "ends_at": written(before[1])},
        "free_until": written(shift.cancel_until),
    }
    theirs = SignUp.objects.live().filter(shift=shift).values_list("person_id", "pk")
    payloads = {person: {**facts, "sign_up": pk} for person, pk in theirs if person in people}
    messages.send(kind=MOVED, about=_about_moved(shift, now), payloads=payloads)


def called_off(action: Action, people: Collection[int]) -> None:
    """What these people had or awaited a place for does not take place; shifts that are over are not spoken of."""
    ended = SignUp.objects.filter(shift__action=action, cause=SignUp.Cause.CALLED_OFF, cancelled_at=action.ended_at)
    facts = {**_facts_of(action), "reason": action.reason}
    payloads: dict[int, dict[str, Any]] = {}
    # Who was down for several shifts is told once, and led to the one that begins first.
    for row in ended.order_by("-shift__starts_at", "-pk").values(
        "person_id", "pk", "shift__starts_at", "shift__ends_at"
    ):
        hours = {"starts_at": written(row["shift__starts_at"]), "ends_at": written(row["shift__ends_at"])}
        if row["person_id"] in people:
            payloads[row["person_id"]] = {**facts, **hours, "sign_up": row["pk"]}
    messages.send(kind=CALLED_OFF, about=f"action:{action.pk}", payloads=payloads)


def moved_for_partners(
    shift: Shift, before: tuple[datetime, datetime], now: datetime, *, without: Collection[int]
) -> None:
    """A shift of an action has other hours since ``now``; told to everybody who answers for a partner that takes part.

    ``without`` are those who know it: whoever moved it, and the people of the shift, who are told of their own place.
    """
    facts = {
        "task": shift.task,
        "starts_at": written(shift.starts_at),
        "ends_at": written(shift.ends_at),
        "was": {"starts_at": written(before[0]), "ends_at": written(before[1])},
    }
    answering = permits.who_answers_for_partners(shift.action, without=without)
    payloads = {person: {**_facts_of_party(party), **facts} for person, party in answering.items()}
    messages.send(kind=PARTNER_MOVED, about=_about_moved(shift, now), payloads=payloads)


def called_off_for_partners(action: Action, *, without: Collection[int]) -> None:
    """The action does not take place; told to everybody who answers for a partner that takes part, as when it is moved."""
    answering = permits.who_answers_for_partners(action, without=without)
    payloads = {person: {**_facts_of_party(party), "reason": action.reason} for person, party in answering.items()}
    messages.send(kind=PARTNER_CALLED_OFF, about=f"action:{action.pk}", payloads=payloads)


def invited(party: Party) -> None:
    """An organisation is asked to take part; told to everybody who may answer for it."""
    payload = {
        **_facts_of_party(party),
        "host": _named(party.action.host),
        **named("person", party.invited_by),
        "asked_for": party.asked_for,
    }
    people = organisation_permits.people_who_may(Right.ANSWER_INVITATION, party.organisation)
    payloads = {person.pk: payload for person in people if person.pk != party.invited_by_id}
    messages.send(kind=INVITED, about=f"party:{party.pk}", payloads=payloads)


def answered(party: Party, by: User) -> None:
    """A partner said yes or no, or left; told to whoever asked and to those who run the action."""
    action = party.action
    payload = {
        **_facts_of_party(party),
        "state": party.state,
        **named("person", by),
        "word": party.parting if party.state == Party.State.LEFT else party.word,
    }
    told = {person.pk: person for person in organisation_permits.people_who_may(Right.RUN_ACTION, action.host)}
    inviter = party.invited_by
    if organisation_permits.may(inviter, Right.BELONG, action.host):
        told.setdefault(inviter.pk, inviter)
    told.pop(by.pk, None)
    desk, page = reverse("events:desk", args=[action.pk]), action.get_absolute_url()
    payloads = {
        pk: {**payload, "url": desk if permits.may_run(person, action) else page} for pk, person in told.items()
    }
    messages.send(kind=ANSWERED, about=f"party:{party.pk}:{party.state}", payloads=payloads)


def let_go(party: Party, by: User) -> None:
    """The host ended it; told to everybody who may answer for the partner."""
    payload = {
        **_facts_of_party(party),
        "host": _named(party.action.host),
        **named("person", by),
        "word": party.parting,
    }
    people = organisation_permits.people_who_may(Right.ANSWER_INVITATION, party.organisation)
    payloads = {person.pk: payload for person in people if person.pk != by.pk}
    messages.send(kind=LET_GO, about=f"party:{party.pk}", payloads=payloads)


def remind() -> None:
    """The clock's job: from six in the evening remind everybody who has a place tomorrow, once for each day of a shift.

    Who got the place this evening knows it. Reads first; a transaction is opened for each shift with somebody to remind.
    """
    now = timezone.localtime()
    if now.hour < REMINDED_FROM:
        return
    since = now.replace(hour=REMINDED_FROM, minute=0, second=0, microsecond=0)
    day = now.date() + timedelta(days=1)
    shifts = Shift.objects.filter(pk__in=_to_remind(day, since).order_by().values("shift"))

    def remind_of(shift: Shift) -> None:
        _remind(shift, day=day, since=since)

    each_alone(shifts, remind_of)


@deed
def _remind(shift: Shift, *, day: date, since: datetime) -> None:
    """Shares the action, so that nobody is reminded of what is being moved or called off. Again says nothing."""
    locks.share_action(shift.action_id)
    due = _to_remind(day, since).filter(shift=shift).values_list("person_id", "pk")
    held = Shift.objects.select_related("action").get(pk=shift.pk)
    facts = _facts(held, None)
    payloads = {person: {**facts, "sign_up": pk} for person, pk in due}
    messages.send(kind=REMINDER, about=f"shift:{shift.pk}:{day}", payloads=payloads)


def _to_remind(day: date, since: datetime) -> SignUpQuerySet:
    """Who has had a place since before ``since`` on a shift that begins on this day, and was not reminded of it yet."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    about = Concat(Value("shift:"), Cast(OuterRef("shift"), CharField()), Value(f":{day}"))
    told = Message.objects.filter(person=OuterRef("person"), kind=REMINDER, about=about)
    takes_place = Action.objects.public().announced().values("pk")
    coming = SignUp.objects.confirmed().filter(confirmed_at__lt=since, shift__action__in=takes_place)
    return coming.filter(shift__starts_at__gte=begin, shift__starts_at__lt=end).exclude(Exists(told))


def _about_moved(shift: Shift, now: datetime) -> str:
    return f"shift:{shift.pk}:{written(shift.starts_at)}:{now.isoformat()}"


# --- the facts --------------------------------------------------------------------------------------------------------


def _facts(shift: Shift, sign_up: int | None) -> dict[str, Any]:
    hours = {"starts_at": written(shift.starts_at), "ends_at": written(shift.ends_at)}
    return {**_facts_of(shift.action), **hours, "task": shift.task, "sign_up": sign_up}


def _facts_of(action: Action) -> dict[str, Any]:
    page = action.page
    return {
        "action": action.pk,
        "title": unbroken(page.title),
        "title_en": unbroken(page.title_en),
        "is_online": action.is_online,
        "place": action.place,
        "meeting_point": action.meeting_point,
    }


def _facts_of_party(party: Party) -> dict[str, Any]:
    """Of the action as those who prepare it know it: a draft has the title that was written last."""
    action = party.action
    page = action.page
    title = page.draft_title if action.state == Action.State.DRAFT else page.title
    when = {}
    if action.starts_at and action.ends_at:
        when = {"starts_at": written(action.starts_at), "ends_at": written(action.ends_at)}
    named = {"title": unbroken(title or page.title), "title_en": unbroken(page.title_en)}
    return {"action": action.pk, "party": party.pk, "organisation": _named(party.organisation), **named, **when}


def _named(organisation: Organisation) -> dict[str, str]:
    return {"name": organisation.name, "name_en": organisation.name_en}


# --- in words ---------------------------------------------------------------------------------------------------------


def _promoted_words(payload: Payload, now: datetime | None) -> Words:
    title = _("A place came free, you are in: %(title)s") % {"title": _title(payload)}
    text = _("%(when)s, %(where)s. If you cannot come, please cancel: somebody else is glad of the place.")
    return Words(title, text % _when_and_where(payload, now), _own_address(payload))


def _offered_words(payload: Payload, now: datetime | None) -> Words:
    title = _("A place is free: %(title)s") % {"title": _title(payload)}
    text = ngettext(
        "%(when)s, %(where)s. The place is kept for you for %(minutes)s minute, until %(until)s; say yes or no, or it "
        "goes to the next in line.",
        "%(when)s, %(where)s. The place is kept for you for %(minutes)s minutes, until %(until)s; say yes or no, or it "
        "goes to the next in line.",
        payload["minutes"],
    )
    until = _moment(payload["until"])
    told = {"minutes": payload["minutes"], "until": _clock(until)}
    is_urgent = now is None or now < until
    return Words(title, text % {**_when_and_where(payload, now), **told}, _own_address(payload), is_urgent)


def _moved_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Other hours: %(title)s") % {"title": _title(payload)}
    text = _(
        "Now %(when)s, %(where)s; before it was %(was)s. If that does not suit you, you may cancel without a reason until "
        "%(until)s."
    )
    told = {"was": _hours(payload["was"], now), "until": _at(_moment(payload["free_until"]), now)}
    return Words(title, text % {**_when_and_where(payload, now), **told}, _own_address(payload))


def _called_off_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Called off: %(title)s") % {"title": _title(payload)}
    text = _("%(when)s, %(where)s: it does not take place. The reason: %(reason)s")
    return Words(title, text % {**_when_and_where(payload, now), "reason": payload["reason"]}, _own_address(payload))


def _reminder_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You are expected: %(title)s") % {"title": _title(payload)}
    text = _("%(when)s, %(where)s. If you cannot come, please cancel now: somebody else is glad of the place.")
    return Words(title, text % _when_and_where(payload, now), _own_address(payload))


def _invited_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(host)s invites %(organisation)s: %(title)s") % _told(payload, "host", "organisation")
    person = name_in(payload, "person")
    text = _("%(person)s asks you to take part.") % {"person": person}
    if "starts_at" in payload:
        when = capfirst(_hours(payload, now))
        text = _("%(when)s. %(person)s asks you to take part.") % {"when": when, "person": person}
    if payload["asked_for"]:
        text = _("%(text)s What is wanted: %(asked_for)s") % {**payload, "text": text}
    return Words(title, text, _invitation_address(payload))


def _answered_words(payload: Payload, now: datetime | None) -> Words:
    title = {
        Party.State.JOINED: _("%(organisation)s takes part: %(title)s"),
        Party.State.DECLINED: _("%(organisation)s cannot take part: %(title)s"),
        Party.State.LEFT: _("%(organisation)s no longer takes part: %(title)s"),
    }[Party.State(payload["state"])] % _told(payload, "organisation")
    return Words(title, _signed_words(payload), payload["url"])


def _let_go_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(host)s goes on without %(organisation)s: %(title)s") % _told(payload, "host", "organisation")
    return Words(title, _signed_words(payload), _invitation_address(payload))


def _partner_moved_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Other hours: %(title)s") % {"title": _title(payload)}
    text = _("Now %(when)s; before it was %(was)s. %(organisation)s takes part: please tell your people.")
    hours = {"when": _hours(payload, now), "was": _hours(payload["was"], now)}
    return Words(title, text % {**_told(payload, "organisation"), **hours}, _invitation_address(payload))


def _partner_called_off_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Called off: %(title)s") % {"title": _title(payload)}
    text = _("%(when)s: it does not take place, and %(organisation)s need not come. The reason: %(reason)s")
    told = {**_told(payload, "organisation"), "when": capfirst(_hours(payload, now)), "reason": payload["reason"]}
    return Words(title, text % told, _invitation_address(payload))


def _signed_words(payload: Payload) -> str:
    """The word that came with an answer, with who signed it."""
    signed = {"person": name_in(payload, "person"), "word": payload["word"]}
    if payload["word"]:
        return _("%(person)s writes: %(word)s") % signed
    return _("Signed by %(person)s.") % signed


KINDS: Mapping[str, messages.Speak] = {
    PROMOTED: _promoted_words,
    OFFERED: _offered_words,
    MOVED: _moved_words,
    CALLED_OFF: _called_off_words,
    REMINDER: _reminder_words,
    INVITED: _invited_words,
    ANSWERED: _answered_words,
    LET_GO: _let_go_words,
    PARTNER_MOVED: _partner_moved_words,
    PARTNER_CALLED_OFF: _partner_called_off_words,
}
"""What this room tells single people, with its words."""


def _title(payload: Payload) -> str:
    """The title of the action in the reader's language; in Chinese where nobody has translated it."""
    return str(payload["title_en"] or payload["title"] if reads_english() else payload["title"])


def _told(payload: Payload, *parties: str) -> dict[str, str]:
    """The title and the names of these organisations in the reader's language."""
    is_english = reads_english()
    names = {
        key: payload[key]["name_en"] or payload[key]["name"] if is_english else payload[key]["name"] for key in parties
    }
    return {"title": _title(payload), **names}


def _when_and_where(payload: Payload, now: datetime | None) -> dict[str, str]:
    return {"when": capfirst(_hours(payload, now)), "where": _where(payload)}


def _where(payload: Payload) -> str:
    place = _("Online") if payload["is_online"] else payload["place"]
    point = payload["meeting_point"]
    return _("%(place)s (meet at: %(point)s)") % {"place": place, "point": point} if point else place


def _hours(hours: Payload, now: datetime | None) -> str:
    start, end = _moment(hours["starts_at"]), _moment(hours["ends_at"])
    return day_words(start, end, now=now or start - DATES_ONLY)


def _at(moment: datetime, now: datetime | None) -> str:
    return day_words(moment, now=now or moment - DATES_ONLY)


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _moment(payload: str) -> datetime:
    return datetime.fromisoformat(payload)


def _own_address(payload: Payload) -> str:
    """One's own sign-up: everything one needs to come, to answer or to cancel."""
    return reverse("events:signed_up", args=[payload["sign_up"]])


def _invitation_address(payload: Payload) -> str:
    """What the organisation was asked and what it answered."""
    return reverse("events:invitation", args=[payload["party"]])
