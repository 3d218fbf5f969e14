"""Who may do what in the grid."""

from communities.permits import Person

from .models import Road

# --- topics -------------------------------------------------------------------------------------------------------------


def may_follow_road(person: Person, key: str) -> bool:
    """May this person follow ``road:<code>``? Everybody may: only what is public is told there."""
    return Road.objects.filter(code=key).exists()
