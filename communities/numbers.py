"""Phone numbers: the one place that reads what people write.

Two questions are asked of a number. Can somebody be called by it (:func:`as_callable`)? It is kept as it was written, with
its extension. And which mobile number is it (:func:`mobile`)? That one is an identity, so it has one spelling: E.164.
"""

import re
import unicodedata

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberType

from kit.refusals import Refused, as_written

E164 = r"^\+[1-9][0-9]{6,14}$"
"""The one spelling of a mobile number, as the database demands it."""

HOME = "CN"
OWN_CODE = 86
MOST = 24
"""Characters in which a number may be written, blanks and all."""

# Eleven digits beginning with 1, whether a network has them or not: new ones are given out faster than tables are made.
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")
_DIGITS = re.compile(r"\+?[0-9]{3,20}")
_BETWEEN = re.compile(r"[\s().\-‐-―]+")
_WRITTEN = re.compile(r"\(?\+?[0-9][0-9\s()/.,;#*\-‐-―]*")
_SHORT = re.compile(r"[0-9]{3,6}")
"""110, 12345 and a house's own switchboard: whoever stands there knows what is meant."""

_BY_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mobile(written: str) -> str:
    """The mobile number in E.164 (``+8613800000000``).

    Eleven digits beginning with 1 are a number of this country; any other needs its country code. Blanks, dashes,
    brackets and full-width digits do not matter. Raises ``Refused`` (422, field ``phone``): ``phone_missing``,
    ``phone_unreadable``, or ``phone_landline`` for a number that takes no SMS.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", written))
    if not plain:
        raise Refused("phone_missing", _("Please write your mobile number."), status=422, field="phone")
    own = _MOBILE.fullmatch(plain)
    if own:
        return f"+{OWN_CODE}{own[1]}"
    number = _parsed(re.sub(r"^00", "+", plain)) if _DIGITS.fullmatch(plain) else None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Refused(
            "phone_unreadable",
            _("This is no mobile number. Please write its 11 digits, or for a foreign number its country code first."),
            status=422,
            field="phone",
        )
    if phonenumbers.number_type(number) not in _BY_SMS:
        raise Refused(
            "phone_landline",
            _("This number cannot receive text messages. Please write a mobile number."),
            status=422,
            field="phone",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_people_write(number: str) -> str:
    """A number in E.164 as it is written here: those of this country without its code."""
    return number.removeprefix(f"+{OWN_CODE}")


def as_callable(text: str, *, field: str) -> str:
    """A phone number as it was written; empty where nothing was.

    Raises ``Refused`` (422): ``<field>_unreadable`` for what is none, ``<field>_too_long``.
    """
    number = as_written(text, most=MOST, field=field)
    if number and not can_be_called(number):
        sentence = _("Please write a phone number: digits, with spaces or dashes if you like.")
        raise Refused(f"{field}_unreadable", sentence, status=422, field=field)
    return number


def can_be_called(written: str) -> bool:
    """Is this a phone number as people write them? Landlines, extensions, short numbers and foreign ones are."""
    plain = unicodedata.normalize("NFKC", written).replace("转", "#").strip()
    if not _WRITTEN.fullmatch(plain):
        return False
    digits = _BETWEEN.sub("", plain)
    if _SHORT.fullmatch(digits) or _MOBILE.fullmatch(digits):
        return True
    # Without its area code a landline is dialled in the town only: that is possible, and often what is written.
    first = re.split(r"[/,;#*]", plain)[0]
    number = _parsed(first)
    return number is not None and phonenumbers.is_possible_number_with_reason(number) in {
        phonenumbers.ValidationResult.IS_POSSIBLE,
        phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY,
    }


def _parsed(written: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, HOME)
    except NumberParseException:
        return None
