"""What the log may say: one line per happening, with the request's id and without telephone numbers."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# A mainland mobile number, with or without +86 and separators, that is not part of a longer number.
PHONE = re.compile(r"(?<!\d)((?:\+?86|0086)?[\s-]?1[3-9]\d)([\s-]?)(\d{4})([\s-]?)(\d{4})(?!\d)")


def mask_phones(text: str) -> str:
    """Hide the middle of every mobile number: ``13812345678`` becomes ``138****5678``."""
    return PHONE.sub(r"\1\2****\4\5", text)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_phones(value)
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_masked(item) for item in value]
    return value


def without_phones(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Processor: no telephone number reaches the log, whatever field it stands in."""
    for key, value in event.items():
        event[key] = _masked(value)
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure() -> None:
    """Let structlog hand its events to Python's own logging, so that there is one stream in one form."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(*, level: str, form: str) -> dict[str, Any]:
    """Build Django's ``LOGGING``; ``form`` is ``json`` (one object a line) or ``console`` (for people)."""
    last: list[Processor] = (
        [structlog.processors.format_exc_info, without_phones, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.processors.format_exc_info, without_phones, structlog.dev.ConsoleRenderer(colors=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
                "foreign_pre_chain": SHARED,
            },
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # The request log already holds one line per answer, with the traceback if there is one.
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            "daphne": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},  # two lines for every job that goes well
            "uvicorn.access": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
        },
    }
