"""What every room's views need: a mark for public pages, rows by id, forms for deeds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from .refusals import Refused

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row", bound=Model)

PUBLIC = "gongzhi_public"


def public(view: View) -> View:
    """Mark ``view`` as one whose answers hold nothing personal and may be kept by caches.

    Everything that is not marked is sent as ``private, no-store``; so is a marked answer to somebody with a session,
    unless the view sets ``Cache-Control`` itself because it answers everybody the same. Put it outermost, above the
    method decorators.
    """
    setattr(view, PUBLIC, True)
    return view


FORM_AND_DEED = ["GET", "HEAD", "POST"]
"""The methods of a page that shows a form and does what is sent with it."""

LARGEST_ID = 2**63 - 1
"""Above this no database has a row, and none can be asked for one."""


def is_id(written: str) -> bool:
    """Can a row be looked up by this? A number that somebody wrote may have any length."""
    is_number = written.isascii() and written.isdigit() and len(written) <= len(str(LARGEST_ID))
    return is_number and int(written) <= LARGEST_ID


def found_or_404(rows: QuerySet[Row], pk: int) -> Row:
    """The one of ``rows`` with this id. Raises ``Http404``, also for a number that no database can look up."""
    row = rows.filter(pk=pk).first() if is_id(str(pk)) else None
    if row is None:
        raise Http404
    return row


def is_public(view: Callable[..., Any]) -> bool:
    """Say whether ``view`` was marked with :func:`public`."""
    return getattr(view, PUBLIC, False) is True


class DeedForm(forms.Form):
    """What somebody writes for a deed. It takes the deed's no beside its field, or above the form.

    A view asks ``is_valid()``, does the deed and redirects inside ``taking_refusals()``, and otherwise shows the form with
    its ``status``. A form that was not sent is not valid, has no errors, and is answered with 200.
    """

    # The deed says what is missing, in the language of the page; a browser says it in its own.
    use_required_attribute = False

    refusal: Refused | None = None

    @classmethod
    def of(cls, request: HttpRequest, **kwargs: Any) -> Self:
        """The form as it was sent; empty where the page is only looked at."""
        return cls(request.POST if request.method == "POST" else None, **kwargs)

    @contextmanager
    def taking_refusals(self) -> Iterator[None]:
        """Do the deed inside; what it refuses ends here and stands in the form."""
        try:
            yield
        except Refused as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Refused) -> None:
        """Put the sentence where it belongs. A form that was not sent keeps it as its ``refusal`` only."""
        self.refusal = refusal
        if self.is_bound:
            name = self.field_of(refusal)
            self.add_error(name if name in self.fields else None, refusal.sentence)

    def field_of(self, refusal: Refused) -> str | None:
        """Beside which field the sentence belongs, where the form calls it otherwise than the deed."""
        return refusal.field

    @property
    def status(self) -> int:
        """What a page that shows this form is answered with."""
        if self.refusal is not None:
            return self.refusal.status
        return 422 if self.errors else 200


def with_retry(response: HttpResponse, refusal: Refused | None) -> HttpResponse:
    """``response``, saying to programs as well when to come again, where the refusal says so."""
    if refusal is not None and "retry_after" in refusal.facts:
        response["Retry-After"] = str(refusal.facts["retry_after"])
    return response
