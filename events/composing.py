"""The composer: an action, its page and its shifts are written in one go, or not at all.

What somebody has typed and not sent yet is kept here too, just as it was typed.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext as _
from wagtail.models import Revision

from communities import people
from communities.models import Organisation, User
from kit.deeds import deed
from kit.refusals import Refused

from . import locks, parties, publishing, shifts
from .identifiers import id_in, key_in
from .models import Action, ComposerDraft, Shift, SignUp
from .publishing import Details
from .shifts import Hours


@dataclass(frozen=True)
class Row:
    """What is to become of a shift: a new one (``hours`` alone), a changed one (both), a removed one (``shift`` alone)."""

    hours: Hours | None = None
    shift: Shift | None = None


@dataclass(frozen=True)
class Asking:
    """Whom to ask to take part, and with which words."""

    partners: Sequence[Organisation] = ()
    asked_for: str = ""


NOBODY = Asking()


class Composed(NamedTuple):
    """What came of sending the form: the action, and whether this request made it."""

    action: Action
    is_new: bool


@deed
def compose(
    *,
    key: uuid.UUID,
    host: Organisation,
    details: Details,
    rows: Sequence[Row],
    announce: bool,
    by: User,
    asking: Asking = NOBODY,
) -> Composed:
    """Make an action with its page, shifts and invitations, and announce it if asked to; a refusal leaves nothing behind.

    ``key`` belongs to the form that was sent: the same key again does nothing and returns the action that it made.
    Locks the person, so that of two equal requests the second finds what the first one made. Raises ``Refused`` as
    :func:`publishing.draft`, :func:`shifts.add` (``facts["row"]`` is the place in ``rows``), :func:`parties.invite` and
    :func:`publishing.announce`, and ``other_request`` (422) for somebody else's key.
    """
    people.hold_one(by)
    known = Action.objects.select_related("host").filter(key=key).first()
    if known is not None:
        if known.made_by_id != by.pk:
            raise Refused("other_request", _("This form belongs to somebody else. Please open a new one."), status=422)
        return Composed(known, is_new=False)
    action = publishing.draft(host=host, details=details, by=by, key=key)
    _write_rows(action, rows, by, seen=())
    _ask(action, asking, by)
    if announce:
        action = publishing.announce(action=action, by=by)
    _forget(by, None)
    return Composed(action, is_new=True)


@deed
def recompose(
    *,
    action: Action,
    details: Details,
    rows: Sequence[Row],
    announce: bool,
    by: User,
    seen: Sequence[int] = (),
    asking: Asking = NOBODY,
    edition: str = "",
) -> Action:
    """Rewrite an action and its shifts, and ask more partners; the long text, which the composer does not show, stays.

    ``rows`` names only shifts that are to change. ``seen`` as in :func:`shifts.change`. ``edition`` is the revision of the
    page that ``by`` had in sight: where it is no longer the latest, nothing is written over. Locks the people of the changed
    shifts, then the action: the order of the house, although the words are written before the shifts. Raises ``Refused``
    ``changed_meanwhile`` (with the ``edition`` as it is now), and as :func:`publishing.revise`, :func:`shifts.add`, :func:`shifts.change`, :func:`shifts.remove` (with
    ``facts["row"]``), :func:`parties.invite` and, if asked to announce, :func:`publishing.announce`.
    """
    moved = [row.shift for row in rows if row.shift is not None]
    people.hold(SignUp.objects.live().filter(shift__in=moved).values_list("person_id", flat=True))
    held = locks.lock_action(action.pk)
    if edition not in ("", str(held.page.latest_revision_id)):
        raise Refused(
            "changed_meanwhile",
            _("This action was changed while you wrote. Save again, and what you wrote here takes its place."),
            edition=held.page.latest_revision_id,
        )
    body = held.page.get_latest_revision_as_object().body
    _write_rows(held, rows, by, seen=seen)
    held = publishing.revise(action=held, details=replace(details, body=body), by=by)
    _ask(held, asking, by)
    if announce:
        held = publishing.announce(action=held, by=by)
    _forget(by, action)
    return held


@deed
def keep_typed(*, action: Action | None, typed: Mapping[str, str], by: User) -> ComposerDraft | None:
    """Keep what ``by`` has typed, for this action or for a new one, in place of what was kept before.

    Returns None, and keeps nothing, if the form was sent meanwhile: a slow autosave must not bring back what is done.
    Locks the person.
    """
    people.hold_one(by)
    if _was_sent(typed, action, by):
        return None
    kept, _is_new = ComposerDraft.objects.update_or_create(person=by, action=action, defaults={"typed": dict(typed)})
    return kept


@deed
def forget_typed(*, action: Action | None, by: User) -> None:
    """Throw away what ``by`` has typed and not sent. Locks the person."""
    people.hold_one(by)
    _forget(by, action)


def typed_before(person: User, action: Action | None) -> ComposerDraft | None:
    """What this person typed and did not send, for this action or for a new one."""
    return ComposerDraft.objects.filter(person=person, action=action).first()


def _ask(action: Action, asking: Asking, by: User) -> None:
    parties.invite_all(action=action, organisations=asking.partners, asked_for=asking.asked_for, by=by)


def _write_rows(action: Action, rows: Sequence[Row], by: User, *, seen: Sequence[int]) -> None:
    """New shifts first and removals last, so that the only shift of an announced action may be replaced."""
    for number, row in sorted(enumerate(rows), key=lambda numbered: _turn(numbered[1])):
        try:
            _write_row(action, row, by, seen)
        except Refused as refusal:
            refusal.facts["row"] = number
            raise


def _write_row(action: Action, row: Row, by: User, seen: Sequence[int]) -> None:
    # Nobody can have signed up for a draft: its shift is made anew, so that a draft left lying past its day can be used.
    is_replaced = row.shift is not None and row.hours is not None and action.state == Action.State.DRAFT
    if row.hours is not None and (row.shift is None or is_replaced):
        shifts.add(action=action, hours=row.hours, by=by)
    elif row.shift is not None and row.hours is not None:
        shifts.change(shift=row.shift, hours=row.hours, by=by, seen=seen)
    if row.shift is not None and (row.hours is None or is_replaced):
        shifts.remove(shift=row.shift, by=by)


def _turn(row: Row) -> int:
    if row.hours is None:
        return 2
    return 0 if row.shift is None else 1


def _was_sent(typed: Mapping[str, str], action: Action | None, by: User) -> bool:
    """Did this person save the form after it was opened? What others saved meanwhile is no reason to lose a word."""
    if action is not None:
        edition = id_in(typed.get("edition", ""))
        saved = Revision.objects.for_instance(action.page).filter(user=by)
        return edition is not None and saved.filter(pk__gt=edition).exists()
    key = key_in(typed.get("key", ""))
    return key is not None and Action.objects.filter(key=key, made_by=by).exists()


def _forget(person: User, action: Action | None) -> None:
    ComposerDraft.objects.filter(person=person, action=action).delete()
