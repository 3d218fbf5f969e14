"""Deputies, and the days on which the holder of a post is away. Why somebody is away is nobody's business here."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import people
from communities.models import User
from grid.models import Absence, Deputy, Post, PostQuerySet, in_force
from kit.deeds import deed
from kit.refusals import Refused
from kit.times import lasting_date_words

from . import appointers, places
from . import messages as post_messages
from .words import holder_of

LONGEST = timedelta(days=183)
"""Of an absence: who is away for longer hands the post over."""

FURTHEST = timedelta(days=366)
"""How far from today one may begin."""


@deed
def name_deputy(*, post: Post, person: User, by: User, since: date | None = None) -> Deputy:
    """The person stands in whenever the holder of the post is away, from today or from a later day on, instead of any other.

    The same one again changes nothing. Locks holder and deputies, then the place. Raises ``Refused``: ``no_right`` (403);
    ``department``, ``oneself``, ``too_early`` (422); ``inactive``, ``ended`` for a post that is over.
    """
    today = timezone.localdate()
    first = since or max(today, post.since)
    appointers.demand_fill(by, post.role, places.of_post(post), today)
    _demand_person(post)
    before = post.deputies.filter(_after(first)).values_list("person", flat=True)
    held = people.hold(pk for pk in (post.person_id, person.pk, *before) if pk is not None)
    post = _reread(post)
    if person.pk == post.person_id:
        raise Refused("oneself", _("Nobody stands in for himself or herself."), status=422, field="person")
    if not held[person.pk].is_active:
        raise Refused(
            "inactive", _("The account of %(person)s is closed or suspended.") % {"person": person.name}, field="person"
        )
    if first < max(today, post.since):
        raise Refused("too_early", _("A deputy is named from today on, or later."), status=422, field="since")
    if post.until is not None and post.until <= first:
        raise Refused("ended", _("This term is over by then."), field="since")
    standing = _open_deputy(post)
    if standing is not None and standing.person_id == person.pk:
        return standing
    for other in post.deputies.filter(_after(first)).select_related("person"):
        _end_deputy(other, first, by)
    deputy = Deputy.objects.create(post=post, person=held[person.pk], since=first, named_by=by)
    people.rights_changed(deputy.person_id)
    post_messages.named_deputy(deputy, by)
    # Of absences that were told before nobody could have told this deputy.
    for absence in post.absences.filter(until__gt=first):
        absence.post = post
        post_messages.stands_in(absence, deputy.person, by)
    return deputy


@deed
def dismiss_deputy(*, post: Post, by: User) -> None:
    """Nobody stands in from today on, nor later. Again changes nothing. Locks the deputies, then the place.

    Raises ``Refused`` ``no_right`` (403).
    """
    today = timezone.localdate()
    appointers.demand_fill(by, post.role, places.of_post(post), today)
    people.hold(post.deputies.filter(_after(today)).values_list("person", flat=True))
    end_deputies(_reread(post), today, by)


@deed
def tell_absence(*, post: Post, since: date, until: date, by: User) -> Absence:
    """The holder is away from ``since`` on and back on ``until``; whoever stands in is told, or those who name a deputy.

    The same days again change nothing. Locks holder and deputies, then the place. Raises ``Refused``: ``no_right`` (403);
    ``department``, ``back_before``, ``too_long``, ``too_far`` (422); ``ended``, ``overlap`` with another absence.
    """
    today = timezone.localdate()
    appointers.demand_tell_absence(by, post, today)
    _demand_person(post)
    if until <= since:
        raise Refused("back_before", _("The day of coming back lies after the first day."), status=422, field="until")
    if until - since > LONGEST:
        raise Refused(
            "too_long", _("Who is away for more than half a year hands the post over."), status=422, field="until"
        )
    if until <= today or since - today > FURTHEST:
        raise Refused("too_far", _("Please tell days that lie ahead, within a year."), status=422, field="since")
    _hold_concerned(post, since)
    post = _reread(post)
    if post.until is not None and post.until <= since:
        raise Refused("ended", _("This term is over by then."), field="since")
    others = post.absences.filter(since__lt=until, until__gt=since)
    other = others.first()
    if other is not None and (other.since, other.until) == (since, until):
        return other
    if other is not None:
        told = {"since": _day(other.since), "until": _day(other.until)}
        raise Refused(
            "overlap",
            _("An absence from %(since)s on, back on %(until)s, is told already.") % told,
            field="since",
        )
    absence = Absence.objects.create(post=post, since=since, until=until, told_by=by)
    deputy = _deputy_on(post, max(since, today))
    if deputy is not None:
        people.rights_changed(deputy.pk)
    post_messages.away(absence, deputy, by)
    return absence


@deed
def tell_absence_everywhere(*, since: date, until: date, by: User) -> list[Absence]:
    """The person is away from all places that are his or her own in these days.

    Locks the person, then the places, areas first, each kind in id order. Raises ``Refused`` as :func:`tell_absence`, and
    ``nothing`` for who answers for nothing; then nothing is told.
    """
    held = _own(by).filter(_after(max(since, timezone.localdate())), since__lt=until)
    posts = list(held.select_related("area", "road").order_by("pk"))
    if not posts:
        raise Refused("nothing", _("You answer for no place in these days."))
    people.hold_one(by)
    places.hold_all(places.of_post(post) for post in posts)
    # Of a term that begins or ends in between it is the part that lies in it.
    return [
        tell_absence(post=post, since=max(since, post.since), until=min(until, post.until or until), by=by)
        for post in posts
    ]


@deed
def come_back_everywhere(*, by: User) -> None:
    """The person is there again today, at all of his or her own places; absences that have not begun stay.

    Locks the person, then the places as :func:`tell_absence_everywhere`.
    """
    today = timezone.localdate()
    running = list(
        Absence.objects.filter(in_force(today), post__in=_own(by))
        .select_related("post__area", "post__road")
        .order_by("pk")
    )
    people.hold_one(by)
    places.hold_all(places.of_post(absence.post) for absence in running)
    for absence in running:
        come_back(absence=absence, by=by)


@deed
def come_back(*, absence: Absence, by: User) -> None:
    """The holder is back today already; an absence that has not begun is taken back. Again changes nothing.

    Locks holder and deputies, then the place. Raises ``Refused`` ``no_right`` (403).
    """
    today = timezone.localdate()
    appointers.demand_tell_absence(by, absence.post, today)
    _hold_concerned(absence.post, today)
    post = _reread(absence.post)
    held = Absence.objects.filter(pk=absence.pk, until__gt=today).first()
    if held is None:
        return
    deputy = _deputy_on(post, max(held.since, today))
    if held.since >= today:
        Absence.objects.filter(pk=held.pk).delete()
        held.until = held.since
    else:
        held.until = today
        held.save(update_fields=["until"])
    if deputy is not None:
        people.rights_changed(deputy.pk)
    held.post = post
    post_messages.is_back(held, deputy, by)


def resign_as_deputy(person: User, on: date) -> None:
    """The person stands in for nobody from this day on. Part of closing, which has locked the person."""
    for deputy in Deputy.objects.filter(_after(on), person=person):
        deputy.until = max(on, deputy.since)
        deputy.save(update_fields=["until"])


def end_deputies(post: Post, on: date, by: User) -> None:
    """Whoever stands in does so no longer from this day on: the term ends, or nobody shall. Part of a deed that holds the place.

    They are told.
    """
    for deputy in post.deputies.filter(_after(on)).select_related("person"):
        deputy.post = post
        _end_deputy(deputy, on, by)


def _hold_concerned(post: Post, day: date) -> None:
    """Lock the holder, and whoever stands in then or later: their rights may change by it."""
    deputies = post.deputies.filter(_after(day)).values_list("person", flat=True)
    people.hold(pk for pk in (post.person_id, *deputies) if pk is not None)


def _end_deputy(deputy: Deputy, on: date, by: User) -> None:
    """On the day on which the next one begins; who had not begun yet never did."""
    deputy.until = max(on, deputy.since)
    deputy.save(update_fields=["until"])
    people.rights_changed(deputy.person_id)
    post_messages.no_deputy(deputy, by)


def _own(person: User) -> PostQuerySet:
    return Post.objects.filter(person=person)


def _after(day: date) -> Q:
    """Those who stand in on this day or would later."""
    return Q(until__isnull=True) | Q(until__gt=day)


def _open_deputy(post: Post) -> Deputy | None:
    return Deputy.objects.filter(post=post, until__isnull=True).select_related("person").first()


def _deputy_on(post: Post, day: date) -> User | None:
    found = Deputy.objects.filter(in_force(day), post=post, person__is_active=True).select_related("person").first()
    return found.person if found is not None else None


def _reread(post: Post) -> Post:
    """The post as it stands, under the lock of its place."""
    places.hold(places.of_post(post))
    return Post.objects.select_related("area", "road", "segment", "person", "organisation").get(pk=post.pk)


def _demand_person(post: Post) -> None:
    if post.person_id is None:
        raise Refused(
            "department",
            _("%(organisation)s is an organisation: who is away and who stands in, it arranges itself.")
            % {"organisation": holder_of(post)},
            status=422,
        )


def _day(day: date) -> str:
    return lasting_date_words(day, year=timezone.localdate().year)
