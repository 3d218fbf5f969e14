"""What this room tells single people: who asks to belong, and what became of it. The deeds that decide call this inside.

A message keeps the facts as they were; its words are computed from them alone, for whoever reads them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kit.times import dated_words, day_words
from updates import messages
from updates.messages import Payload, Words, name_in, named

from . import permits
from .models import Application, Invitation, JoinRequest, Organisation, User
from .roles import Right, Role

APPLIED, FOUNDED, APPLICATION_REFUSED = "applied", "founded", "application_refused"
ASKED_TO_JOIN, JOIN_ACCEPTED, JOIN_DECLINED = "asked_to_join", "join_accepted", "join_declined"
INVITED, INVITATION_ACCEPTED = "invited", "invitation_accepted"
ROLES_GIVEN, LET_GO, LEFT = "roles_given", "let_go", "left"
RENAMED = "renamed"


# --- what is said -----------------------------------------------------------------------------------------------------


def applied(application: Application) -> None:
    """Somebody asks for an organisation: the operators look at it."""
    operators = permits.operators().values_list("pk", flat=True)
    payload = {
        "application": application.pk,
        "organisation": application.name,
        **named("person", application.applicant),
    }
    messages.send(kind=APPLIED, about=f"application:{application.pk}", payloads=dict.fromkeys(operators, payload))


def founded(application: Application, organisation: Organisation) -> None:
    """The organisation that somebody asked for is there."""
    payload = {**_facts(organisation), "is_verified": organisation.is_verified}
    messages.send(kind=FOUNDED, about=f"application:{application.pk}", payloads={application.applicant_id: payload})


def application_refused(application: Application) -> None:
    """The organisation that somebody asked for will not be; ``word`` says why."""
    payload = {"organisation": application.name, "word": application.word}
    messages.send(
        kind=APPLICATION_REFUSED, about=f"application:{application.pk}", payloads={application.applicant_id: payload}
    )


def asked_to_join(request: JoinRequest) -> None:
    """Somebody wants to belong: whoever takes in members looks at it."""
    payload = {**_facts(request.organisation), **named("person", request.person), "note": request.note}
    _to(_coordinators(request.organisation), ASKED_TO_JOIN, f"join-request:{request.pk}", payload)


def join_accepted(request: JoinRequest, role: Role) -> None:
    """Who asked to belong does."""
    payload = {**_facts(request.organisation), "role": role.value}
    _to([request.person_id], JOIN_ACCEPTED, f"join-request:{request.pk}", payload)


def join_declined(request: JoinRequest) -> None:
    """Who asked to belong does not; ``word`` says why."""
    payload = {**_facts(request.organisation), "word": request.word}
    _to([request.person_id], JOIN_DECLINED, f"join-request:{request.pk}", payload)


def invited(invitation: Invitation, to: User, code: str) -> None:
    """An organisation asks somebody to take a role; the answer is given on the invitation's own page."""
    payload = {
        **_facts(invitation.organisation),
        "role": invitation.role,
        **named("by", invitation.made_by),
        "until": timezone.localtime(invitation.expires_at).isoformat(timespec="minutes"),
        "code": code,
    }
    _to([to.pk], INVITED, f"invitation:{invitation.pk}", payload)


def invited_by_number(invitation: Invitation, code: str) -> None:
    """The same to a number that is nobody's account: the link, and who invites, but no person's name."""
    with translation.override(settings.LANGUAGE_CODE):
        body = _("[Gongzhi] %(organisation)s invites you to take part. Good until %(until)s: %(address)s") % {
            "organisation": invitation.organisation.name,
            "until": dated_words(invitation.expires_at, invitation.expires_at),
            "address": settings.SITE_URL + reverse("communities:invited", args=[code]),
        }
    messages.write_to_number(number=invitation.phone, body=body)


def number_changed(person: User, number_before: str) -> None:
    """The number that an account had until now learns that it has another one; perhaps somebody else did it."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        body = _(
            "[Gongzhi] Your account has a new mobile number; this one no longer signs in. Was it not you? Tell the operator."
        )
    messages.write_to_number(number=number_before, body=body)


def invitation_accepted(invitation: Invitation, by: User) -> None:
    """Who was invited came: whoever invited them reads it."""
    payload = {**_facts(invitation.organisation), "role": invitation.role, **named("person", by)}
    _to([invitation.made_by_id], INVITATION_ACCEPTED, f"invitation:{invitation.pk}", payload)


def roles_given(organisation: Organisation, to: User, roles: Iterable[Role], by: User) -> None:
    """Somebody else decided what the person is in the organisation from now on."""
    payload = {**_facts(organisation), "roles": [role.value for role in roles], **named("by", by)}
    _to([to.pk], ROLES_GIVEN, _just_now(organisation), payload)


def let_go(organisation: Organisation, person: User) -> None:
    """Somebody else ended the person's membership."""
    _to([person.pk], LET_GO, _just_now(organisation), _facts(organisation))


def left(organisation: Organisation, person: User) -> None:
    """A member went: whoever takes in members knows it."""
    payload = {**_facts(organisation), **named("person", person)}
    _to(_coordinators(organisation), LEFT, f"{_just_now(organisation)}:{person.pk}", payload)


def renamed(organisation: Organisation, before: str) -> None:
    """The operator changed name, badge or kind: whoever takes in members reads what it is now."""
    payload = {**_facts(organisation), "before": before, "short": organisation.short, "kind": organisation.kind}
    _to(_coordinators(organisation), RENAMED, _just_now(organisation), payload)


def _to(people: Iterable[int], kind: str, about: str, payload: Payload) -> None:
    messages.send(kind=kind, about=about, payloads=dict.fromkeys(people, payload))


def _coordinators(organisation: Organisation) -> list[int]:
    return list(permits.people_who_may(Right.MANAGE_MEMBERS, organisation).values_list("pk", flat=True))


def _just_now(organisation: Organisation) -> str:
    return f"organisation:{organisation.pk}:{timezone.now().isoformat()}"


def _facts(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.pk,
        "organisation": organisation.name,
        "organisation_en": organisation.name_en,
        "url": organisation.public_url or "/",
    }


# --- in words ---------------------------------------------------------------------------------------------------------


def _applied_words(payload: Payload, now: datetime | None) -> Words:
    title = _("A new organisation wants to come in: %(organisation)s") % {"organisation": payload["organisation"]}
    text = _("%(person)s applied. Please look at it and answer.") % {"person": name_in(payload, "person")}
    return Words(title, text, reverse("communities:application", args=[payload["application"]]))


def _founded_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(organisation)s is here") % {"organisation": _name(payload)}
    text = (
        _("Your application was accepted and the organisation is verified. You are its coordinator and may start.")
        if payload["is_verified"]
        else _("Your application was accepted. You may draft already; to announce, the organisation must be verified.")
    )
    return Words(title, text, _members(payload))


def _application_refused_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Not accepted: %(organisation)s") % {"organisation": payload["organisation"]}
    text = _("The operator says: %(word)s") % {"word": payload["word"]}
    return Words(title, text, reverse("communities:apply"))


def _asked_to_join_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Somebody wants to join: %(organisation)s") % {"organisation": _name(payload)}
    text = _("%(person)s asks to belong.") % {"person": name_in(payload, "person")}
    if payload["note"]:
        text = _("%(person)s asks to belong and says: %(note)s") % {
            "person": name_in(payload, "person"),
            "note": payload["note"],
        }
    return Words(title, text, _members(payload))


def _join_accepted_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You belong now: %(organisation)s") % {"organisation": _name(payload)}
    text = _("Your request was accepted. Your role: %(role)s.") % {"role": Role(payload["role"]).label}
    return Words(title, text, _members(payload))


def _join_declined_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Your request was declined: %(organisation)s") % {"organisation": _name(payload)}
    text = _("The coordinator says: %(word)s") % {"word": payload["word"]}
    return Words(title, text, payload["url"])


def _invited_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You are invited: %(organisation)s") % {"organisation": _name(payload)}
    until = datetime.fromisoformat(payload["until"])
    said = dated_words(until, until) if now is None else day_words(until, now=now)
    text = _("%(by)s invites you; your role would be: %(role)s. The invitation holds until %(until)s.") % {
        "by": name_in(payload, "by"),
        "role": Role(payload["role"]).label,
        "until": said,
    }
    is_urgent = now is not None and now < until
    return Words(title, text, reverse("communities:invited", args=[payload["code"]]), is_urgent)


def _invitation_accepted_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(person)s has joined") % {"person": name_in(payload, "person")}
    text = _("The invitation of %(organisation)s was accepted; the role: %(role)s.") % {
        "organisation": _name(payload),
        "role": Role(payload["role"]).label,
    }
    return Words(title, text, _members(payload))


def _roles_given_words(payload: Payload, now: datetime | None) -> Words:
    title = _("Your role has changed: %(organisation)s") % {"organisation": _name(payload)}
    roles = _(", ").join(str(Role(role).label) for role in payload["roles"])
    text = _("By %(by)s. From now on you are: %(roles)s.") % {"by": name_in(payload, "by"), "roles": roles}
    return Words(title, text, _members(payload))


def _let_go_words(payload: Payload, now: datetime | None) -> Words:
    title = _("You no longer belong to %(organisation)s") % {"organisation": _name(payload)}
    text = _("A coordinator ended your membership. What you signed up for stays as it is.")
    return Words(title, text, payload["url"])


def _left_words(payload: Payload, now: datetime | None) -> Words:
    title = _("%(person)s has left") % {"person": name_in(payload, "person")}
    text = _("No longer a member of %(organisation)s.") % {"organisation": _name(payload)}
    return Words(title, text, _members(payload))


def _renamed_words(payload: Payload, now: datetime | None) -> Words:
    title = _("The operator changed your organisation: %(organisation)s") % {"organisation": payload["organisation"]}
    facts = {
        "before": payload["before"],
        "name": payload["organisation"],
        "short": payload["short"],
        "kind": Organisation.Kind(payload["kind"]).label,
    }
    if payload["before"] == payload["organisation"]:
        text = _("Its badge is “%(short)s” now, its kind: %(kind)s.") % facts
    else:
        text = _("It was “%(before)s” until now. Its badge is “%(short)s”, its kind: %(kind)s.") % facts
    return Words(title, text, _members(payload))


KINDS: Mapping[str, messages.Speak] = {
    APPLIED: _applied_words,
    FOUNDED: _founded_words,
    APPLICATION_REFUSED: _application_refused_words,
    ASKED_TO_JOIN: _asked_to_join_words,
    JOIN_ACCEPTED: _join_accepted_words,
    JOIN_DECLINED: _join_declined_words,
    INVITED: _invited_words,
    INVITATION_ACCEPTED: _invitation_accepted_words,
    ROLES_GIVEN: _roles_given_words,
    LET_GO: _let_go_words,
    LEFT: _left_words,
    RENAMED: _renamed_words,
}
"""What this room tells single people, with its words."""


def _name(payload: Payload) -> str:
    """The organisation in the reader's language; in Chinese where nobody has translated it."""
    is_english = (get_language() or "").startswith("en")
    return str(payload["organisation_en"] or payload["organisation"] if is_english else payload["organisation"])


def _members(payload: Payload) -> str:
    return reverse("communities:members", args=[payload["id"]])
