"""Which parts of a picture are covered: four numbers each, as somebody drew or typed them."""

from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grid.desk.blurring import MOST_BOXES
from grid.reports.covering import Box
from kit.web import DeedForm


def _per_cent(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "min": 0, "max": 100, "inputmode": "decimal"}),
    )


class BlurForm(DeedForm):
    """The fields of one part, which a script replaces by as many as were drawn; :attr:`boxes` reads them all."""

    left = _per_cent(gettext_lazy("From the left, %"))
    top = _per_cent(gettext_lazy("From above, %"))
    width = _per_cent(gettext_lazy("Width, %"))
    height = _per_cent(gettext_lazy("Height, %"))

    boxes: list[Box]

    @classmethod
    def of(cls, request: HttpRequest, **kwargs: object) -> Self:
        form = super().of(request, **kwargs)
        form.sent = [request.POST.getlist(name)[: MOST_BOXES + 1] for name in Box._fields]  # type: ignore[attr-defined]
        return form

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        try:
            self.boxes = [Box(*map(float, numbers)) for numbers in zip(*self.sent, strict=True) if any(numbers)]  # type: ignore[attr-defined]
        except ValueError:
            self.boxes = []
            raise forms.ValidationError(_("Please write four numbers between 0 and 100 for each part.")) from None
        return cleaned
