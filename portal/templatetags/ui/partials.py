"""A block tag's partial, filled with what stands between its tags."""

from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe


def rendered(partial: str, values: dict[str, Any]) -> SafeString:
    """The template ``partial`` with ``values``, which are escaped there as everywhere."""
    return mark_safe(get_template(partial).render(values))  # noqa: S308 – a template's own output
