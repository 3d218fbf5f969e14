"""Letters leave the site: none is lost, each goes once, whoever dies in between."""

import smtplib
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.utils import timezone

from communities.models import User
from portal.management.commands.worker import BeatingWorker
from tests import grounds
from tests.cast import Town
from tests.events.test_races import at_once, meet
from updates import carriers, delivery, messages
from updates.carriers import Letter, Rejected
from updates.models import Message, Outgoing

NOON = timezone.make_aware(datetime(2026, 12, 5, 12, 0))


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.SMS_CARRIER = settings.MAIL_CARRIER = "file"


@pytest.fixture
def noon(time_machine: Any) -> Any:
    time_machine.move_to(NOON, tick=False)
    return time_machine


def letter_to(person: User, number: int = 1, **changes: Any) -> Outgoing:
    message = Message.objects.create(person=person, kind="test", about=f"a:{number}")
    way = {"channel": "sms", "address": person.phone, "body": f"雪 {number}", "due_at": timezone.now(), **changes}
    return Outgoing.objects.create(message=message, **way)


def files() -> list[str]:
    return sorted(path.name for path in (Path(django_settings.VAR) / "outgoing").rglob("*.txt"))


class Planted:
    """A carrier that does as it is told."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.carried: list[Letter] = []

    def __call__(self) -> "Planted":
        return self

    def carry(self, letter: Letter) -> str:
        self.carried.append(letter)
        answer = self.answers.pop(0) if self.answers else "taken"
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Any:
    def planted(*answers: str | Exception) -> Planted:
        carrier = Planted(*answers)
        monkeypatch.setitem(carriers.CARRIERS, "file", carrier)
        return carrier

    return planted


def test_a_letter_is_carried_once_and_its_answer_kept(town: Town, noon: Any, plant: Any) -> None:
    letter = letter_to(town.chen)
    carrier = plant("ref-7")

    assert delivery.deliver_due(NOON, 10) == 1
    assert delivery.deliver_due(NOON, 10) == 0

    assert carrier.carried == [Letter(str(letter.pk), "sms", town.chen.phone or "", "", "雪 1")]
    letter.refresh_from_db()
    assert (letter.state, letter.answer, letter.sent_at, letter.tries) == ("sent", "ref-7", NOON, 1)


def test_no_more_than_asked_for_the_longest_due_first(town: Town, noon: Any, plant: Any) -> None:
    letter_to(town.chen, 1)
    letter_to(town.chen, 2, due_at=NOON - timedelta(hours=1))
    letter_to(town.chen, 3, due_at=NOON + timedelta(seconds=1))
    carrier = plant()

    assert delivery.deliver_due(NOON, 1) == 1
    assert [one.body for one in carrier.carried] == ["雪 2"]
    assert delivery.deliver_due(NOON, 5) == 1
    assert [one.body for one in carrier.carried] == ["雪 2", "雪 1"]


def test_a_fault_is_tried_again_with_growing_pauses_and_given_up_after_a_day(town: Town, noon: Any, plant: Any) -> None:
    letter = letter_to(town.chen)
    carrier = plant(*[ConnectionError("no line")] * 100)
    pauses = []
    while True:
        now = timezone.now()
        assert delivery.deliver_due(now, 1) == 1
        letter.refresh_from_db()
        if letter.state != "due":
            break
        assert letter.answer == "ConnectionError: no line"
        assert delivery.deliver_due(letter.due_at - timedelta(microseconds=1), 1) == 0
        pauses.append(int((letter.due_at - now).total_seconds()))
        noon.move_to(letter.due_at, tick=False)

    assert pauses[:9] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (letter.state, letter.sent_at, letter.answer) == ("failed", None, "ConnectionError: no line")
    assert timedelta(days=1) <= timezone.now() - NOON < timedelta(days=1, hours=1)
    assert len(carrier.carried) == letter.tries == len(pauses) + 1


def test_a_fault_that_passes_is_none(town: Town, noon: Any, plant: Any) -> None:
    letter = letter_to(town.chen)
    plant(TimeoutError(), "at last")

    delivery.deliver_due(NOON, 1)
    noon.move_to(NOON + delivery.FIRST_PAUSE, tick=False)
    delivery.deliver_due(timezone.now(), 1)

    letter.refresh_from_db()
    assert (letter.state, letter.answer, letter.tries) == ("sent", "at last", 2)


def test_what_is_refused_for_good_is_not_tried_again(town: Town, noon: Any, plant: Any) -> None:
    letter = letter_to(town.chen)
    carrier = plant(Rejected("no such number"))

    delivery.deliver_due(NOON, 1)
    delivery.deliver_due(NOON + timedelta(hours=2), 1)

    letter.refresh_from_db()
    assert (letter.state, letter.answer, letter.sent_at) == ("failed", "no such number", None)
    assert len(carrier.carried) == 1


def test_who_has_left_gets_nothing_any_more(town: Town, noon: Any, plant: Any) -> None:
    letter = letter_to(town.chen)
    carrier = plant()
    User.objects.filter(pk=town.chen.pk).update(is_active=False)

    delivery.deliver_due(NOON, 1)

    letter.refresh_from_db()
    assert (letter.state, letter.answer) == ("failed", "the account is closed")
    assert carrier.carried == []


def test_a_carrier_that_was_taken_away_is_a_fault_that_may_pass(town: Town, noon: Any, settings: Any) -> None:
    letter = letter_to(town.chen)
    settings.SMS_CARRIER = "none"

    delivery.deliver_due(NOON, 1)

    letter.refresh_from_db()
    assert (letter.state, letter.due_at) == ("due", NOON + delivery.FIRST_PAUSE)


def test_what_another_holds_is_passed_over_until_its_claim_runs_out(town: Town, noon: Any, plant: Any) -> None:
    held = letter_to(town.chen, 1, claimed_until=NOON + timedelta(seconds=1))
    letter_to(town.chen, 2)
    carrier = plant()

    assert delivery.deliver_due(NOON, 10) == 1
    noon.move_to(NOON + timedelta(seconds=1), tick=False)
    assert delivery.deliver_due(timezone.now(), 10) == 1

    assert [one.body for one in carrier.carried] == ["雪 2", "雪 1"]
    held.refresh_from_db()
    assert held.state == "sent"


def test_who_lost_the_claim_may_say_sent_but_not_failed(town: Town, noon: Any) -> None:
    letter = letter_to(town.chen, claimed_until=NOON + timedelta(seconds=9))
    lost = Outgoing.objects.get(pk=letter.pk)
    lost.claimed_until = NOON - timedelta(minutes=1)

    delivery._give_up(letter=lost, why="late")
    delivery._put_off(letter=lost, why="late")
    letter.refresh_from_db()
    assert (letter.state, letter.claimed_until, letter.answer) == ("due", NOON + timedelta(seconds=9), "")

    delivery._record(letter=lost, reference="taken")
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize("has_guard", [True, False], ids=["guarded", "twin"])
def test_of_two_workers_one_carries(
    committed: Town, monkeypatch: pytest.MonkeyPatch, plant: Any, has_guard: bool
) -> None:
    letter = letter_to(committed.chen)
    now = timezone.now()
    both_saw_it = threading.Barrier(2)
    claim = delivery._claim
    carrier = plant()

    def together(*, pk: Any) -> bool:
        meet(both_saw_it)
        return claim(pk=pk) if has_guard else True

    monkeypatch.setattr(delivery, "_claim", together)

    tried = at_once(*[lambda: delivery.deliver_due(now, 5)] * 2)

    assert sorted(tried) == ([0, 1] if has_guard else [1, 1])
    assert len(carrier.carried) == (1 if has_guard else 2)
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_no_transaction_is_open_while_a_carrier_is_waited_for(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_to(committed.chen)
    open_then: list[bool] = []

    class Looks:
        def carry(self, letter: Letter) -> str:
            open_then.append(connection.in_atomic_block)
            return "seen"

    monkeypatch.setitem(carriers.CARRIERS, "file", Looks)
    delivery.deliver_due(timezone.now(), 1)

    assert open_then == [False]


# ------------------------------------------------------------------------------------------------ kills

DIES = """
import os, pathlib, sys
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from updates import carriers, delivery

def die(*args, **kwargs):
    os._exit(9)

point, settings.VAR = sys.argv[1:]
if point == "before the claim":
    delivery._claim = die
elif point == "after the claim":
    delivery._deliver = die
elif point == "before the file is written":
    carriers.os.fsync = die
elif point == "before the file has its name":
    pathlib.Path.replace = die
elif point == "after the file is written":
    carry = carriers.File.carry
    carriers.File.carry = lambda self, letter: (carry(self, letter), die())
elif point == "before the answer is written down":
    delivery._record = die
delivery.deliver_due(timezone.now(), 10)
"""

POINTS = (
    "before the claim",
    "after the claim",
    "before the file is written",
    "before the file has its name",
    "after the file is written",
    "before the answer is written down",
)


def run_and_die(database: str, var: Path, point: str) -> int:
    environment = {**grounds.environment(database), "SMS_CARRIER": "file"}
    done = subprocess.run(
        [sys.executable, "-c", DIES, point, str(var)], cwd=grounds.ROOT, env=environment, timeout=120, check=False
    )
    return done.returncode


@pytest.mark.parametrize("point", POINTS)
def test_whoever_dies_wherever_each_letter_goes_once(committed: Town, tmp_path: Path, point: str) -> None:
    letters = [letter_to(committed.chen, number) for number in range(3)]
    database = f"race_{grounds.run_id()}_{grounds.worker()}"

    assert run_and_die(database, tmp_path, point) == 9
    assert not Outgoing.objects.filter(state="sent").exists()
    # The claim of the dead holds until it runs out, and then somebody else comes.
    claimed = Outgoing.objects.filter(claimed_until__isnull=False).count()
    assert claimed == (0 if point == "before the claim" else 1)
    assert delivery.deliver_due(timezone.now(), 10) == len(letters) - claimed
    Outgoing.objects.filter(claimed_until__isnull=False).update(claimed_until=timezone.now())
    assert delivery.deliver_due(timezone.now(), 10) == claimed

    assert files() == sorted(f"{letter.pk}.txt" for letter in letters)
    assert list((tmp_path / "outgoing" / "sms").glob(".*")) == []
    for letter in letters:
        letter.refresh_from_db()
        text = (tmp_path / "outgoing" / "sms" / f"{letter.pk}.txt").read_text("utf-8")
        assert (letter.state, letter.answer) == ("sent", f"{letter.pk}.txt")
        assert text == f"{committed.chen.phone}\n\n\n{letter.body}\n"


# ------------------------------------------------------------------------------------------------ carriers


class TestSmtp:
    LETTER = Letter("0b5c", "mail", "chen@example.org", "雪", "明天扫雪")

    @pytest.fixture(autouse=True)
    def _server(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        settings.SITE_URL = "https://town.example:8000"

    def fails(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        def send(self: Any, fail_silently: bool = False) -> int:
            raise error

        monkeypatch.setattr(carriers.EmailMessage, "send", send)

    def test_the_mail_bears_the_letters_id(self) -> None:
        assert carriers.Smtp().carry(self.LETTER) == "<0b5c@town.example>"

        sent = mail.outbox[-1]
        assert (sent.to, sent.subject, sent.body) == (["chen@example.org"], "雪", "明天扫雪")
        assert sent.message()["Message-ID"] == "<0b5c@town.example>"

    @pytest.mark.parametrize(
        "error",
        [
            smtplib.SMTPRecipientsRefused({"chen@example.org": (550, b"no such user")}),
            smtplib.SMTPDataError(554, b"spam"),
            ValueError("Invalid address"),
        ],
    )
    def test_no_for_good_is_rejected(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.fails(monkeypatch, error)
        with pytest.raises(Rejected):
            carriers.Smtp().carry(self.LETTER)

    @pytest.mark.parametrize(
        "error",
        [
            smtplib.SMTPRecipientsRefused({"chen@example.org": (450, b"grey")}),
            smtplib.SMTPDataError(451, b"later"),
            smtplib.SMTPAuthenticationError(535, b"the operator's password"),
            TimeoutError(),
        ],
    )
    def test_what_may_pass_is_left_as_it_is(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.fails(monkeypatch, error)
        with pytest.raises(type(error)) as caught:
            carriers.Smtp().carry(self.LETTER)
        assert caught.value is error

    def test_a_subject_with_a_header_in_it_is_rejected(self) -> None:
        with pytest.raises(Rejected):
            carriers.Smtp().carry(self.LETTER._replace(subject="雪\nBcc: all@example.org"))


def test_the_console_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    carriers.Console().carry(Letter("1", "sms", "+8610000000001", "", "扫雪"))

    assert capsys.readouterr().out == "--- sms +8610000000001\n扫雪\n---\n"


# ------------------------------------------------------------------------------------------------ the worker


class Rounds(BeatingWorker):
    """Ends after so many rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__(interval=0)
        self.left = rounds

    def beat(self) -> None:
        super().beat()
        self.left -= 1
        if not self.left:
            self.running = False


def test_the_worker_carries_a_letter_each_round(committed: Town) -> None:
    letters = [letter_to(committed.chen, number) for number in range(3)]

    Rounds(4).run()

    assert files() == sorted(f"{letter.pk}.txt" for letter in letters)


def test_no_failure_stops_the_worker(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fails(now: datetime, limit: int) -> int:
        asked.append(limit)
        raise OSError("the disk")

    monkeypatch.setattr(delivery, "deliver_due", fails)

    Rounds(3).run()

    assert asked == [1, 1, 1]


def test_the_claim_outlasts_the_slowest_carrier() -> None:
    assert timedelta(seconds=2 * carriers.TIMEOUT) < delivery.CLAIM


def test_what_is_done_with_is_forgotten_after_a_month_and_nothing_that_is_due(town: Town, plant: Any) -> None:
    plant("taken", Rejected("no such number"))
    sent, failed = letter_to(town.chen, 1), letter_to(town.dana, 2)
    assert delivery.deliver_due(timezone.now(), limit=2) == 2
    due = letter_to(town.zhou, 3)
    Outgoing.objects.filter(pk=sent.pk).update(sent_at=NOON)
    Outgoing.objects.filter(pk=failed.pk).update(due_at=NOON)

    # Once a day, so that none is older than the thirty days of the privacy notice.
    assert delivery.forget_old(now=NOON + timedelta(days=29)) == 0
    assert delivery.forget_old(now=NOON + timedelta(days=29, microseconds=1)) == 2

    assert list(Outgoing.objects.all()) == [due]
    assert Message.objects.filter(pk__in=[sent.message_id, failed.message_id]).count() == 2


def test_a_letter_to_a_number_needs_no_account(plant: Any, noon: Any, db: None) -> None:
    carrier = plant("taken", OSError("down"), OSError("down"))
    messages.write_to_number(number="+8610055550001", body="来吧")
    assert delivery.deliver_due(NOON, limit=1) == 1
    assert [(letter.address, letter.body) for letter in carrier.carried] == [("+8610055550001", "来吧")]

    messages.write_to_number(number="+8610055550002", body="来吧")
    delivery.deliver_due(NOON, limit=1)
    late = Outgoing.objects.get(address="+8610055550002")
    assert late.state == "due"
    noon.move_to(NOON + delivery.GIVEN_UP_AFTER, tick=False)
    delivery.deliver_due(NOON + delivery.GIVEN_UP_AFTER, limit=1)
    late.refresh_from_db()
    assert late.state == "failed"


def test_no_letter_is_written_where_none_can_leave(settings: Any, db: None) -> None:
    settings.SMS_CARRIER = "none"
    assert messages.write_to_number(number="+8610055550001", body="来吧") is None
    assert not Outgoing.objects.exists()
