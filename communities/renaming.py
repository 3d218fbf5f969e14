"""The operator changes what an organisation is called, and what it is. Its address and its rights stay."""

from django.db import IntegrityError
from django.utils.translation import gettext as _

from kit.deeds import attempt, deed
from kit.refusals import Refused, as_written

from . import membership, messages, permits
from .models import ORGANISATION_NAME_LENGTH, Organisation, OrganisationPage, User


@deed
def rename(*, organisation: Organisation, name: str, kind: Organisation.Kind, short: str, by: User) -> Organisation:
    """Give an organisation another name, badge or kind, wherever they are shown; its coordinators are told.

    What was said in its old name stays as it was said. ``short`` is the first character of the name by default. The same
    again changes nothing. Locks the organisation. Raises ``Refused``: ``operator_only`` (403), ``name_missing`` and
    ``…_too_long`` (422), or ``name_taken``.
    """
    permits.demand_operator(by)
    name = as_written(name, most=ORGANISATION_NAME_LENGTH, field="name", missing=_("An organisation needs a name."))
    short = as_written(short, most=1, field="short") or name[0]
    held = Organisation.objects.held(organisation.pk)
    before = (held.name, held.kind, held.short)
    if before == (name, kind, short):
        return held
    held.name, held.kind, held.short = name, kind, short
    try:
        with attempt():
            held.save(update_fields=["name", "kind", "short"])
    except IntegrityError as error:
        # The unique name decides, also between two who give it at the same moment.
        raise Refused("name_taken", _("There is an organisation with this name already."), field="name") from error
    if name != before[0]:
        _name_what_it_has(held, by)
    messages.renamed(held, before[0])
    return held


def _name_what_it_has(organisation: Organisation, by: User) -> None:
    membership.name_groups(organisation)
    if organisation.collection is not None:
        organisation.collection.name = organisation.name
        organisation.collection.save(update_fields=["name"])
    page = OrganisationPage.objects.filter(pk=organisation.section_id).first()
    if page is None:
        return
    unpublished = page.get_latest_revision_as_object() if page.live and page.has_unpublished_changes else None
    page.title = organisation.name
    revision = page.save_revision(user=by)
    if page.live:
        # Published as every other page is, so that whoever listens to that hears of it.
        revision.publish(user=by)
    if unpublished is not None:
        # What somebody is still writing stays the newest version.
        unpublished.title = organisation.name
        unpublished.save_revision(user=by)
