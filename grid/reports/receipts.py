"""Receipt codes: with one, whoever reported a case finds it again without an account.

Numbers of cases can be guessed, codes cannot: eight letters and digits out of Crockford's 32, which leave out what is taken
for something else. Of a code only what it hashes to is kept, with the site's secret, so that a stolen table opens nothing.
"""

import secrets
import unicodedata

from django.conf import settings
from django.utils.crypto import salted_hmac

from grid.models import Case

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
SALT = "grid.receipts"

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, "—": None, "–": None, "_": None, ".": None})


def new_code() -> str:
    """A code that nobody has seen; show it once, keep :func:`hashed`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def hashed(code: str, *, key: str | None = None) -> str:
    """What is kept of a code."""
    return salted_hmac(SALT, code, secret=key, algorithm="sha256").hexdigest()


def as_people_read_it(code: str) -> str:
    """The code in two halves: ``7K2M-9QXA``."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read(written: str) -> str:
    """The code that somebody wrote, in whatever case, width and with whatever between; empty where it is none."""
    plain = "".join(unicodedata.normalize("NFKC", written[: 4 * LENGTH]).split()).upper().translate(_READ_AS)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""


def case_of(written: str) -> Case | None:
    """The case that this code opens, or None. Whoever asks is throttled by the view."""
    code = read(written)
    if not code:
        return None
    # A code that was given under the site's last secret still opens its case.
    kept = [hashed(code, key=key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return Case.objects.filter(receipt__in=kept).first()
