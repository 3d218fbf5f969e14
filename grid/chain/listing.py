"""The list of posts: by place, role and person, those in office and to come, or all that there ever were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db.models import Q
from django.utils.http import urlencode

from grid.models import Post, PostQuerySet

from . import answering
from .answering import Acting

LONGEST_SEARCH = 60


@dataclass(frozen=True)
class PostFilters:
    """What is asked for in the address."""

    role: str = ""
    place: str = ""
    who: str = ""
    all_times: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """What cannot be read is not asked for."""
        role = asked.get("role", "")
        return cls(
            role=role if role in Post.Role.values else "",
            place=asked.get("place", "").strip()[:LONGEST_SEARCH],
            who=asked.get("who", "").strip()[:LONGEST_SEARCH],
            all_times=asked.get("when") == "all",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.role or self.place or self.who)

    @property
    def other_times(self) -> str:
        """The same question with or without those that are over."""
        asked = {"role": self.role, "place": self.place, "who": self.who, "when": "" if self.all_times else "all"}
        return f"?{urlencode({key: value for key, value in asked.items() if value})}"

    def of(self, posts: PostQuerySet, on: date) -> PostQuerySet:
        """Those of the posts that are asked for: by role, then by place, the newest term first."""
        wanted = Q()
        if self.role:
            wanted &= Q(role=self.role)
        if self.place:
            wanted &= _called(self.place, "area") | _called(self.place, "road")
        if self.who:
            wanted &= (
                Q(person__display_name__icontains=self.who)
                | Q(person__username__iexact=self.who)
                | Q(organisation__name__icontains=self.who)
                | Q(organisation__name_en__icontains=self.who)
            )
        if not self.all_times:
            wanted &= Q(until__isnull=True) | Q(until__gt=on)
        return posts.filter(wanted).order_by("role", "area__code", "road__code", "level", "-since", "-pk")


@dataclass(frozen=True)
class PostLine:
    """A post in the list, and who acts in it today where it is in office."""

    post: Post
    acting: Acting
    is_in_office: bool
    is_over: bool


def lines_of(posts: PostQuerySet, on: date) -> list[PostLine]:
    """The posts with who acts in them. Three queries."""
    return [
        PostLine(
            post=acting.post,
            acting=acting,
            is_in_office=acting.post.since <= on and (acting.post.until is None or acting.post.until > on),
            is_over=acting.post.until is not None and acting.post.until <= on,
        )
        for acting in answering.acting_in(posts, on=on)
    ]


def _called(words: str, kind: str) -> Q:
    return (
        Q(**{f"{kind}__name__icontains": words})
        | Q(**{f"{kind}__name_en__icontains": words})
        | Q(**{f"{kind}__code__iexact": words})
    )
