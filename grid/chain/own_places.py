"""What a person answers for: posts held now and soon, with their deputies and absences, and posts stood in for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from communities.models import User
from grid.models import Absence, Deputy, Post, TeamMember, in_force

from . import answering, places
from .places import Place


@dataclass(frozen=True)
class OwnPost:
    """A post of one's own."""

    post: Post
    place: Place
    begins: bool
    """It has not begun yet."""
    deputy: User | None
    absences: Sequence[Absence]
    before: Post | None


@dataclass(frozen=True)
class StandsIn:
    """A post for whose holder one stands in; ``now`` while the holder is away."""

    post: Post
    place: Place
    now: bool


@dataclass(frozen=True)
class OwnPlaces:
    posts: Sequence[OwnPost]
    standing_in: Sequence[StandsIn]
    is_in_team: bool
    is_away: bool
    """From one of the own places at least, today."""


def face_of(person: User, on: date) -> OwnPlaces:
    """Everything for the page. A fixed number of queries, however many posts there are."""
    lasting = Q(until__isnull=True) | Q(until__gt=on)
    names = ("area", "road", "segment", "person", "organisation", "follows__person")
    held = list(Post.objects.filter(lasting, person=person).select_related(*names).order_by("since", "pk"))
    deputies = {
        deputy.post_id: deputy.person
        for deputy in Deputy.objects.filter(in_force(on), post__in=held).select_related("person").order_by("pk")
    }
    absences: defaultdict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(post__in=held, until__gt=on):
        absences[absence.post_id].append(absence)
    named = Deputy.objects.filter(lasting, person=person).values("post")
    acting = answering.acting_in(Post.objects.on(on).filter(pk__in=named), on=on)
    return OwnPlaces(
        posts=[
            OwnPost(
                post=post,
                place=places.of_post(post),
                begins=post.since > on,
                deputy=deputies.get(post.pk),
                absences=absences[post.pk],
                before=post.follows,
            )
            for post in held
        ],
        standing_in=[
            StandsIn(each.post, places.of_post(each.post), now=each.person is not None and each.person.pk == person.pk)
            for each in acting
        ],
        is_in_team=TeamMember.objects.filter(in_force(on), person=person).exists(),
        is_away=any(absence.since <= on for told in absences.values() for absence in told),
    )


def has_any(person: User, on: date) -> bool:
    """Is there anything for the page of this person's places?"""
    lasting = Q(until__isnull=True) | Q(until__gt=on)
    return (
        Post.objects.filter(lasting, person=person).exists()
        or Deputy.objects.filter(lasting, person=person).exists()
        or TeamMember.objects.filter(in_force(on), person=person).exists()
    )
