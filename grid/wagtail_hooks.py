"""What the grid adds to Wagtail's admin: the operator's word lists."""

from wagtail import hooks

from .rulebook.viewsets import Rulebook


@hooks.register("register_admin_viewset")
def rulebook() -> Rulebook:
    return Rulebook()
