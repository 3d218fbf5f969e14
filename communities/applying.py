"""Somebody asks for an organisation of their own, and the operator answers."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import founding, messages, numbers, people, permits
from .models import (
    ABOUT_LENGTH,
    ORGANISATION_NAME_EN_LENGTH,
    ORGANISATION_NAME_LENGTH,
    WORD_LENGTH,
    Application,
    Organisation,
    User,
)

MOST_OPEN = 3
"""Applications that one person may have waiting."""


@deed
def apply(
    *, name: str, kind: Organisation.Kind, about: str, by: User, name_en: str = "", phone: str = ""
) -> Application:
    """Ask the operator to found an organisation. The same name again is the same application as it waits.

    Locks the person. Raises ``Refused``: ``name_missing`` and ``about_missing`` (422), ``…_too_long`` (422),
    ``phone_unreadable`` (422), ``name_taken``, or ``too_many`` waiting.
    """
    written = {
        "name": as_written(
            name, most=ORGANISATION_NAME_LENGTH, field="name", missing=_("An organisation needs a name.")
        ),
        "about": as_written(about, most=ABOUT_LENGTH, field="about", missing=_("Say in a few words who you are.")),
        "name_en": as_written(name_en, most=ORGANISATION_NAME_EN_LENGTH, field="name_en"),
        "phone": numbers.as_callable(phone, field="phone"),
    }
    applicant = people.hold_one(by)
    waiting = Application.objects.open().filter(applicant=applicant)
    standing = waiting.filter(name=written["name"]).first()
    if standing is not None:
        return standing
    if Organisation.objects.filter(name=written["name"]).exists():
        sentence = _("This organisation is here already. Ask its coordinator to take you in.")
        raise Refused("name_taken", sentence, field="name")
    if waiting.count() >= MOST_OPEN:
        raise Refused("too_many", _("Three of your applications are waiting already. Please wait for an answer."))
    application = Application.objects.create(applicant=applicant, kind=kind, **written)
    messages.applied(application)
    return application


@deed
def accept(
    *, application: Application, by: User, name: str = "", short: str = "", is_verified: bool = False
) -> Organisation:
    """Found the organisation with the applicant as its coordinator; verified at once where the operator is sure.

    ``name`` is what the operator makes of the name that was asked for (nothing: as it is). Again returns the organisation
    as it stands. Locks the applicant and the application. Raises ``Refused``: ``operator_only`` (403), ``decided`` for a
    refused one, or what :func:`founding.found` refuses.
    """
    permits.demand_operator(by)
    applicant = people.hold_one(application.applicant)
    held = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if held.organisation is not None:
        return held.organisation
    if held.decided_at is not None:
        raise Refused("decided", _("This application was refused before."))
    organisation = founding.found(
        name=name.strip() or held.name,
        name_en=held.name_en,
        kind=Organisation.Kind(held.kind),
        phone=held.phone,
        short=short,
        coordinator=applicant,
        by=by,
    )
    if is_verified:
        organisation = founding.verify(organisation=organisation, by=by)
    held.decided_at, held.decided_by, held.organisation = timezone.now(), by, organisation
    held.save(update_fields=["decided_at", "decided_by", "organisation"])
    messages.founded(held, organisation)
    return organisation


@deed
def refuse(*, application: Application, word: str, by: User) -> Application:
    """Say no, and why. Again changes nothing.

    Locks the applicant and the application. Raises ``Refused``: ``operator_only`` (403), ``word_missing`` and
    ``word_too_long`` (422), or ``decided`` for an accepted one.
    """
    permits.demand_operator(by)
    word = as_written(word, most=WORD_LENGTH, field="word", missing=_("Say in a word why."))
    people.hold_one(application.applicant)
    held = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if held.organisation_id is not None:
        raise Refused("decided", _("This application was accepted before."))
    if held.decided_at is None:
        held.decided_at, held.decided_by, held.word = timezone.now(), by, word
        held.save(update_fields=["decided_at", "decided_by", "word"])
        messages.application_refused(held)
    return held
