"""Organisations do an action together: the host asks, partners answer with a word. The only writer of a party's state.

Partners may be asked as soon as there is a draft, because people agree beforehand; announcing does not wait for them. Who
has not answered, or said no, is known to the host and to itself, and to nobody else.
"""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from communities import permits as organisation_permits
from communities.models import Organisation, OrganisationQuerySet, User
from communities.roles import Right
from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import locks, messages, permits, telling
from .models import WORD_LENGTH, Action, Party
from .states import OVER

MOST = 30
"""Partners of one action, asked or taking part: an action with more is a campaign, and its page a list of names."""


@deed
def invite(*, action: Action, organisation: Organisation, by: User, asked_for: str = "") -> Party:
    """Ask an organisation to take part. Who answers for it is told at once. Asked again, it is the invitation as it stands.

    Locks the action, so that two who ask the same at once ask once. Raises ``Refused``: ``no_right`` (403), ``over``,
    ``itself``, ``not_to_be_asked``, ``too_many``, ``asked_for_too_long`` (422).
    """
    held = locks.lock_action(action.pk)
    permits.demand_compose(by, held)
    standing = Party.objects.standing().filter(action=held, organisation=organisation).first()
    if standing is not None:
        return standing
    _demand_not_over(held)
    asked_for = as_written(asked_for, most=WORD_LENGTH, field="asked_for")
    if organisation.pk == held.host_id:
        raise Refused(
            "itself",
            _("%(organisation)s is the host; it takes part anyway.") % {"organisation": organisation.spoken_name},
            field="partners",
        )
    if not to_be_asked().filter(pk=organisation.pk).exists():
        raise Refused(
            "not_to_be_asked",
            _("%(organisation)s cannot be asked: it is not verified, or its page is not public.")
            % {"organisation": organisation.spoken_name},
            field="partners",
        )
    if Party.objects.standing().filter(action=held).count() >= MOST:
        raise Refused("too_many", _("An action can have at most %(most)d partners.") % {"most": MOST}, field="partners")
    party = Party.objects.create(action=held, organisation=organisation, asked_for=asked_for, invited_by=by)
    messages.invited(party)
    telling.asked(held)
    return party


def to_be_asked() -> OrganisationQuerySet:
    """The organisations that can be asked: verified, with a public page."""
    return Organisation.objects.verified().public()


@deed
def accept(*, party: Party, by: User, word: str = "") -> Party:
    """Say yes in the name of the organisation that was asked; everybody who follows the action hears it. Again says nothing.

    Shares the action, locks the invitation. Raises ``Refused``: ``no_right`` (403), ``answered`` or ``taken_back`` with
    how it stands, ``over``, ``word_too_long`` (422).
    """
    return _answer(party, by, word, Party.State.JOINED)


@deed
def decline(*, party: Party, by: User, word: str = "") -> Party:
    """Say no in the name of the organisation that was asked; only the host learns of it. Locks and refuses as :func:`accept`."""
    return _answer(party, by, word, Party.State.DECLINED)


@deed
def leave(*, party: Party, by: User, word: str = "") -> Party:
    """Take part no longer, of one's own will. What was posted in the partner's name stays. Again says nothing.

    Shares the action, locks the party. Raises ``Refused``: ``no_right`` (403), ``not_in`` for who never said yes, ``over``,
    ``word_too_long`` (422).
    """
    _demand_answer(party, by)
    return _end(party, by, as_written(word, most=WORD_LENGTH, field="word"), party.organisation)


@deed
def let_go(*, party: Party, by: User, word: str) -> Party:
    """The host ends it with a partner that takes part, and says why. Locks and refuses as :func:`leave`; ``word_missing``."""
    permits.demand_compose(by, locks.share_action(party.action_id))
    missing = _("Say in a word why; the partner and everybody who follows the action read it.")
    return _end(party, by, as_written(word, most=WORD_LENGTH, field="word", missing=missing), party.action.host)


@deed
def take_back(*, party: Party, by: User) -> Party:
    """The host asks no longer. Again changes nothing.

    Shares the action, locks the invitation. Raises ``Refused``: ``no_right`` (403), ``answered`` with how it stands.
    """
    action = locks.share_action(party.action_id)
    permits.demand_compose(by, action)
    held = locks.lock_party(party.pk)
    if held.state == Party.State.WITHDRAWN:
        return held
    if held.state != Party.State.INVITED:
        raise Refused("answered", how_it_stands(held))
    held.state, held.ended_at, held.ended_by = Party.State.WITHDRAWN, timezone.now(), by
    held.save(update_fields=["state", "ended_at", "ended_by"])
    telling.asked(action)
    return held


@deed
def invite_all(*, action: Action, organisations: Iterable[Organisation], by: User, asked_for: str = "") -> None:
    """Ask several with the same words, all of them or none. Locks the action, raises ``Refused`` as :func:`invite`."""
    for organisation in organisations:
        invite(action=action, organisation=organisation, by=by, asked_for=asked_for)


def how_it_stands(party: Party) -> str:
    """What became of an invitation, in a sentence."""
    told = {
        "organisation": party.organisation.spoken_name,
        "answered_by": party.answered_by.name if party.answered_by else "",
        "ended_by": party.ended_by.name if party.ended_by else "",
    }
    return {
        Party.State.INVITED: _("%(organisation)s has not answered yet."),
        Party.State.JOINED: _("%(organisation)s takes part; %(answered_by)s said yes."),
        Party.State.DECLINED: _("%(organisation)s does not take part; %(answered_by)s said no."),
        Party.State.LEFT: _("%(organisation)s no longer takes part; %(ended_by)s ended it."),
        Party.State.WITHDRAWN: _("The host has taken this invitation back."),
    }[Party.State(party.state)] % told


def _answer(party: Party, by: User, word: str, answer: Party.State) -> Party:
    _demand_answer(party, by)
    action = locks.share_action(party.action_id)
    held = locks.lock_party(party.pk)
    if held.state == answer:
        return held
    if held.state == Party.State.WITHDRAWN:
        raise Refused("taken_back", how_it_stands(held))
    if held.state != Party.State.INVITED:
        raise Refused("answered", how_it_stands(held))
    _demand_not_over(action)
    held.word = as_written(word, most=WORD_LENGTH, field="word")
    held.state, held.answered_at, held.answered_by = answer, timezone.now(), by
    held.save(update_fields=["state", "word", "answered_at", "answered_by"])
    if answer == Party.State.JOINED:
        telling.party_joined(held, action, by)
    else:
        telling.asked(action)
    messages.answered(held, by)
    return held


def _end(party: Party, by: User, word: str, speaker: Organisation) -> Party:
    action = locks.share_action(party.action_id)
    held = locks.lock_party(party.pk)
    if held.state == Party.State.LEFT:
        return held
    if held.state != Party.State.JOINED:
        raise Refused("not_in", how_it_stands(held))
    _demand_not_over(action)
    held.state, held.parting, held.ended_at, held.ended_by = Party.State.LEFT, word, timezone.now(), by
    held.save(update_fields=["state", "parting", "ended_at", "ended_by"])
    telling.party_left(held, action, by, speaker=speaker)
    if speaker.pk == action.host_id:
        messages.let_go(held, by)
    else:
        messages.answered(held, by)
    return held


def _demand_answer(party: Party, by: User) -> None:
    organisation_permits.demand(by, Right.ANSWER_INVITATION, party.organisation)


def _demand_not_over(action: Action) -> None:
    """Who took part in what is over took part in it; nothing is added to it or taken away."""
    if action.phase(timezone.now()) in OVER:
        raise Refused("over", _("This action is over; nothing about its partners changes any more."))
