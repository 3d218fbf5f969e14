"""A code of six digits goes to a number, and whoever types it in has that number.

One process for everything that needs a number: coming in, a new account, another number. Whether somebody has the number
already is asked only after the code was right, so until then nobody can learn it, from the answer or from its time.

The process lives in the session; what must not be done twice is counted in the cache, because two requests of one session
know nothing of each other. An attempt is counted before it is looked at.
"""

import secrets
import time
import unicodedata
from typing import Any, Self

import structlog
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from kit.refusals import Refused

from .counting import counted

log = structlog.get_logger(__name__)

SESSION_KEY = "number_code"
RESEND_AFTER = 60
"""Seconds after which the same number may be sent another code."""


class NumberProcess(AbstractCodeVerificationProcess):
    """A number on its way to being somebody's. ``purpose`` keeps a code for one thing from being used for another."""

    COME_IN = "come_in"
    CHANGE = "change"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
        )

    @classmethod
    def begin(cls, request: HttpRequest, *, phone: str, purpose: str, target: str = "") -> Self:
        """Send a code to ``phone`` and keep it in the session, instead of any before it.

        Pressed twice, it is one code. Raises ``Refused``: ``no_sms`` (503), ``too_many_codes`` (429), ``sms_failed`` (503).
        """
        before = cls.resume(request, purpose)
        if before is not None and before.phone == phone and before.wait:
            before.state["target"] = target
            before.persist()
            return before
        process = cls(request, {**cls.initial_state(None, phone=phone), "purpose": purpose, "target": target})
        process.send()
        return process

    @classmethod
    def resume(cls, request: HttpRequest, purpose: str) -> Self | None:
        """The process of this session, if it has one for this purpose that is still good."""
        state = request.session.get(SESSION_KEY)
        if not isinstance(state, dict) or state.get("purpose") != purpose:
            return None
        process = cls(request, state)
        return process if process.abort_if_invalid() else None

    @property
    def phone(self) -> str:
        return str(self.state["phone"])

    @property
    def target(self) -> str:
        """Where the person was going."""
        return str(self.state["target"])

    @property
    def wait(self) -> int:
        """Seconds until another code may be asked for; 0 when it may."""
        return max(0, round(self.state["at"] + RESEND_AFTER - time.time()))

    @property
    def shown_code(self) -> str:
        """The code, where the page may show it: in the demonstration."""
        return str(self.state.get("shown", "")) if settings.CODES_SHOWN else ""

    def send(self) -> None:
        """Make a code, keep it and let it leave; for every number the same."""
        demand_sms()
        if not ratelimit.consume(self.request, action="request_login_code", key=self.phone):
            raise Refused(
                "too_many_codes",
                _("Too many codes were asked for. Please wait an hour, or sign in with your password."),
                status=429,
                field="phone",
                retry_after=3600,
            )
        adapter = get_adapter(self.request)
        code = adapter.generate_phone_verification_code(user=None, phone=self.phone)
        try:
            adapter.send_verification_code_sms(user=None, phone=self.phone, code=code)
        except Exception as error:
            log.warning("code_not_sent", error=type(error).__name__)
            raise Refused(
                "sms_failed",
                _("The code could not be sent. Please try again in a while, or sign in with your password."),
                status=503,
                field="phone",
            ) from error
        if settings.DEMO:
            log.info("demo_code", code=code)
        self.state.update(id=secrets.token_hex(8), at=time.time(), failed_attempts=0)
        self.state["code"] = self._digest(code)
        if settings.CODES_SHOWN:
            self.state["shown"] = code
        self.persist()

    def send_again(self) -> None:
        """Another code, which makes the one before worthless. Raises ``Refused`` as :meth:`begin`, and ``too_soon``."""
        if self.wait:
            raise Refused("too_soon", _("A code is on its way. Please wait a minute before you ask for another one."))
        self.record_resend()
        self.send()

    def check(self, written: str) -> None:
        """Is this the code? Then the process is over, and the code worthless.

        Raises ``Refused`` (422, field ``code``): ``wrong_code``, or ``code_gone`` after the last attempt and for a code that
        was used in the same instant by another window.
        """
        attempts = self._counted("tries")
        typed = unicodedata.normalize("NFKC", written)[: settings.ALLAUTH_USER_CODE_FORMAT["length"] * 2]
        is_right = constant_time_compare(self._digest(normalize_user_code(typed)), self.code)
        if attempts > self.max_attempts or (is_right and self._counted("used") > 1):
            self.abort()
            raise _gone()
        if not is_right:
            if not self.record_invalid_attempt() or attempts == self.max_attempts:
                self.abort()
                raise _gone()
            raise Refused(
                "wrong_code",
                _("This is not the code. Please look at the message again; the last one counts."),
                status=422,
                field="code",
            )
        self.abort()

    def persist(self) -> None:
        self.request.session[SESSION_KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(SESSION_KEY, None)

    def _digest(self, code: str) -> str:
        """What is kept of a code: who reads the table of sessions cannot come in by it."""
        said = f"{self.state['id']}:{code}".encode(errors="replace")
        return salted_hmac("gongzhi.number_code", said, algorithm="sha256").hexdigest()

    def _counted(self, what: str) -> int:
        return counted(f"number-code:{self.state['id']}:{what}", self.timeout + RESEND_AFTER)


def going(request: HttpRequest) -> str:
    """Where whoever asked for the code of this session was going, be the code still good or not."""
    state = request.session.get(SESSION_KEY)
    return str(state.get("target", "")) if isinstance(state, dict) else ""


def demand_sms() -> None:
    """Raise ``Refused`` ``no_sms`` (503) on a site from which no SMS leave."""
    if not may_send():
        raise Refused(
            "no_sms",
            _("This site cannot send codes yet. Please sign in with user name and password."),
            status=503,
            field="phone",
        )


def may_send() -> bool:
    """Can this site send codes at all?"""
    return bool(settings.SMS_CARRIER != "none")


def _gone() -> Refused:
    return Refused(
        "code_gone",
        _("This code is worthless now: it was wrong too often, or was used. Please ask for a new one."),
        status=422,
        field="code",
    )
