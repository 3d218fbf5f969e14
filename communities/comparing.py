"""What a new version of a page says otherwise than the one that is live, field by field."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

_MARK = re.compile(r'<span class="(addition|deletion)">(.*?)</span>', re.DOTALL)
_PIECE = re.compile(r'<div class="comparison__child-object (addition|deletion)">')
_TAGS = {"addition": "ins", "deletion": "del"}


class Change(NamedTuple):
    """One field that differs: its name, and both texts in one, what is gone in ``<del>`` and what is new in ``<ins>``."""

    label: str
    difference: SafeString


def changes(live: Page, new: Page, request: HttpRequest) -> list[Change]:
    """The fields of the editor that differ, in the order of the editor."""
    panels = live.get_edit_handler().get_bound_panel(instance=live, request=request, form=None)
    compared = [make(live, new) for make in panels.get_comparison()]
    return [Change(each.field_label(), _difference(each)) for each in compared if each.has_changed()]


def _difference(comparison: Any) -> SafeString:
    if comparison.is_child_relation:
        return format_html_join("", "<div>{}</div>", ((piece,) for piece in _children(comparison)))
    return _marked(comparison.htmldiff())


def _children(comparison: Any) -> Iterator[SafeString]:
    for child in comparison.get_child_comparisons():
        if not child.has_changed():
            continue
        fields = format_html_join(
            "",
            "<p><b>{}</b> {}</p>",
            ((each.field_label(), _marked(each.htmldiff())) for each in child.get_field_comparisons()),
        )
        if child.is_addition():
            yield format_html("<p><b>{}</b></p>{}", _("new"), fields)
        elif child.is_deletion():
            yield format_html("<p><b>{}</b></p>{}", _("removed"), fields)
        else:
            yield fields


def _marked(html: str) -> SafeString:
    """Wagtail's marks are colours; here they are elements, which are read aloud and printed, and pieces say what they are.

    Its difference is marked as safe, with all that people wrote escaped, so that the only tags in it are Wagtail's; from a
    field that does not say so it is escaped as a whole.
    """
    html = conditional_escape(html)
    words = {"addition": _("new"), "deletion": _("removed")}
    html = _MARK.sub(lambda found: f"<{_TAGS[found[1]]}>{found[2]}</{_TAGS[found[1]]}>", html)
    html = _PIECE.sub(lambda found: f'<div class="{found[1]}"><b class="piece">{words[found[1]]}</b> ', html)
    return SafeString(html)
