"""Whatever takes a letter out of the site. Which one, ``MAIL_CARRIER`` and ``SMS_CARRIER`` say.

A provider of SMS is one more class with :meth:`Carrier.carry` and one more line in ``CARRIERS``. A letter may come to a
carrier a second time, if the worker died before it could write down the answer: its id is what the carrier knows it by.
"""

import os
import smtplib
import sys
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage, get_connection

from .models import Outgoing

TIMEOUT = 30
"""Seconds after which a carrier gives up; well within the time for which a letter is claimed."""

FOR_GOOD = 500
"""From this code on an SMTP server says that it will never take it."""


class Letter(NamedTuple):
    """What is to be carried, and the id under which it is the same letter again."""

    id: str
    channel: str
    address: str
    subject: str
    body: str
    unsubscribe: str = ""
    """Of a mail: the address that ends with one click what it belongs to."""


class Rejected(Exception):
    """This letter will never be taken, by this carrier or a later try."""


class Carrier(Protocol):
    def carry(self, letter: Letter) -> str:
        """Take the letter and return the provider's reference. Called outside every transaction.

        Raises :class:`Rejected` for what will never work; any other exception is a fault that may pass.
        """


class Console:
    """Shows the letter where the worker runs."""

    def carry(self, letter: Letter) -> str:
        heading = " ".join(part for part in (letter.channel, letter.address, letter.subject) if part)
        sys.stdout.write(f"--- {heading}\n{letter.body}\n---\n")
        sys.stdout.flush()
        return "console"


class File:
    """Writes one file for each letter; the same letter again is the same file."""

    def carry(self, letter: Letter) -> str:
        folder = Path(settings.VAR) / "outgoing" / letter.channel
        folder.mkdir(parents=True, exist_ok=True)
        path, unfinished = folder / f"{letter.id}.txt", folder / f".{letter.id}.part"
        if not path.exists():
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(f"{letter.address}\n{letter.subject}\n\n{letter.body}\n")
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        return path.name


class Smtp:
    """Hands a mail to the server of ``EMAIL_URL``."""

    def carry(self, letter: Letter) -> str:
        reference = f"<{letter.id}@{urlsplit(settings.SITE_URL).hostname}>"
        mail = EmailMessage(
            letter.subject,
            letter.body,
            to=[letter.address],
            headers={"Message-ID": reference, "Auto-Submitted": "auto-generated", **_way_out(letter)},
            connection=get_connection(timeout=TIMEOUT),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            if all(code >= FOR_GOOD for code, _reason in refusal.recipients.values()):
                raise Rejected("the address is refused") from refusal
            raise
        except smtplib.SMTPDataError as refusal:
            if refusal.smtp_code >= FOR_GOOD:
                raise Rejected("the text is refused") from refusal
            raise
        except (BadHeaderError, ValueError) as error:
            raise Rejected("this is no address") from error
        return reference


def _way_out(letter: Letter) -> dict[str, str]:
    """The headers by which a mail program offers to end it with one click (RFC 2369, RFC 8058)."""
    if not letter.unsubscribe:
        return {}
    return {"List-Unsubscribe": f"<{letter.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


CARRIERS: dict[str, type[Carrier]] = {"console": Console, "file": File, "smtp": Smtp}


def carrier_for(channel: str) -> Carrier:
    """The carrier of this channel; raises ``KeyError`` where there is none (any more)."""
    return CARRIERS[settings.SMS_CARRIER if channel == Outgoing.Channel.SMS else settings.MAIL_CARRIER]()
