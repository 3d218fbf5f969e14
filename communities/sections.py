"""What lies in every organisation's section, registered by the rooms whose pages it holds.

An upper room calls :func:`register` in its ``apps.ready()``. Founding an organisation makes the indexes, ``membership``
gives the roles their page rights on them, and ``manage.py rights`` checks both against this registry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wagtail.models import Page

from .models import Organisation
from .roles import Role


@dataclass(frozen=True)
class Index:
    """One index page of a section: its class, how it is made, and what each role may do in its subtree.

    ``rights`` names Wagtail's page permissions: ``add_page``, ``change_page``, ``publish_page`` …
    """

    page_class: type[Page]
    make: Callable[[Organisation], Page]
    rights: Mapping[Role, frozenset[str]]

    def of(self, organisation: Organisation) -> Page | None:
        """This index in the section of ``organisation``, or None where it is still to be made."""
        if organisation.section is None:
            return None
        return self.page_class.objects.child_of(organisation.section).first()


_registered: dict[type[Page], Index] = {}


def register(
    page_class: type[Page], make: Callable[[Organisation], Page], rights: Mapping[Role, frozenset[str]]
) -> None:
    """Give every organisation an index of this class. ``make`` returns an unsaved page."""
    _registered[page_class] = Index(page_class, make, rights)


def indexes() -> tuple[Index, ...]:
    """All registered indexes, in the order of registration."""
    return tuple(_registered.values())
