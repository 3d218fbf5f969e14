"""To hear of an organisation without belonging to it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kit.deeds import deed
from kit.refusals import Refused

from .models import Following, Organisation, OrganisationQuerySet, User
from .permits import Person


@deed
def follow(*, organisation: Organisation, by: User) -> Following:
    """Follow an organisation. Again changes nothing. Raises ``Refused`` ``hidden`` where its page is offline."""
    if not Organisation.objects.public().filter(pk=organisation.pk).exists():
        raise Refused("hidden", _("This organisation has no public page at the moment."))
    following, _is_new = Following.objects.get_or_create(person=by, organisation=organisation)
    return following


@deed
def unfollow(*, organisation: Organisation, by: User) -> None:
    """Follow it no more. Again changes nothing."""
    Following.objects.filter(person=by, organisation=organisation).delete()


def followed(person: Person, among: Iterable[int] | None = None) -> OrganisationQuerySet:
    """The public organisations that the person follows, those first that were chosen last; only ``among`` these ids."""
    if not isinstance(person, User):
        return Organisation.objects.none()
    found = Organisation.objects.public().filter(followings__person=person).order_by("-followings__pk")
    return found if among is None else found.filter(pk__in=among)
