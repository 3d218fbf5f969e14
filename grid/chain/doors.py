"""Fetching posts through the door: what a person may neither fill nor holds is not there (404)."""

from django.http import Http404
from django.utils import timezone

from communities import permits as organisation_permits
from communities.permits import Person
from grid.models import Absence, Post, PostQuerySet, TeamMember
from kit.web import found_or_404

from . import appointers


def demand_filling_or_404(person: Person) -> None:
    """The pages on which posts are filled are there for those who fill some."""
    if not appointers.may_fill_anything(person, timezone.localdate()):
        raise Http404


def get_post_to_fill_or_404(person: Person, pk: int) -> Post:
    """A post, for whoever may hand it over and end it."""
    return found_or_404(_with_names(appointers.posts_to_fill(person, timezone.localdate())), pk)


def get_post_to_leave_or_404(person: Person, pk: int) -> Post:
    """A post, for whoever may tell that its holder is away."""
    post = found_or_404(_with_names(Post.objects.all()), pk)
    if not appointers.may_tell_absence(person, post, timezone.localdate()):
        raise Http404
    return post


def get_absence_or_404(person: Person, pk: int) -> Absence:
    """An absence, for whoever may tell that it ends earlier."""
    absences = Absence.objects.select_related("post__area__parent__parent", "post__road__grid", "post__person")
    absence = found_or_404(absences, pk)
    if not appointers.may_tell_absence(person, absence.post, timezone.localdate()):
        raise Http404
    return absence


def get_member_or_404(person: Person, pk: int) -> TeamMember:
    """Somebody of the grid team, for the operator."""
    if not organisation_permits.is_operator(person):
        raise Http404
    return found_or_404(TeamMember.objects.select_related("person"), pk)


def demand_board_or_404(person: Person) -> None:
    """Where somebody is missing is shown to those who hold a post, and the operator."""
    if not appointers.may_see_board(person, timezone.localdate()):
        raise Http404


def _with_names(posts: PostQuerySet) -> PostQuerySet:
    return posts.select_related(
        "area__parent__parent", "road__grid__parent", "segment", "person", "organisation", "follows__person",
        "follows__organisation", "followed_by__person", "followed_by__organisation", "appointed_by",
    )  # fmt: skip
