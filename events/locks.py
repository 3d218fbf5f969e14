"""The locks of this room, in the one order of the house: people, action, shift or party, allotment.

People are held by :func:`communities.people.hold`. On SQLite the transaction has the pen from its beginning, so there is
nothing to lock and the functions only read again.
"""

from django.db import connection

from communities.models import Organisation

from .models import Action, Allotment, Party, Shift


def share_action(pk: int) -> Action:
    """Read an action that must stay as it is until we are done; others may read it likewise.

    ``FOR SHARE``: a thousand sign-ups go side by side, and calling off or moving waits for them.
    """
    if connection.vendor == "postgresql":
        # Django has no FOR SHARE. The table's name is ours and the id is a parameter.
        sql = f'SELECT * FROM "{Action._meta.db_table}" WHERE id = %s FOR SHARE'  # noqa: S608
        return next(iter(Action.objects.raw(sql, [pk])))
    return Action.objects.get(pk=pk)


def lock_action(pk: int) -> Action:
    """Read an action that we are going to change."""
    return Action.objects.select_for_update().get(pk=pk)


def lock_shift(pk: int) -> Shift:
    """Read a shift that we are going to change; its action is held already."""
    return Shift.objects.select_for_update().get(pk=pk)


def lock_places(shift: Shift) -> Allotment:
    """Read the open pool of a shift, so that nobody takes or frees a place until we are done."""
    return Allotment.objects.select_for_update().get(shift=shift)


def lock_party(pk: int) -> Party:
    """Read an invitation that we are going to change; its action is held already."""
    return Party.objects.select_for_update().get(pk=pk)


def lock_partner(action: Action, organisation: Organisation) -> Party | None:
    """Read an organisation's part in an action that is held already, so that it does not leave until we are done."""
    return Party.objects.joined().select_for_update().filter(action=action, organisation=organisation).first()
