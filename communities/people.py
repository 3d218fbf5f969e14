"""People are locked first, before anything they join, and always in the same order."""

from collections.abc import Iterable
from functools import partial

from django.db.models import F

from kit import deeds
from updates import bell

from .models import User


def hold(ids: Iterable[int]) -> dict[int, User]:
    """Lock the accounts with these ids in id order and return them as they stand now, by id.

    The lock leaves foreign keys to the person free (``FOR NO KEY UPDATE``), so rows that merely name the person do not
    wait. On SQLite the transaction has the pen already. Raises ``User.DoesNotExist`` if one is gone.
    """
    wanted = sorted(set(ids))
    people = {
        person.pk: person for person in User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    }
    if len(people) != len(wanted):
        raise User.DoesNotExist
    return people


def hold_one(person: User) -> User:
    """:func:`hold` for a single person."""
    return hold([person.pk])[person.pk]


def rights_changed(*ids: int) -> None:
    """Say that these people may do less or more than before, or that a session or token of theirs has ended.

    Whoever keeps a connection open for them asks again, within a second even where the bell is not heard. Part of a deed.
    """
    User.objects.filter(pk__in=ids).order_by().update(rights_version=F("rights_version") + 1)
    deeds.on_commit(partial(bell.ring_rights, ids))
