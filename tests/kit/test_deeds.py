"""One transaction, tried again, announced when it is done."""

import functools
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from communities.models import User
from kit import deeds
from kit.deeds import deed, on_commit
from kit.refusals import Refused
from tests.cast import Town


class Conflict(Exception):
    """What PostgreSQL's driver raises, as far as a deed looks at it; SQLite's says it in words."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("database is locked" if sqlstate == "40P01" else "something else")
        self.sqlstate = sqlstate


def conflict(sqlstate: str) -> OperationalError:
    error = OperationalError("conflict")
    error.__cause__ = Conflict(sqlstate)
    return error


def rename(person: User, name: str) -> None:
    User.objects.filter(pk=person.pk).update(display_name=name)


def name_of(person: User) -> str:
    return User.objects.get(pk=person.pk).display_name


def test_all_or_nothing(committed: Town) -> None:
    @deed
    def half_done() -> None:
        rename(committed.chen, "half")
        raise ValueError

    with pytest.raises(ValueError):
        half_done()

    assert name_of(committed.chen) == "陈晨"


def test_a_deadlock_is_tried_again_and_its_first_try_leaves_nothing(committed: Town) -> None:
    tries: list[str] = []

    @deed
    def third_time_lucky() -> str:
        tries.append(name_of(committed.chen))
        rename(committed.chen, f"try {len(tries)}")
        if len(tries) < 3:
            raise conflict("40P01")
        return "done"

    assert third_time_lucky() == "done"
    assert tries == ["陈晨"] * 3
    assert name_of(committed.chen) == "try 3"


def test_it_gives_up_after_so_many_tries(committed: Town) -> None:
    tries: list[int] = []

    @deed
    def never() -> None:
        tries.append(1)
        raise conflict("40P01")

    with pytest.raises(OperationalError):
        never()
    assert len(tries) == deeds.ATTEMPTS


def test_another_error_is_not_tried_again(committed: Town) -> None:
    tries: list[int] = []

    @deed
    def broken() -> None:
        tries.append(1)
        raise conflict("57014")

    with pytest.raises(OperationalError):
        broken()
    assert len(tries) == 1


def test_a_deed_in_a_deed_is_one_and_its_refusal_can_be_survived(committed: Town) -> None:
    @deed
    def inner() -> None:
        rename(committed.lan, "inner")
        raise ValueError

    @deed
    def outer() -> None:
        rename(committed.chen, "outer")
        with pytest.raises(ValueError):
            inner()

    outer()

    assert (name_of(committed.chen), name_of(committed.lan)) == ("outer", "兰心")


def test_what_is_rolled_back_was_never_heard(committed: Town) -> None:
    heard: list[str] = []

    @deed
    def speak(word: str, *, fail: bool) -> None:
        on_commit(lambda: heard.append(word))
        assert heard == []
        if fail:
            raise ValueError

    with pytest.raises(ValueError):
        speak("lost", fail=True)
    speak("kept", fail=False)

    assert heard == ["kept"]


def most_inside_at_once(committed: Town, times: int, meet: Callable[[], object]) -> int:
    """Six threads do a deed so many times each; how many were inside of it at the same time, at most."""
    inside, most = [0], [0]

    @deed
    def write() -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        meet()
        rename(committed.chen, "busy")
        inside[0] -= 1

    def many() -> None:
        for _time in range(times):
            write()
        connection.close()

    threads = [threading.Thread(target=many) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return most[0]


def test_in_one_process_sqlite_has_one_writer(committed: Town) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    assert most_inside_at_once(committed, 10, lambda: None) == 1


def test_twin_without_transactions_many_write_at_once(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "_in_one_transaction", deeds._with_its_end)
    assert most_inside_at_once(committed, 1, functools.partial(threading.Barrier(6).wait, 30)) > 1


# --- the end of a deed --------------------------------------------------------------------------------------------------


def test_what_is_put_off_is_done_once_at_the_end_and_inside_the_transaction(db: None) -> None:
    done: list[list[int]] = []

    def finish(items: list[int]) -> None:
        assert connection.in_atomic_block
        done.append(items)

    @deed
    def inner() -> None:
        deeds.before_commit(finish, 2)

    @deed
    def outer() -> None:
        deeds.before_commit(finish, 1)
        inner()
        deeds.before_commit(finish, 3)
        seen.append(list(done))

    seen: list[list[list[int]]] = []
    outer()
    outer()
    assert done == [[1, 2, 3], [1, 2, 3]]
    assert seen == [[], [[1, 2, 3]]], "nothing of it before the deed's own work was done"


def test_what_was_undone_is_forgotten_and_what_fails_at_the_end_undoes_all(committed: Town) -> None:
    done: list[str] = []

    @deed
    def inner() -> None:
        deeds.before_commit(done.extend, "inner")
        raise Refused("no", "no")

    @deed
    def outer() -> None:
        deeds.before_commit(done.extend, "a")
        with pytest.raises(Refused):
            inner()
        deeds.before_commit(done.extend, "b")

    outer()
    assert done == ["a", "b"]

    def fails(_items: list[str]) -> None:
        raise ZeroDivisionError

    @deed
    def doomed() -> None:
        User.objects.create(username="never")
        deeds.before_commit(fails, "x")

    with pytest.raises(ZeroDivisionError):
        doomed()
    assert not User.objects.filter(username="never").exists()


def test_begun_again_it_puts_off_anew(committed: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[int]] = []
    tries = iter([True, False])
    monkeypatch.setattr(deeds, "_worth_another_try", lambda _error: True)

    @deed
    def meets_a_deadlock() -> None:
        deeds.before_commit(done.append, 1)
        if next(tries):
            raise OperationalError("planted")

    meets_a_deadlock()
    assert done == [[1]]


def test_outside_a_deed_nothing_can_be_put_off() -> None:
    with pytest.raises(RuntimeError):
        deeds.before_commit(print, 1)


def test_an_announcement_that_fails_undoes_nothing(committed: Town) -> None:
    heard: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError

    @deed
    def work() -> None:
        rename(committed.chen, "done")
        on_commit(fails)
        on_commit(lambda: heard.append("after it"))

    work()
    assert (name_of(committed.chen), heard) == ("done", ["after it"])
