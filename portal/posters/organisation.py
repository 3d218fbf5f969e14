"""The poster of an organisation, for its notice board: who they are, and the way to all that they do."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from communities.models import OrganisationPage
from communities.templatetags.organisations import local_intro, local_name
from portal.posters.sheet import Fact, Sheet, badge_of


def sheet_of(page: OrganisationPage, *, address: str) -> Sheet:
    """What stands on the poster of the organisation whose page this is, in the language of whoever asks."""
    organisation = page.organisation
    name = local_name(organisation).text
    facts = [
        Fact("text", local_intro(page).text, 3, size=54, most=6, least=2),
        Fact("phone", organisation.phone, 2, size=54, most=1, least=1),
        Fact("people", name, 1, least=1, badges=(badge_of(organisation),)),
    ]
    return Sheet(
        emblem="i-people",
        kind=capfirst(organisation.get_kind_display()),
        title=name,
        facts=tuple(facts),
        call=_("Scan to see what we do"),
        address=address,
    )
