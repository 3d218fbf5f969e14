"""The stream: what happens in the town, to my actions and in my organisations, as it is told."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from communities import following, permits
from communities.models import User
from communities.permits import Person
from communities.roles import Right
from events.identifiers import id_in
from events.listing import Chip
from events.models import Action, SignUp
from kit.web import public
from portal.models import NoticePage
from updates import book, feed
from updates.feed import Entry, Page

A_PAGE = 20
MOST_ACTIONS, MOST_ORGANISATIONS = 30, 19
"""Of these the latest are followed; with the town they are what one feed may follow."""
TOWN = "town"


@public
@require_safe
def stream(request: HttpRequest) -> HttpResponse:
    """The news, the newest first. A visitor reads the town's, somebody who is signed in also what is near to them."""
    person = request.user
    near = _near(person)
    asked = request.GET.get("of", "")
    topics = near[asked] if asked in near else near[""]
    before = id_in(request.GET.get("before", ""))
    heads = book.heads(topics)
    page = feed.entries(topics, limit=A_PAGE, before=before)
    context: dict[str, Any] = {
        "feed": feed.live(_public_only(page), heads, names_subject=True, is_still=before is not None),
        "chips": _chips(asked, near) if isinstance(person, User) else [],
        "nothing": _nothing(asked if asked in near else ""),
    }
    return render(request, "portal/stream.html", context)


def _near(person: Person) -> Mapping[str, list[str]]:
    """The topics of each choice."""
    if not isinstance(person, User):
        return {"": [TOWN]}
    # Whose place was lost because the action was called off wants to read of it; who cancelled does not.
    stands = Q(pk__in=SignUp.objects.live()) | Q(cause=SignUp.Cause.CALLED_OFF)
    signed_up = SignUp.objects.filter(stands, person=person).order_by("-shift__starts_at", "-pk")
    actions = dict.fromkeys(f"action:{pk}" for pk in signed_up.values_list("shift__action", flat=True)[:MOST_ACTIONS])
    # The operator may do everything everywhere and belongs nowhere.
    belongs = permits.organisations_where(person, Right.BELONG) if not person.is_superuser else ()
    near = dict.fromkeys(
        f"organisation:{organisation.pk}"
        for some in (belongs, following.followed(person))
        for organisation in some[:MOST_ORGANISATIONS]
    )
    organisations = list(near)[:MOST_ORGANISATIONS]
    return {"": [*actions, *organisations, TOWN], "mine": list(actions), "organisations": organisations, "town": [TOWN]}


def _public_only(page: Page) -> Page:
    """Without the news of actions and notices that were hidden since; with one query for each kind."""
    actions = set(Action.objects.public().filter(pk__in=_ids(page, "action")).values_list("pk", flat=True))
    notices = set(NoticePage.objects.shown().filter(pk__in=_ids(page, "notice")).values_list("pk", flat=True))
    shown = {("action", pk) for pk in actions} | {("notice", pk) for pk in notices}
    return Page([entry for entry in page.entries if not entry.payload or _about(entry) in shown], page.older)


def _about(entry: Entry) -> tuple[str, int]:
    return entry.about, entry.payload[entry.about]["id"]


def _ids(page: Page, thing: str) -> list[int]:
    return [entry.payload[thing]["id"] for entry in page.entries if thing in entry.payload]


def _chips(asked: str, near: Mapping[str, list[str]]) -> list[Chip]:
    labels = {
        "": _("All news"),
        "mine": _("I signed up"),
        "organisations": _("Organisations I follow"),
        "town": _("The town"),
    }
    address = reverse("stream")
    chosen = asked if asked in near else ""
    return [Chip(label, f"{address}?of={of}" if of else address, of == chosen) for of, label in labels.items()]


def _nothing(of: str) -> str:
    if of == "mine":
        return _("Nothing new from what you signed up for.")
    if of == "organisations":
        return _("Nothing new from the organisations you belong to or follow.")
    return _(
        "Nothing new yet. When an action is announced, moved or called off, and when a notice is issued, it stands here."
    )
