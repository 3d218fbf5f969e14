"""Joint actions: their pages, shifts and places, partners, posts, and what is typed for them."""

from .actions import (
    CANCEL_HOURS,
    MOST_CANCEL_HOURS,
    REASON_LENGTH,
    Action,
    ActionIndexPage,
    ActionPage,
    ActionQuerySet,
    attach_pages,
)
from .drafts import ComposerDraft
from .parties import WORD_LENGTH, Party, PartyQuerySet
from .places import MOST_PEOPLE, Allotment, PhoneLook, Shift, ShiftQuerySet, SignUp, SignUpQuerySet
from .posts import POST_LENGTH, Post

__all__ = [
    "CANCEL_HOURS",
    "MOST_CANCEL_HOURS",
    "MOST_PEOPLE",
    "POST_LENGTH",
    "REASON_LENGTH",
    "WORD_LENGTH",
    "Action",
    "ActionIndexPage",
    "ActionPage",
    "ActionQuerySet",
    "Allotment",
    "ComposerDraft",
    "Party",
    "PartyQuerySet",
    "PhoneLook",
    "Post",
    "Shift",
    "ShiftQuerySet",
    "SignUp",
    "SignUpQuerySet",
    "attach_pages",
]
