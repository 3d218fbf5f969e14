"""Filling posts: appointing, handing over, relieving. No two terms of a post that one person holds ever overlap.

Every deed locks the people concerned, then the place: two who fill the same post at the same time come one after the other.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities import numbers, people
from communities.models import Organisation, User
from grid.models import Area, Post, PostQuerySet, Segment, in_force
from grid.models.chain import CARD_TEXT_LENGTH, PREFIX_LENGTH
from kit.deeds import deed
from kit.refusals import Refused, as_written
from kit.times import lasting_date_words

from . import appointers, places, standing_in
from . import messages as post_messages
from .places import Place
from .words import holder_of, place_of, role_words

Role = Post.Role

LEVELS_OF: dict[str, frozenset[str]] = {
    Role.LEADING_GROUP: frozenset({Area.Level.TOWN}),
    Role.ZONE_HEAD: frozenset({Area.Level.ZONE}),
    Role.CELL_WORKER: frozenset({Area.Level.CELL}),
    Role.LINE_DEPARTMENT: frozenset(Area.Level),
    Role.ACCEPTOR: frozenset({Area.Level.TOWN}),
    Role.DISPATCHER: frozenset({Area.Level.TOWN}),
    Role.SUPERVISOR: frozenset({Area.Level.TOWN}),
}
"""Which level of area a role answers for; the others answer for roads."""

OF_ROADS = frozenset({Role.ROAD_CHIEF, Role.MICRO_ROAD_CHIEF})
SINGLE = frozenset({Role.ZONE_HEAD, Role.CELL_WORKER, Role.ROAD_CHIEF})
"""Roles that one person holds at a place, a road chief's for each level."""

FURTHEST = timedelta(days=366)
"""How far from today a term may be entered to begin or end: a year that was mistyped is further."""

_CATEGORIES = re.compile(r"[A-Z][0-9]*")


@deed
def appoint(
    *,
    role: str,
    place: Place,
    since: date,
    by: User,
    person: User | None = None,
    organisation: Organisation | None = None,
    level: int = 0,
    segment: Segment | None = None,
    categories: str = "",
    duty_phone: str = "",
    until: date | None = None,
) -> Post:
    """Somebody answers for the place from ``since`` on, until ``until`` or the place ends. The holder is told. The same again
    changes nothing.

    A line department is a verified organisation and no person; everybody else is a person with an open account, who may be
    there for a verified organisation. Locks the person, then the place. Raises ``Refused``: ``no_right`` (403); (422)
    ``place_unfit``, ``level_unfit``, ``segment_unfit``, ``categories_unreadable``, ``person_missing``,
    ``organisation_missing``, ``person_unwanted``, ``not_verified``, ``duty_phone_unreadable``, ``too_far``,
    ``not_standing``, ``ends_before``, ``place_ends`` for a day after the place's own last; (409) ``inactive``, and ``taken`` where another term of the post overlaps.
    """
    appointers.demand_fill(by, role, place, timezone.localdate())
    post = Post(
        role=role,
        level=_demand_level(role, level),
        categories=_read_categories(role, categories),
        person=person,
        organisation=organisation,
        duty_phone=numbers.as_callable(duty_phone, field="duty_phone"),
        since=since,
        until=until,
        appointed_by=by,
    )
    _set_place(post, place, segment)
    post.person = _held(person)
    _demand_holder(post)
    held = places.hold(place)
    if (same := _like(post).first()) is not None:
        return same
    _demand_dates(post, held)
    _demand_free(post)
    post.save()
    _rights_changed(post)
    post_messages.appointed(post, by)
    return post


@deed
def hand_over(
    *,
    post: Post,
    since: date,
    by: User,
    to: User | None = None,
    organisation: Organisation | None = None,
    note: str = "",
    duty_phone: str | None = None,
) -> Post:
    """Somebody else takes the post over from ``since`` on, with a note; the old term ends that day. Both are told.

    The new term lasts as long as the old one would have. The same again changes nothing. ``duty_phone`` stays as it is where
    none is given. Locks both people, then the place. Raises ``Refused`` as
    :func:`appoint`, and: ``too_early`` (422) for a day on which the old term has not begun, ``ended`` for a term that was
    over by then or has been handed over, ``same`` for the holder, ``handover_too_long`` (422).
    """
    place = places.of_post(post)
    appointers.demand_fill(by, post.role, place, timezone.localdate())
    note = as_written(note, most=CARD_TEXT_LENGTH, field="handover")
    phone = None if duty_phone is None else numbers.as_callable(duty_phone, field="duty_phone")
    both = people.hold(pk for pk in (post.person_id, to.pk if to else None) if pk is not None)
    held = places.hold(place)
    old = _reread(post)
    after = Post.objects.filter(follows=old).select_related("area", "road", "segment", "person", "organisation").first()
    if after is not None and (after.since, after.person_id) == (since, to.pk if to else None):
        return after
    if (old.until is not None and old.until <= since) or hasattr(old, "followed_by"):
        raise Refused("ended", _("This term is over by then. Please appoint somebody anew."), field="since")
    if since <= old.since:
        raise Refused(
            "too_early",
            _("The term begins on %(day)s; it can be handed over from the day after.") % {"day": _day(old.since)},
            status=422,
            field="since",
        )
    new = Post(
        role=old.role,
        level=old.level,
        area=old.area,
        road=old.road,
        segment=old.segment,
        categories=old.categories,
        person=both[to.pk] if to is not None else None,
        organisation=organisation,
        duty_phone=old.duty_phone if phone is None else phone,
        since=since,
        until=old.until,
        appointed_by=by,
        handover=note,
        follows=old,
    )
    _demand_holder(new)
    if (new.person_id, new.organisation_id) == (old.person_id, old.organisation_id):
        raise Refused("same", _("%(person)s holds this post already.") % {"person": holder_of(old)}, field="person")
    old.until = since
    old.save(update_fields=["until"])
    _demand_dates(new, held)
    _demand_free(new)
    new.save()
    standing_in.end_deputies(old, since, by)
    _rights_changed(old, new)
    post_messages.handed_over(new, old, by)
    return new


@deed
def relieve(*, post: Post, until: date, by: User) -> Post:
    """The holder no longer answers for the place from ``until`` on. Again changes nothing. The holder is told.

    A term that ends on the day on which it begins never stood: a mistake that is set right. Locks the person, then the
    place. Raises ``Refused``: ``no_right`` (403); ``ends_before``, ``too_far``, ``place_ends`` (422); ``ended`` for a term
    that is over before, or has been handed over.
    """
    appointers.demand_fill(by, post.role, places.of_post(post), timezone.localdate())
    people.hold([post.person_id] if post.person_id is not None else [])
    held = places.hold(places.of_post(post))
    return _end(_reread(post), until, by, held)


@deed
def set_duty_phone(*, post: Post, duty_phone: str, by: User) -> Post:
    """The number on the board is another one from now on; empty for none.

    Locks the place. Raises ``Refused``: ``no_right`` (403), ``duty_phone_unreadable`` (422), ``duty_phone_too_long`` (422).
    """
    appointers.demand_fill(by, post.role, places.of_post(post), timezone.localdate())
    number = numbers.as_callable(duty_phone, field="duty_phone")
    places.hold(places.of_post(post))
    held = _reread(post)
    held.duty_phone = number
    held.save(update_fields=["duty_phone"])
    return held


def vacate(person: User, on: date) -> list[Post]:
    """The person gives up every post, deputies' ones apart, from this day on. Part of closing, which has locked the person.

    Those who fill the posts are told which places have nobody now. Locks the places, areas first, each kind in id order.
    """
    held = Post.objects.filter(person=person).filter(Q(until__isnull=True) | Q(until__gt=on))
    wanted = list(held.select_related("area", "road", "segment", "person", "organisation"))
    places.hold_all(places.of_post(post) for post in wanted)
    for post in wanted:
        # One that has not begun never will.
        post.until = max(on, post.since)
        post.save(update_fields=["until"])
        standing_in.end_deputies(post, post.until, person)
        _tell_empty(post, post.until, person)
    Post.objects.filter(person=person).update(duty_phone="")
    return wanted


def _end(post: Post, until: date, by: User, place: Place) -> Post:
    if post.until == until:
        return post
    if hasattr(post, "followed_by") or (post.until is not None and post.until < min(until, timezone.localdate())):
        raise Refused("ended", _("This term is over already."))
    post.until = until
    _demand_order(post)
    _demand_near(until, "until")
    _demand_no_longer_than(post, place)
    _demand_free(post)
    post.save(update_fields=["until"])
    standing_in.end_deputies(post, until, by)
    _rights_changed(post)
    post_messages.relieved(post, by)
    _tell_empty(post, until, by)
    return post


def _tell_empty(post: Post, since: date, by: User) -> None:
    """Unless somebody else has the post from that day on."""
    if not _same_as(post).filter(in_force(since)).exists():
        post_messages.empty(post, since, by)


def _reread(post: Post) -> Post:
    """The term as it stands, under the lock of its place."""
    return Post.objects.select_related("area", "road", "segment", "person", "organisation").get(pk=post.pk)


def _held(person: User | None) -> User | None:
    return people.hold_one(person) if person is not None else None


def _rights_changed(*posts: Post) -> None:
    people.rights_changed(*{post.person_id for post in posts if post.person_id is not None})


# --- what is refused --------------------------------------------------------------------------------------------------


def _demand_level(role: str, level: int) -> int:
    if role == Role.ROAD_CHIEF and level not in (1, 2, 3):
        raise Refused("level_unfit", _("A road chief is of level 1, 2 or 3."), status=422, field="level")
    return level if role == Role.ROAD_CHIEF else 0


def _read_categories(role: str, written: str) -> str:
    codes = as_written(written, most=PREFIX_LENGTH, field="categories").upper()
    if role != Role.LINE_DEPARTMENT:
        return ""
    if codes and not _CATEGORIES.fullmatch(codes):
        raise Refused(
            "categories_unreadable",
            _(
                "Please write the beginning of the codes: a letter and digits, as in E04. Leave it empty for everything."
            ),
            status=422,
            field="categories",
        )
    return codes


def _set_place(post: Post, place: Place, segment: Segment | None) -> None:
    if isinstance(place, Area):
        fits = place.level in LEVELS_OF.get(post.role, frozenset())
        post.area = place
    else:
        fits = post.role in OF_ROADS
        post.road = place
    if not fits:
        raise Refused(
            "place_unfit",
            _("%(place)s is no place for this role: %(role)s.")
            % {"place": place.spoken_name, "role": role_words(post.role)},
            status=422,
            field="place",
        )
    if segment is not None and segment.road_id != post.road_id:
        raise Refused("segment_unfit", _("This stretch belongs to another road."), status=422, field="stretch")
    post.segment = segment


def _demand_holder(post: Post) -> None:
    if post.role == Role.LINE_DEPARTMENT:
        if post.organisation is None:
            raise Refused(
                "organisation_missing",
                _("A line department is an organisation. Please choose one."),
                status=422,
                field="organisation",
            )
        if post.person is not None:
            raise Refused(
                "person_unwanted",
                _("A line department is an organisation, no person: who does it, the organisation decides."),
                status=422,
                field="person",
            )
    elif post.person is None:
        raise Refused("person_missing", _("Please say who it is."), status=422, field="person")
    elif not post.person.is_active:
        raise Refused(
            "inactive",
            _("The account of %(person)s is closed or suspended.") % {"person": post.person.name},
            field="person",
        )
    if post.organisation is not None and not post.organisation.is_verified:
        raise Refused(
            "not_verified",
            _("%(organisation)s is not verified yet.") % {"organisation": post.organisation.spoken_name},
            status=422,
            field="organisation",
        )


def _demand_dates(post: Post, place: Place) -> None:
    _demand_near(post.since, "since")
    if post.until is not None:
        _demand_near(post.until, "until")
        _demand_order(post)
    stands = place.since <= post.since and (place.until is None or post.since < place.until)
    if post.segment is not None:
        # By its number: a stretch that was drawn anew is another row, and the same stretch.
        rows = Segment.objects.filter(in_force(post.since), road=post.segment.road_id, number=post.segment.number)
        stands = stands and rows.exists()
    if not stands:
        raise Refused(
            "not_standing",
            _("%(place)s does not stand on %(day)s; it is there from %(since)s on.")
            % {"place": place.spoken_name, "day": _day(post.since), "since": _day(place.since)},
            status=422,
            field="since",
        )
    _demand_no_longer_than(post, place)


def _demand_no_longer_than(post: Post, place: Place) -> None:
    """A term without an end has that of its place, and none lasts longer than its place."""
    ends = min((day for day in (place.until, _end_of_stretch(post.segment)) if day is not None), default=None)
    if ends is None:
        return
    if post.until is not None and post.until > ends:
        raise Refused(
            "place_ends",
            _("%(place)s ends on %(day)s. Please choose that day or an earlier one.")
            % {"place": place.spoken_name, "day": _day(ends)},
            status=422,
            field="until",
        )
    post.until = post.until or ends


def _end_of_stretch(segment: Segment | None) -> date | None:
    """When the stretch ends; one that was drawn anew goes on."""
    if segment is None:
        return None
    rows = Segment.objects.filter(road=segment.road_id, number=segment.number).order_by("-since", "-pk")
    return rows.values_list("until", flat=True).first()


def _demand_near(day: date, field: str) -> None:
    if abs(day - timezone.localdate()) > FURTHEST:
        raise Refused(
            "too_far", _("%(day)s is more than a year away. Please look at the year.") % {"day": _day(day)},
            status=422, field=field,
        )  # fmt: skip


def _demand_order(post: Post) -> None:
    if post.until is not None and post.until < post.since:
        raise Refused(
            "ends_before",
            _("The term begins on %(day)s and cannot end before.") % {"day": _day(post.since)},
            status=422,
            field="until",
        )


def _demand_free(post: Post) -> None:
    """No other term of the same post overlaps; where several hold it, none of the same holder."""
    rival = _overlapping(post).select_related("area", "road", "segment", "person", "organisation").first()
    if rival is None:
        return
    told = {"person": holder_of(rival), "place": place_of(rival), "role": role_words(rival.role, rival.level)}
    if rival.until is None:
        sentence = _(
            "%(person)s is %(role)s of %(place)s from %(since)s on. Please hand that post over, or end it first."
        )
    else:
        sentence = _("%(person)s is %(role)s of %(place)s from %(since)s until %(until)s. Please choose other days.")
        told["until"] = _day(rival.until)
    raise Refused("taken", sentence % {**told, "since": _day(rival.since)}, field="since", post=rival.pk)


def _same_as(post: Post) -> PostQuerySet:
    """The other terms of this role at this place; of a stretch in whichever of its rows."""
    same = Post.objects.filter(role=post.role, level=post.level, area=post.area, road=post.road)
    if post.segment is None:
        same = same.filter(segment__isnull=True)
    else:
        same = same.filter(segment__number=post.segment.number)
    return same.exclude(pk=post.pk)


def _like(post: Post) -> PostQuerySet:
    """The very same term, as it was written before."""
    same = _same_as(post).filter(person=post.person, organisation=post.organisation, categories=post.categories)
    return same.filter(since=post.since, until=post.until).select_related(
        "area", "road", "segment", "person", "organisation"
    )


def _overlapping(post: Post) -> PostQuerySet:
    same = _same_as(post)
    if post.role not in SINGLE:
        same = same.filter(person=post.person, organisation=post.organisation, categories=post.categories)
    if post.until is not None:
        same = same.filter(since__lt=post.until)
    lasting = Q(until__isnull=True) | (Q(until__gt=post.since) & ~Q(until=F("since")))
    return same.filter(lasting).order_by("since", "pk")


def _day(day: date) -> str:
    return lasting_date_words(day, year=timezone.localdate().year)


def fitting(role: str, found: Iterable[Place]) -> list[Place]:
    """Those of the places that this role may answer for."""
    levels = LEVELS_OF.get(role, frozenset())
    return [place for place in found if (place.level in levels if isinstance(place, Area) else role in OF_ROADS)]
