"""Five-fix responsibility cards (五定责任卡): area, people, duty, task, reward – of an area or a road, in versions.

The words are the card's, the people are those in office: on an old version, those who were it then.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import User
from grid.models import Area, Card
from grid.models.chain import CARD_TEXT_LENGTH
from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import answering, appointers, places
from .answering import Chain
from .places import Place


@dataclass(frozen=True)
class CardOnDay:
    """A version of the card, and the people who were in office on a day."""

    card: Card
    place: Place
    on: date
    chain: Chain
    is_newest: bool

    @property
    def is_over(self) -> bool:
        """Is the place gone, and with it what the card says?"""
        return is_over(self.place, timezone.localdate())


@deed
def issue(*, place: Place, extent: str, duty: str, task: str, reward: str, by: User) -> Card:
    """Issue the next version of the card. The words of the newest one again change nothing.

    A card is in force as long as its place: with that it ends. Locks the place. Raises ``Refused``: ``no_right`` (403);
    ``ended`` for a place that stands no longer; (422) ``<field>_missing`` and ``<field>_too_long`` for each of the four texts.
    """
    appointers.demand_write_card(by, place, timezone.localdate())
    words = {
        name: as_written(text, most=CARD_TEXT_LENGTH, field=name, missing=missing)
        for name, text, missing in (
            ("extent", extent, _("Say from where to where it reaches.")),
            ("duty", duty, _("Say what one answers for.")),
            ("task", task, _("Say what is done, and how often.")),
            ("reward", reward, _("Say what is praised, and what follows where it is not done.")),
        )
    }
    held = places.hold(place)
    if is_over(held, timezone.localdate()):
        raise Refused("ended", _("%(place)s is no longer there, and nor is its card.") % {"place": held.spoken_name})
    newest = versions_of(held).first()
    if newest is not None and all(getattr(newest, name) == text for name, text in words.items()):
        return newest
    where = {"area": held} if isinstance(held, Area) else {"road": held}
    return Card.objects.create(version=newest.version + 1 if newest else 1, issued_by=by, **where, **words)


def versions_of(place: Place) -> QuerySet[Card]:
    """All versions, the newest first."""
    own = Card.objects.filter(area=place) if isinstance(place, Area) else Card.objects.filter(road=place)
    return own.select_related("issued_by").order_by("-version")


def card_of(place: Place, version: int | None = None) -> CardOnDay | None:
    """The newest version with the people of today or of the last day of its place, or an old one with those of the day on which it was issued.

    None where there is no such version. A bounded number of queries.
    """
    newest = versions_of(place).first()
    card = newest if version is None else versions_of(place).filter(version=version).first()
    if card is None or newest is None:
        return None
    is_newest = card.pk == newest.pk
    on = last_day(place, timezone.localdate()) if is_newest else timezone.localdate(card.issued_at)
    return CardOnDay(card, place, on, chain_of(place, on), is_newest)


def is_over(place: Place, on: date) -> bool:
    """Does the place stand no longer on this day?"""
    return place.until is not None and place.until <= on


def last_day(place: Place, on: date) -> date:
    """This day, or where the place stands no longer, the last on which it did."""
    return place.until - timedelta(days=1) if place.until is not None and place.until <= on else on


def chain_of(place: Place, on: date) -> Chain:
    """The chain of the place on this day."""
    if isinstance(place, Area):
        return answering.chain_of(area=place, on=on)
    return answering.chain_of(road=place, on=on)
