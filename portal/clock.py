"""What happens by itself: the jobs of every minute and of every day."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.core.management import call_command
from django.db import close_old_connections
from django.db.models import Q
from django.utils import timezone

from communities import inviting, privacy
from events import messages, seats
from grid.cases import climbing, reporting
from grid.net import importing
from grid.reports import drafts
from grid.telling import subscribing
from portal import searching
from portal.models import Beat
from updates import delivery

log = structlog.get_logger(__name__)

Job = Callable[[], object]


def publish_scheduled() -> None:
    """Publish and unpublish the pages whose moment has come."""
    call_command("publish_scheduled")


def forget_sessions() -> None:
    """Delete sessions that ran out."""
    call_command("clearsessions")


def forget_tasks() -> None:
    """Delete the results of tasks that were done two weeks ago."""
    call_command("prune_db_task_results", verbosity=0)


def forget_beats() -> None:
    """Delete the last beats of workers that ended long ago; the clock's own rows stay."""
    Beat.objects.filter(name__startswith="worker:").silent_since(timezone.now() - timedelta(days=1)).delete()


def forget_letters() -> None:
    """Delete what was sent by mail or SMS a month ago."""
    delivery.forget_old(now=timezone.now())


def forget_consents() -> None:
    """Delete the consents of accounts that were closed three years ago."""
    privacy.forget_old(now=timezone.now())


def forget_invitations() -> None:
    """Delete invitations that ended unused a month ago."""
    inviting.forget_old(now=timezone.now())


def forget_report_drafts() -> None:
    """Delete what was begun to be reported and not sent for a week, with its pictures."""
    drafts.forget_old(now=timezone.now())


def forget_files_of_the_net() -> None:
    """Delete files of the net that the operator sent yesterday and did not bring in."""
    importing.forget_old(now=timezone.now())


def forget_reporters() -> None:
    """Empty what reporters left to be reached by, a year after the end of their cases."""
    reporting.forget_contacts(now=timezone.now())


def forget_unconfirmed_mail() -> None:
    """Delete mail addresses whose owners did not say within two days that they want to follow something."""
    subscribing.forget_unconfirmed(now=timezone.now())


MINUTE_JOBS: tuple[Job, ...] = (
    publish_scheduled,
    seats.pass_places_on,
    messages.remind,
    climbing.go_on,
    climbing.remind,
    climbing.climb,
    searching.catch_up,
)
DAY_JOBS: tuple[Job, ...] = (
    forget_sessions,
    forget_tasks,
    forget_beats,
    forget_letters,
    forget_consents,
    forget_invitations,
    forget_unconfirmed_mail,
    forget_report_drafts,
    forget_files_of_the_net,
    forget_reporters,
)


def tick(now: datetime) -> None:
    """Do what is due in the minute and on the day of ``now``, each job once however many clocks there are."""
    now = timezone.localtime(now)
    minute = now.replace(second=0, microsecond=0)
    for jobs, since in ((MINUTE_JOBS, minute), (DAY_JOBS, minute.replace(hour=0, minute=0))):
        for job in jobs:
            _do_once(job, since=since)


def _do_once(job: Job, *, since: datetime) -> None:
    name = f"clock:{job.__module__}.{job.__name__}"
    close_old_connections()
    try:
        if _claim(name, since=since):
            job()
    except Exception:
        # One job that fails must not keep the others from being done.
        log.exception("clock_job_failed", job=name)
    finally:
        close_old_connections()


def _claim(name: str, *, since: datetime) -> bool:
    """Claim the job for the period that began at ``since``; say whether it is ours.

    Two clocks ask at the same moment: the row lets one of them change it, the other finds it changed.
    """
    Beat.objects.get_or_create(name=name)
    # A row from the far future was written while the machine's time was wrong; it must not stop the job until then.
    due = Q(at__isnull=True) | Q(at__lt=since) | Q(at__gt=since + timedelta(days=1))
    return Beat.objects.filter(due, name=name).update(at=since) == 1
