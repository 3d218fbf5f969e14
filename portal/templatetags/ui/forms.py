"""Forms: a field with everything that belongs to it, and what is to be changed."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Textarea
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

register = template.Library()

# Django's own words for the commonest slips are a form's, not a person's; our catalogue comes before Django's.
gettext_noop("This field is required.")
gettext_noop("Select a valid choice. That choice is not one of the available choices.")
gettext_noop("Enter a valid date.")
gettext_noop("Enter a valid time.")
gettext_noop("Enter a whole number.")


def _described_by(field: BoundField, hint: str, left: bool) -> str:
    parts = [f"{field.auto_id}_error"] if field.errors else []
    if hint:
        parts.append(f"{field.auto_id}_helptext")
    if left:
        parts.append(f"{field.auto_id}_left")
    return " ".join(parts)


@register.inclusion_tag("ui/_field.html")
def field(field: BoundField, label: str = "", hint: str = "", optional: bool | None = None) -> dict[str, Any]:
    """A form field with label, hint, error and what is left to write, all tied to the input.

    A check box stands before its label; radio buttons and several check boxes become a group of cards. ``optional``
    says so beside the label (by default for what is not required, in forms with both kinds).
    """
    widget = field.field.widget
    several = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    hint = hint or str(field.help_text)
    left = getattr(field.field, "max_length", None) if not several and widget.attrs.get("data-count") != "off" else None
    attrs: dict[str, Any] = {}
    if described := _described_by(field, hint, bool(left)):
        attrs["aria-describedby"] = described
    if left:
        attrs["data-count"] = f"{field.auto_id}_left"
    if isinstance(widget, Textarea) and widget.attrs.get("rows") in (None, "10"):
        attrs["rows"] = "4"  # Django's own ten fill a phone
    if not isinstance(widget, CheckboxInput) and not several:
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if optional is None:
        others = {other.required for other in field.form.fields.values()}
        optional = not field.field.required and len(others) > 1 and not isinstance(widget, CheckboxInput)
    return {
        "field": field,
        "label": label or field.label,
        "hint": hint,
        "left": left,
        "quiet": not isinstance(widget, Textarea),  # one line: said only when it is nearly full
        "optional": optional,
        "shape": "group" if several else "check" if isinstance(widget, CheckboxInput) else "input",
        "described": attrs.get("aria-describedby", ""),
        "attrs": attrs,
        "widget": "" if several else field.as_widget(attrs=attrs),
    }


@register.inclusion_tag("ui/_kinds.html")
def kinds(field: BoundField) -> dict[str, Any]:
    """The kinds of action as a group of emblems to choose from; ``field`` is a radio choice of kinds."""
    return {"field": field, "described": _described_by(field, str(field.help_text), left=False)}


@register.simple_block_tag
def choice(
    content: str,
    name: str,
    value: str,
    checked: bool = False,
    kind: str = "radio",
    full: bool = False,
    disabled: bool = False,
) -> SafeString:
    """One card to choose (radio, or ``kind="checkbox"``) with whatever stands in it. ``full``: only a waiting list."""
    return render_to_string(
        "ui/_choice.html",
        {
            "content": content,
            "name": name,
            "value": value,
            "checked": checked,
            "kind": kind,
            "full": full,
            "disabled": disabled,
        },
    )


@register.inclusion_tag("ui/_error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """What is to be changed, above the form, each with a link to its field. Empty for a form without errors."""
    wrong = [form[name] for name in form.errors if name in form.fields]
    return {"form": form, "wrong": wrong, "count": len(wrong)}
