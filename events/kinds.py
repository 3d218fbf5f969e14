"""The kinds of joint action, and the words each one starts from in the composer.

A new kind is a line in :class:`Kind`, its starting text here, and an emblem of the same code in ``emblems.svg``.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    SNOW = "snow", _("snow clearing")
    FLOOD = "flood", _("flood response")
    SKY = "sky", _("blue-sky check")
    CLEANUP = "cleanup", _("street clean-up")
    PARKING = "parking", _("parking order")
    FORUM = "forum", _("merchant forum")
    CARE = "care", _("care for sanitation workers")
    PROJECT = "project", _("civic project")
    OTHER = "other", pgettext_lazy("kind of action", "other action")


@dataclass(frozen=True)
class StartingText:
    """What the composer fills in when a kind is chosen; every word of it may be changed."""

    summary: str | Promise
    risks: str | Promise
    bring: str | Promise
    adults_only: bool


STARTING_TEXTS: dict[Kind, StartingText] = {
    Kind.SNOW: StartingText(
        _(
            "We clear snow and ice from pavements, bus stops and crossings so that everybody walks safely in the morning."
        ),
        _(
            "Slippery ground, cold and moving traffic. Work in pairs on bridges; step back from broken branches and wires."
        ),
        _("Non-slip shoes, gloves, warm clothes. Shovels and reflective vests are handed out on site."),
        True,
    ),
    Kind.FLOOD: StartingText(
        _("We fill and carry sandbags, clear drains and look after neighbours on the ground floor."),
        _(
            "Deep or running water, hidden holes, electricity. Never enter water above the knee; follow the leader on site."
        ),
        _("Rubber boots, rain clothes, a torch. Life jackets and tools are handed out on site."),
        True,
    ),
    Kind.SKY: StartingText(
        _("We walk the building sites and eateries together and look for dust, smoke and open burning."),
        _("Moving machines and dust on building sites. Stay with the group and behind the barriers."),
        _("Comfortable shoes, a mask, a charged phone for pictures. Helmets are handed out on site."),
        True,
    ),
    Kind.CLEANUP: StartingText(
        _("We clean the neglected corners of our streets: litter, small posters, weeds, things left behind."),
        _("Sharp objects and traffic. Use the tongs, wear gloves, stay on the pavement."),
        _("Comfortable shoes and drinking water. Gloves, tongs and bags are handed out on site."),
        False,
    ),
    Kind.PARKING: StartingText(
        _("We help with orderly parking at the rush hour: show free bays, line up bicycles, keep the crossings open."),
        _("Moving vehicles. Stay on the pavement, wear the vest; only the police direct the traffic."),
        _("Comfortable shoes and drinking water. Reflective vests are handed out on site."),
        True,
    ),
    Kind.FORUM: StartingText(
        _("We sit down with the merchants of the street, hear what is on their minds and agree what is done next."),
        _("No particular risks."),
        _("Your questions and suggestions; photographs help."),
        False,
    ),
    Kind.CARE: StartingText(
        _("We keep a warm place for sanitation workers: hot drinks, a seat, a hand when it is needed."),
        _("Hot water and early hours. Put cups on the tray, walk home in company when it is dark."),
        _("Warm clothes. Cups, tea and ginger are there."),
        False,
    ),
    Kind.PROJECT: StartingText(
        _("We look at a civic project together: what is done, what is missing, what residents say."),
        _("Uneven ground on the site. Stay with the group and behind the barriers."),
        _("Comfortable shoes."),
        False,
    ),
    Kind.OTHER: StartingText("", "", "", False),
}
