"""An account comes into being by a number, gets another number, gets a password."""

import secrets

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils.translation import gettext as _

from kit.deeds import attempt, deed
from kit.refusals import Refused

from . import messages, people, privacy
from .models import User
from .names import as_name

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of generated user names: none that is read as another."""
TRIES = 5


@deed
def open_account(*, phone: str, display_name: str, language: str = "") -> User:
    """The account of whoever has shown to have ``phone``; who agrees to the privacy notice by it.

    If somebody has the number already – a second window was faster – that account is returned, with its own name.
    The unique number decides between two at the same time. Raises ``Refused`` (422): ``display_name_missing``,
    ``display_name_too_long``.
    """
    name = as_name(display_name)
    account = _account_of(phone) or _made(phone, name, language)
    if account.is_active:
        privacy.agree(person=account)
    return account


@deed
def change_phone(*, person: User, phone: str) -> User:
    """Put another number on the account; whoever asks has shown to have it. The number before is told by SMS.

    Again changes nothing. Locks the person.

    Raises ``Refused``: ``inactive`` (403), or ``phone_taken``, which only the owner of the number can get to see.
    """
    held = people.hold_one(person)
    if not held.is_active:
        raise Refused("inactive", _("Your account is closed."), status=403)
    taken = Refused(
        "phone_taken",
        _("Another account has this number. Sign in there with a code, or close that account first."),
        field="phone",
    )
    if User.objects.filter(phone=phone).exclude(pk=held.pk).exists():
        raise taken
    before, held.phone = held.phone, phone
    try:
        with attempt():
            held.save(update_fields=["phone"])
    except IntegrityError as error:
        raise taken from error
    if before and before != phone:
        messages.number_changed(held, before)
    return held


@deed
def set_password(*, person: User, password: str) -> User:
    """Keep a password; the other sessions of the person end. Locks the person."""
    held = people.hold_one(person)
    held.set_password(password)
    held.save(update_fields=["password"])
    people.rights_changed(held.pk)
    return held


def _account_of(phone: str) -> User | None:
    return User.objects.filter(phone=phone).first()


def _made(phone: str, name: str, language: str) -> User:
    for tries_left in reversed(range(TRIES)):
        try:
            with attempt():
                return User.objects.create(
                    username="u" + "".join(secrets.choice(LETTERS) for _letter in range(8)),
                    display_name=name,
                    phone=phone,
                    language=language,
                    password=make_password(None),
                )
        except IntegrityError:
            known = _account_of(phone)
            if known is not None:
                return known
            if not tries_left:
                raise
    raise AssertionError("unreachable")
