"""A coordinator writes what the organisation's own page says. Name, badge and kind are the operator's."""

from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused, as_written

from . import numbers, permits
from .models import (
    INTRO_EN_LENGTH,
    INTRO_LENGTH,
    ORGANISATION_NAME_EN_LENGTH,
    Organisation,
    OrganisationPage,
    User,
)
from .roles import Right


@deed
def describe(
    *, organisation: Organisation, name_en: str, phone: str, intro: str, intro_en: str, by: User
) -> Organisation:
    """Write English name, public phone and who we are, and publish the page; one that is offline stays so.

    Locks the organisation. Raises ``Refused``: ``no_right`` (403), ``…_too_long`` and ``phone_unreadable`` (422), or
    ``no_page``.
    """
    permits.demand(by, Right.DESCRIBE, organisation)
    held = Organisation.objects.held(organisation.pk)
    page = page_as_written(held)
    if page is None:
        raise Refused("no_page", _("This organisation has no page yet. Please tell the operator."))
    held.name_en = as_written(name_en, most=ORGANISATION_NAME_EN_LENGTH, field="name_en")
    held.phone = numbers.as_callable(phone, field="phone")
    held.save(update_fields=["name_en", "phone"])
    page.intro = as_written(intro, most=INTRO_LENGTH, field="intro")
    page.intro_en = as_written(intro_en, most=INTRO_EN_LENGTH, field="intro_en")
    revision = page.save_revision(user=by)
    if page.live:
        # Our own right was asked for; Wagtail would ask for one on the page, which coordinators do not have.
        revision.publish(user=by, skip_permission_checks=True)
    return held


def page_as_written(organisation: Organisation) -> OrganisationPage | None:
    """The page as it was last written: while it is offline, what is written stands in its newest revision only."""
    page = OrganisationPage.objects.filter(pk=organisation.section_id).first()
    if page is None or page.live:
        return page
    written: OrganisationPage = page.get_latest_revision_as_object()
    return written
