"""What the editor's form asks of a notice beyond its single fields."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

# GB/T 9704-2012: the issuer's letters, the year in full and in hexagonal brackets, the number without leading zeros.
DOCUMENT_NUMBER = re.compile(r"(?P<issuer>[^\W\d_]+)〔(?P<year>\d{4})〕(?P<number>[1-9]\d*)号")
NEARLY = re.compile(
    r"(?P<issuer>[^\W\d_]+)\s*[〔［\[(（【﹝{](?P<year>\d{4})[〕］\])）】﹞}]\s*第?0*(?P<number>[1-9]\d*)\s*号"
)
# As governments around here give it: the unit's code, the year, five digits.
INDEX_NUMBER = re.compile(r"[0-9A-Z]{9}/\d{4}-\d{5}")


def read_document_number(written: str) -> str:
    """The document number as it was written, blanks taken out.

    Raises ``ValidationError``, with the right form of it where that can be told.
    """
    number = re.sub(r"\s+", "", written)
    if not number or DOCUMENT_NUMBER.fullmatch(number):
        return number
    if nearly := NEARLY.fullmatch(number):
        meant = "{issuer}〔{year}〕{number}号".format(**nearly.groupdict())
        raise ValidationError(_("Please write it as on the document: %(number)s") % {"number": meant})
    raise ValidationError(
        _("A document number has the letters of the issuer, the year in 〔〕 and a number, as in 玉城管〔2026〕12号.")
    )


def read_index_number(written: str) -> str:
    """The index number in capital letters, blanks taken out. Raises ``ValidationError``."""
    number = re.sub(r"\s+", "", written).upper()
    if number and not INDEX_NUMBER.fullmatch(number):
        raise ValidationError(
            _("An index number has nine characters for the unit, the year and five digits, as in 01404053X/2026-00012.")
        )
    return number


class NoticeForm(WagtailAdminPageForm):
    """The rules that hold several fields of a notice together. A draft is only asked for what would be wrong anyway."""

    def clean_document_number(self) -> str:
        return read_document_number(self.cleaned_data["document_number"])

    def clean_index_number(self) -> str:
        return read_index_number(self.cleaned_data["index_number"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._both_days(cleaned)
        self._what_replaces_it(cleaned)
        if not self.is_deferred_validation:
            self._how_long(cleaned)
        return cleaned

    def _both_days(self, cleaned: dict[str, Any]) -> None:
        begins, ends = cleaned.get("publicity_from"), cleaned.get("publicity_until")
        if bool(begins) != bool(ends):
            missing = "publicity_until" if begins else "publicity_from"
            self.add_error(missing, _("People must know both days: from when and until when they may comment."))

    def _what_replaces_it(self, cleaned: dict[str, Any]) -> None:
        other = cleaned.get("replaced_by")
        if other is None:
            return
        if other.pk == self.instance.pk:
            self.add_error("replaced_by", _("A notice cannot replace itself. Choose the new one."))
        elif cleaned.get("validity") == "valid":
            self.add_error("validity", _("If another notice replaces it, say whether this one is amended or repealed."))

    def _how_long(self, cleaned: dict[str, Any]) -> None:
        """What a reader would ask first: until when may I say something, until when am I warned?"""
        kind = cleaned.get("kind")
        if kind in {"publicity", "consultation"} and not cleaned.get("publicity_until"):
            self.add_error("publicity_until", _("Say until when people may comment; seven days are usual."))
        if kind == "warning" and not cleaned.get("valid_until"):
            self.add_error("valid_until", _("Say until when the warning holds, so that it does not stay for ever."))
