"""Role → rights, on one screen.

A right is a permission on :class:`communities.models.Organisation`; who holds a role in an organisation holds its rights
there and nowhere else. Page rights of the organisation's own section are registered by the rooms that make the pages
(:mod:`communities.sections`); ``membership`` grants both and ``manage.py rights --check`` computes both anew.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    EDITOR = "editor", _("editor")
    LEADER = "leader", _("leader")
    MEMBER = "member", _("member")


class Right(models.TextChoices):
    """What may be done in the name of, or to, one organisation."""

    BELONG = "belong", _("see the organisation's own pages")
    COMPOSE_ACTION = "compose_action", _("draft joint actions")
    ANNOUNCE_ACTION = "announce_action", _("announce, move and call off joint actions")
    RUN_ACTION = "run_action", _("run the desk of a joint action and see who comes")
    MANAGE_MEMBERS = "manage_members", _("take in members and give them roles")
    DESCRIBE = "describe", _("write the organisation's own page")
    APPROVE_PAGES = "approve_pages", _("approve and publish notices")
    ANSWER_INVITATION = "answer_invitation", _("accept or decline invitations to joint actions")
    HANDLE_CASE = "handle_case", _("handle the problems that are sent to the organisation")


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MEMBER: frozenset({Right.BELONG}),
    Role.LEADER: frozenset({Right.BELONG, Right.COMPOSE_ACTION, Right.RUN_ACTION, Right.HANDLE_CASE}),
    Role.EDITOR: frozenset({Right.BELONG, Right.COMPOSE_ACTION}),
    Role.COORDINATOR: frozenset(Right),
}

WRITES_PAGES = frozenset({Role.COORDINATOR, Role.EDITOR})
"""The roles that enter Wagtail's admin, where words and pictures are made."""
