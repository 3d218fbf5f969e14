"""The stories become actions, by the deeds that people use."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from communities.demo import PARTIES
from communities.models import Organisation, User
from events import calling_off, parties, posting, publishing, seats, shifts
from events.models import Action, Shift

from . import stories
from .stories import Story

AHEAD = 3
"""So many announced actions lie ahead in a living town."""


def tell() -> None:
    """Tell the town's actions from today's point of view."""
    now = timezone.now()
    if not Action.objects.filter(host__name__in=[party.name for party in PARTIES]).exists():
        story, ago = stories.yesterday(now)
        _let_pass(_announce(story), ago)
        for story in stories.opening(now):
            _announce(story)
        for story in stories.drafts(now):
            _ask_partners(_draft(story), story)
    _keep_going(now)


def _keep_going(now: datetime) -> None:
    ahead = Action.objects.public().announced().filter(starts_at__gt=now).count()
    day = timezone.localdate(now)
    for story in stories.weekly(day)[: max(0, AHEAD - ahead)]:
        _announce(story)


def _announce(story: Story) -> Action:
    action = publishing.announce(action=_draft(story), by=_person(story.by))
    _ask_partners(action, story)
    for shift, comers in zip(action.shifts.order_by("pk"), story.comers, strict=False):
        for username in comers:
            seats.sign_up(person=_person(username), shift=shift)
    for text in story.posts:
        posting.post(action=action, text=text, by=_person(story.by))
    if story.called_off:
        calling_off.call_off(action=action, reason=story.called_off, by=_person(story.by))
    return action


def _draft(story: Story) -> Action:
    writer = _person(story.by)
    action = publishing.draft(host=_organisation(story.host), details=story.details, by=writer)
    for hours in story.hours:
        shifts.add(action=action, hours=hours, by=writer)
    return action


def _ask_partners(action: Action, story: Story) -> None:
    for asked in story.partners:
        party = parties.invite(
            action=action,
            organisation=_organisation(asked.organisation),
            asked_for=asked.asked_for,
            by=_person(story.by),
        )
        if asked.word:
            answer = parties.accept if asked.joins else parties.decline
            answer(party=party, word=asked.word, by=_person(asked.by))


def _let_pass(action: Action, ago: timedelta) -> None:
    """Time has gone by: no deed announces what is over, so what was told as coming is moved into the past."""
    Shift.objects.filter(action=action).update(starts_at=F("starts_at") - ago, ends_at=F("ends_at") - ago)
    Action.objects.filter(pk=action.pk).update(starts_at=F("starts_at") - ago, ends_at=F("ends_at") - ago)


def _organisation(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def _person(username: str) -> User:
    return User.objects.get(username=username)
