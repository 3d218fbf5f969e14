"""Notices are written in the section of the organisation that makes them known."""

from collections.abc import Mapping
from types import MappingProxyType

from communities.models import Organisation
from communities.roles import Role
from portal.models import NoticeIndexPage

INDEX_RIGHTS: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        Role.EDITOR: frozenset({"add_page", "change_page"}),
        Role.COORDINATOR: frozenset({"add_page", "change_page", "publish_page"}),
    }
)
"""Editors draft and hand in; coordinators approve and publish."""


def make_index(organisation: Organisation) -> NoticeIndexPage:
    """The index that every organisation's section gets for its notices (unsaved)."""
    return NoticeIndexPage(title=f"{organisation.name} · 公告", slug="notices", show_in_menus=False)
