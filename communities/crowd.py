"""A crowd for load tests: accounts with tokens, and the organisations that they coordinate.

Accounts are written many at a time; an organisation hangs together with pages, collections, groups and grants, so it is
founded by the deed that people use.
"""

import secrets
from collections.abc import Iterator, Sequence

from django.contrib.auth.hashers import make_password

from kit.deeds import deed

from . import founding, permits, privacy, tokens
from .models import Consent, Organisation, Token, User

PHONES = "+86100"
"""No mobile network has numbers that begin with 100, and no number in Beijing (10) begins with 0: they are nobody's."""

MOST_PEOPLE = 99_999
"""So many fit into one crowd's range of phone numbers; of crowds there may be 999."""

TOKEN_NAME = "crowd"  # noqa: S105 – its label


def next_number() -> int:
    """The number of a crowd that is not there yet: it keeps the names and phones of several apart."""
    names = User.objects.filter(username__regex=r"^crowd[0-9]+-").values_list("username", flat=True)
    return max((int(name[len("crowd") :].partition("-")[0]) for name in names.iterator()), default=0) + 1


@deed
def arrive(*, number: int, places: Sequence[int]) -> list[tuple[User, str]]:
    """Make the accounts at these places (from 1) of crowd ``number``; return each with its token.

    They belong to the demonstration, agreed to the privacy notice, have a phone, and no password: only the token speaks for them.
    """
    people = User.objects.bulk_create(
        User(
            username=f"crowd{number}-{place:05}",
            display_name=f"演练志愿者 {number}-{place:05}",
            phone=f"{PHONES}{number:03}{place:05}",
            password=make_password(None),
            is_demo=True,
        )
        for place in places
    )
    Consent.objects.bulk_create(Consent(person=person, version=privacy.VERSION) for person in people)
    written = [secrets.token_urlsafe(32) for _person in people]
    Token.objects.bulk_create(
        Token(person=person, name=TOKEN_NAME, digest=tokens.digest(token))
        for person, token in zip(people, written, strict=True)
    )
    return list(zip(people, written, strict=True))


def organisations(*, number: int, count: int, coordinators: Sequence[User]) -> Iterator[tuple[Organisation, User]]:
    """Found and verify ``count`` organisations, one transaction each; yield each with its coordinator."""
    operator = _operator(number)
    kinds = list(Organisation.Kind)
    for place in range(1, count + 1):
        coordinator = coordinators[place % len(coordinators)]
        founded = founding.found(
            name=f"演练团队 {number}-{place:03}",
            short="演",
            kind=kinds[place % len(kinds)],
            coordinator=coordinator,
            by=operator,
        )
        yield founding.verify(organisation=founded, by=operator), coordinator


def _operator(number: int) -> User:
    """Who founds: the site's operator, or where there is none yet an account that nobody can sign in with."""
    return permits.operators().first() or User.objects.create(
        username=f"crowd{number}-operator", password=make_password(None), is_superuser=True, is_demo=True
    )
