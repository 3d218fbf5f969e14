"""What this room keeps about a person, and what becomes of it when the account is closed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields

from django.utils import timezone
from django.utils.translation import gettext as _

from communities.closing import NotYet
from communities.models import User
from communities.own_data import Line, Section
from updates.publish import forget_person

from . import seats
from .models import ComposerDraft, PhoneLook, Post, SignUp, SignUpQuerySet, attach_pages
from .publishing import Details


def told(person: User) -> list[Section]:
    """Sign-ups, who looked the number up, what the person posted, is still writing, and looked up of others."""
    return [
        Section("sign_ups", _("Sign-ups"), list(_sign_ups(person))),
        Section("phone_looks", _("Who looked up my number"), list(_phone_looks(person))),
        Section("posts", _("What I posted"), list(_posts(person))),
        Section("composer_drafts", _("What I have begun to write"), list(_composer_drafts(person))),
        Section("numbers_looked_up", _("Numbers that I looked up"), list(_numbers_looked_up(person))),
    ]


def give_back(person: User) -> None:
    """Places that lie ahead, one deed each: the next in line of each shift is somebody else."""
    for sign_up in _ahead(person).select_related("shift").order_by("pk"):
        seats.give_up(sign_up=sign_up)


def forget(person: User) -> None:
    """Drafts of the composer go, posts lose their author's name, sign-ups of the past count on without their reasons.

    Part of closing.
    """
    if _ahead(person).exists():
        raise NotYet
    forget_person(Post.objects.filter(posted_by=person).values_list("key", flat=True))
    ComposerDraft.objects.filter(person=person).delete()
    SignUp.objects.filter(person=person).update(reason="")


def _ahead(person: User) -> SignUpQuerySet:
    return SignUp.objects.live().filter(person=person, shift__starts_at__gt=timezone.now())


def _sign_ups(person: User) -> Iterable[list[Line]]:
    now = timezone.now()
    mine = list(SignUp.objects.filter(person=person).select_related("shift__action__host").order_by("-id"))
    attach_pages(sign_up.shift.action for sign_up in mine)
    for sign_up in mine:
        shift = sign_up.shift
        yield [
            Line("action", _("Action"), shift.action.page.local_title.text),
            Line("host", _("Host"), shift.action.host.spoken_name),
            Line("starts_at", _("Begins") if shift.starts_at > now else _("Began"), shift.starts_at),
            Line("ends_at", _("Ends") if shift.ends_at > now else _("Ended"), shift.ends_at),
            Line("state", _("State"), sign_up.get_state_display()),
            Line("made_at", _("Signed up"), sign_up.made_at),
            Line("cancelled_at", _("Cancelled"), sign_up.cancelled_at),
            Line("reason", _("Reason"), sign_up.reason),
        ]


def _phone_looks(person: User) -> Iterable[list[Line]]:
    looks = PhoneLook.objects.filter(sign_up__person=person)
    for look in looks.select_related("looked_by", "sign_up__shift__action__host").order_by("-id"):
        yield [
            Line("looked_by", _("Who"), look.looked_by.name),
            Line("host", _("Host"), look.sign_up.shift.action.host.spoken_name),
            Line("looked_at", _("When"), look.looked_at),
        ]


def _posts(person: User) -> Iterable[list[Line]]:
    for post in Post.objects.filter(posted_by=person).order_by("-id"):
        yield [
            Line("text", _("Text"), post.text),
            Line("posted_at", _("When"), post.posted_at),
            Line("withdrawn_at", _("Taken back"), post.withdrawn_at),
        ]


def _composer_drafts(person: User) -> Iterable[list[Line]]:
    for draft in ComposerDraft.objects.filter(person=person).order_by("-typed_at", "-id"):
        yield [
            Line("text", _("Text"), "\n".join(_written_in(draft.typed))),
            Line("typed_at", _("When"), draft.typed_at),
        ]


_TEXTS = frozenset({*(field.name for field in fields(Details) if field.type is str), "asked_for"})
_TASK = re.compile(r"shifts-\d+-task")


def _written_in(typed: Mapping[str, str]) -> Iterable[str]:
    """What somebody wrote into the composer; its ids, ticks and choices say nothing without the form."""
    return (text for name, text in typed.items() if (name in _TEXTS or _TASK.fullmatch(name)) and text.strip())


def _numbers_looked_up(person: User) -> Iterable[list[Line]]:
    """Where and when; whose number it was is the other person's to read."""
    looks = list(
        PhoneLook.objects.filter(looked_by=person).select_related("sign_up__shift__action__host").order_by("-id")
    )
    attach_pages(look.sign_up.shift.action for look in looks)
    for look in looks:
        yield [
            Line("action", _("Action"), look.sign_up.shift.action.page.local_title.text),
            Line("host", _("Host"), look.sign_up.shift.action.host.spoken_name),
            Line("looked_at", _("When"), look.looked_at),
        ]
