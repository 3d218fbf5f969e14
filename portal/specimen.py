"""Every component of the look in all its states, on one page: ``/ui/``, in debug mode only.

Of two things a page has but one: ``/ui/?bar=nav`` has the bar of the navigation, and goes on without script.
"""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from events.kinds import Kind
from events.rosters import Roster, Waiting
from events.sign_in_list import Line, SignInList
from events.states import Seats, sayings_of, sentences
from kit import times
from updates.feed import Entry, Feed

ICONS = (
    "home action camera feed me search place clock people phone share calendar file download check close warn info next "
    "back down filter map list text moon sun plus edit qr box offline bell print star hand bin road car water cable "
    "stall broom fire noise paper shopfront bike lane gas drain falling manhole lamp "
    "more desk globe exit lock shield notice"
).split()

PARTIES = [
    SimpleNamespace(kind=kind, short=short, name=name, name_en=name_en)
    for kind, short, name, name_en in (
        ("community", "玉", "玉祁社区", "Yuqi community"),
        ("department", "城", "玉祁城管", "Yuqi urban management"),
        ("school", "学", "示范初级中学", "Model Middle School"),
        ("enterprise", "企", "示范制造有限公司", ""),
        ("merchants", "商", "振祁路微路长商户组", ""),
        ("group", "暖", "聚力暖橙志愿队", "Warm Orange volunteers"),
        ("other", "邮", "邮政所", "Post office"),
    )
]


class SpecimenForm(forms.Form):
    """One field of every shape."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of action"), choices=Kind.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("Meeting point"),
        max_length=40,
        help_text=gettext_lazy("Something people can see: the door of the fruit shop."),
    )
    phone = forms.RegexField(
        r"^1\d{10}$",
        label=gettext_lazy("Mobile number"),
        error_messages={"invalid": gettext_lazy("A mobile number has 11 digits.")},
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    words = forms.CharField(label=gettext_lazy("What we do"), max_length=200, widget=forms.Textarea, required=False)
    way = forms.ChoiceField(
        label=gettext_lazy("How do you come?"),
        choices=[("foot", gettext_lazy("On foot")), ("bicycle", gettext_lazy("By bicycle"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=gettext_lazy("Tell me when something changes"), required=False)


def _cards(now: datetime) -> list[dict[str, Any]]:
    tonight, morning = times.tonight(now), times.tomorrow_morning(now)
    later = (morning[0] + timedelta(days=9, hours=3), morning[0] + timedelta(days=9, hours=5))
    past = (morning[0] - timedelta(days=140), morning[1] - timedelta(days=140))
    every = {"url": "#cards", "place": "玉祁社区党群服务中心"}
    return [
        every
        | {
            "title": "振祁路|夜间除雪防冻",
            "kind": "snow",
            "kind_label": Kind.SNOW.label,
            "mark": _("tonight"),
            "start": tonight[0],
            "end": morning[1],
            "parties": PARTIES,
            "taken": 17,
            "capacity": 20,
        },
        every
        | {
            "title": "“聚力暖橙”热饮点值守",
            "kind": "care",
            "kind_label": Kind.CARE.label,
            "start": morning[0],
            "end": morning[1],
            "parties": PARTIES[5:6],
            "taken": 6,
            "capacity": 6,
            "waiting": 2,
        },
        every
        | {
            "title": "给道路两侧、背街里巷和集贸市场周边做一次从头到尾的冬季大扫除，请大家都来搭一把手",
            "kind": "cleanup",
            "kind_label": Kind.CLEANUP.label,
            "start": later[0],
            "end": later[1],
            "parties": PARTIES[1:4],
            "taken": 137,
            "capacity": 200,
        },
        every
        | {
            "title": "五条低洼路段沙袋值守",
            "kind": "flood",
            "kind_label": Kind.FLOOD.label,
            "start": past[0],
            "end": past[1],
            "parties": PARTIES[:4],
            "taken": 46,
            "capacity": 46,
            "word": _("Over"),
            "tone": "ok",
            "off": True,
        },
    ]


def _feed(now: datetime) -> Feed:
    """One entry of each verb, and one that was taken back; it stands still, because nobody tells anything here."""
    action = {"id": 1, "title": "振祁路|夜间除雪防冻", "title_en": "Clearing snow on Zhenqi Road", "url": "#cards"}
    actor = {"name": "玉祁社区", "name_en": "Yuqi community"}
    tonight, morning = times.tonight(now), times.tomorrow_morning(now)
    moved = {
        "task": "学校门口和社区坡道",
        "starts_at": morning[0].isoformat(),
        "ends_at": morning[1].isoformat(),
        "was": {"starts_at": tonight[0].isoformat(), "ends_at": tonight[1].isoformat()},
    }
    told: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("closed", {}, actor),
        ("posted", {"text": "振祁路东段已经扫完。\n还缺两把雪铲，谁家有请带来。"}, actor | {"person": "梅芳"}),
        ("called_off", {"reason": "雪停了，改天再说。"}, actor),
        ("moved", moved, actor),
        ("opened", {}, actor),
    ]
    entries = [
        Entry(
            verb,
            f"events/updates/_{verb}.html",
            "town",
            seq,
            "",
            now - timedelta(hours=9 * seq),
            who,
            {"action": action} | what,
        )
        for seq, (verb, what, who) in enumerate(told)
    ]
    return Feed([*entries, Entry("posted", "", "town", 9, "", now - timedelta(days=400))], "", "", names_subject=True)


def _people(now: datetime) -> dict[str, Any]:
    """Who comes, waits and cancelled, at the desk and on the list to sign on; one of them has a very long name."""
    start, end = times.tonight(now)

    def signed_up(pk: int, name: str, phone: str = "+8613812341234", **more: Any) -> Any:
        return SimpleNamespace(pk=pk, person=SimpleNamespace(name=name, phone=phone), **more)

    offered, second = (signed_up(3, "严宁", offered_until=now + timedelta(minutes=20)), signed_up(4, "周掌柜"))
    gone = signed_up(5, "强立", cancelled_at=now, get_cause_display=_("cancelled"), reason="孩子发烧")
    coming = [signed_up(1, "欧阳慕容·阿不都热合曼"), signed_up(2, "陈晨", "")]
    return {
        "roster": Roster(coming, [Waiting(offered, None), Waiting(second, 1)], [gone]),
        "list": SignInList(
            SimpleNamespace(starts_at=start, ends_at=end, task="振祁路人行道"),  # type: ignore[arg-type]
            [Line(each.person.name, each.person.phone, "玉祁社区") for each in coming],
            [Line("周掌柜", "+8613812341234", "")],
        ),
        "action": SimpleNamespace(pk=1, state="announced"),
        "may_run": True,
        "phones_shown": True,
    }


@require_safe
def specimen(request: HttpRequest) -> HttpResponse:
    """Show the components."""
    now = timezone.now()
    messages.success(request, _("Your place is kept."))
    filled = SpecimenForm(
        {"kind": "snow", "place": "玉祁社区党群服务中心门口", "phone": "1380000123", "way": "foot", "told": "on"}
    )
    return render(
        request,
        "portal/specimen.html",
        {
            "icons": ICONS,
            "kinds": Kind.choices,
            "parties": PARTIES,
            "cards": _cards(now),
            "form": filled,
            "empty_form": SpecimenForm(initial={"kind": "sky"}, prefix="new"),
            "slots": [times.tonight(now), times.tomorrow_morning(now)],
            "now": now,
            "next_week": now + timedelta(days=8),
            "filters": [
                {"label": _("More wanted"), "url": "#filters", "on": True},
                {"label": _("Today"), "url": "#filters"},
                {"label": _("This weekend"), "url": "#filters"},
                {"label": Kind.SNOW.label, "url": "#filters"},
            ],
            "tabs": [
                {"label": _("To come"), "url": "#filters", "current": True, "count": 2},
                {"label": _("Done"), "url": "#filters"},
                {"label": _("Cancelled"), "url": "#filters"},
            ],
            "figures": [
                {"value": 16, "unit": "/ 20", "label": _("checked in"), "url": "#figures"},
                {"value": 2, "label": _("not here, no answer"), "url": "#figures", "tone": "bad"},
                {"value": 1, "label": _("on the way"), "url": "#figures", "tone": "want"},
                {"value": 1, "label": _("excused"), "url": "#figures"},
            ],
            "feed": _feed(now),
            "empty_feed": Feed([], "", "{}"),
            "live_places": [
                (places, sayings_of(places, sentences(has_line=True)))
                for places in (Seats.of_shift(3, 8, 0), Seats.of_shift(8, 8, 2), Seats.of_shift(8, 8, 0))
            ],
            "pages": [Paginator(range(60), 20).get_page(number) for number in (1, 2, 3)],
            "linked_data": {"@context": "https://schema.org", "@type": "WebPage", "name": _("Components")},
            **_people(now),
        },
    )
