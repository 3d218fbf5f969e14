"""What programs read of actions and shifts: all that is public, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import tokens
from communities.models import User
from events import calling_off, seats
from events.kinds import Kind
from events.models import Action, ActionPage
from tests import cast
from tests.cast import Town

API = "/api/v1"
PROBLEM = "application/problem+json"
MIDNIGHT = datetime(2026, 12, 5, 0, 0, tzinfo=timezone.get_fixed_timezone(8 * 60))


def speaking_for(person: User) -> Client:
    """A program with this person's token."""
    return Client(headers={"authorization": f"Token {tokens.issue(person=person, name='test')}"})


def ids(client: Client, path: str, **query: object) -> list[int]:
    return [row["id"] for row in client.get(f"{API}/{path}/", query).json()["results"]]


def said(moment: datetime | None) -> str:
    """A moment as the API writes it: in the site's zone, with the offset."""
    assert moment is not None
    return timezone.localtime(moment).isoformat()


def told(action: Action, shifts: list[dict[str, Any]]) -> dict[str, Any]:
    """An action of ``cast.announced`` in the words of the contract."""
    return {
        "id": action.pk,
        "url": f"http://testserver/actions/{action.year}/bei-jie-li-xiang-qing-sao-{action.pk}/",
        "title": "背街里巷清扫",
        "title_en": "Sweeping the back lanes",
        "summary": "把没人管的角落清干净。",
        "summary_en": "",
        "kind": "cleanup",
        "state": "announced",
        "phase": "upcoming",
        "host": {"id": action.host_id, "name": "玉祁社区"},
        "partners": [],
        "starts_at": said(action.starts_at),
        "ends_at": said(action.ends_at),
        "place": "湖西路",
        "meeting_point": "湖西路北口",
        "road": {"code": "R003", "name": "湖西路", "name_en": "Huxi Road"},
        "position": None,
        "is_online": False,
        "adults_only": False,
        "risks": "有尖利的东西，戴手套。",
        "bring": "水杯",
        "shifts": shifts,
    }


def told_shift(action: Action, number: int, **counts: object) -> dict[str, Any]:
    shift = action.shifts.all()[number]
    return {
        "id": shift.pk,
        "url": f"http://testserver/actions/{action.year}/bei-jie-li-xiang-qing-sao-{action.pk}/",
        "action": action.pk,
        "starts_at": said(shift.starts_at),
        "ends_at": said(shift.ends_at),
        **counts,
    }


@pytest.fixture
def lanes(town: Town) -> Action:
    """An announced action: chen has the only place of the first shift, zhou and dana wait; nobody is in the second."""
    action = cast.announced(
        town,
        cast.in_hours(72, capacity=1, task="北段"),
        cast.in_hours(100, capacity=30, least=4),
        title_en="Sweeping the back lanes",
    )
    for person in (town.chen, town.zhou, town.dana):
        cast.sign_up(person, action.shifts.all()[0])
    return Action.objects.get(pk=action.pk)


@pytest.fixture
def lanes_shifts(lanes: Action) -> list[dict[str, Any]]:
    return [
        told_shift(lanes, 0, task="北段", least=1, capacity=1, taken=1, waiting=2, open=True),
        told_shift(lanes, 1, task="", least=4, capacity=30, taken=0, waiting=0, open=True),
    ]


# --- the whole answer ---------------------------------------------------------------------------------------------------


def test_an_action_is_told_whole(visitor: Client, lanes: Action, lanes_shifts: list[dict[str, Any]]) -> None:
    assert visitor.get(f"{API}/actions/{lanes.pk}/").json() == told(lanes, lanes_shifts)


def test_the_list_tells_the_same(visitor: Client, lanes: Action, lanes_shifts: list[dict[str, Any]]) -> None:
    assert visitor.get(f"{API}/actions/").json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [told(lanes, lanes_shifts)],
    }


def test_a_shift_is_told_whole(visitor: Client, lanes: Action, lanes_shifts: list[dict[str, Any]]) -> None:
    assert [visitor.get(f"{API}/shifts/{shift['id']}/").json() for shift in lanes_shifts] == lanes_shifts
    assert visitor.get(f"{API}/shifts/").json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": lanes_shifts,
    }


def test_times_carry_the_offset_of_the_town(visitor: Client, lanes: Action) -> None:
    assert visitor.get(f"{API}/actions/{lanes.pk}/").json()["starts_at"].endswith("+08:00")


def test_an_offered_place_counts_as_taken_and_not_as_waiting(town: Town, visitor: Client) -> None:
    shift = cast.a_shift(town, begin=1, capacity=1)
    first = cast.sign_up(town.chen, shift)
    cast.sign_up(town.zhou, shift)
    seats.cancel(sign_up=first, by=town.chen, reason="发烧")
    answer = visitor.get(f"{API}/shifts/{shift.pk}/").json()
    assert (answer["taken"], answer["waiting"]) == (1, 0)


@pytest.mark.parametrize("path", ["actions", "shifts"])
def test_reading_may_be_kept_by_caches_and_a_signed_in_reader_is_not_kept(
    path: str, town: Town, visitor: Client, lanes: Action
) -> None:
    assert visitor.get(f"{API}/{path}/").headers["Cache-Control"] == "public, no-cache"
    assert speaking_for(town.mei).get(f"{API}/{path}/").headers["Cache-Control"] == "private, no-store"


# --- what is not public is not there -------------------------------------------------------------------------------------


def hidden_actions(town: Town) -> list[Action]:
    """A draft, a draft whose page somebody made live in Wagtail, and an announced action whose page was taken down."""
    draft = cast.draft(town, title="还没写完")
    published = cast.draft(town, title="只有页面")
    taken_down = cast.announced(town, title="先不给人看")
    for action in (draft, published):
        cast.shifts.add(action=action, hours=cast.in_hours(80), by=town.mei)
    published.page.get_latest_revision().publish()
    cast.sign_up(town.zhou, taken_down.shifts.get())
    taken_down.page.unpublish()
    return [draft, published, taken_down]


@pytest.mark.parametrize("who", ["visitor", "dana", "chen", "mei", "admin"])
def test_what_is_not_public_is_in_no_answer(who: str, town: Town, visitor: Client, lanes: Action) -> None:
    hidden = hidden_actions(town)
    client = visitor if who == "visitor" else speaking_for(town.people[who])
    assert ids(client, "actions") == [lanes.pk]
    assert ids(client, "shifts") == [shift.pk for shift in lanes.shifts.all()]
    for action in hidden:
        assert Action.objects.filter(pk=action.pk).exists()
        assert client.get(f"{API}/actions/{action.pk}/").status_code == 404
        assert client.get(f"{API}/shifts/{action.shifts.get().pk}/").status_code == 404
        assert ids(client, "shifts", action=action.pk) == []


def test_nothing_of_people_is_in_any_answer(town: Town, visitor: Client, lanes: Action) -> None:
    User.objects.filter(pk=town.chen.pk).update(
        username="warm-orange-7", phone="+8610000099999", email="chen@example.org"
    )
    secrets = {
        lanes.contact_name,
        lanes.contact_phone,
        "+8610000099999",
        "10000099999",
        "chen@example.org",
        "warm-orange-7",
        *(person.display_name for person in (town.chen, town.zhou, town.dana, town.mei)),
    }
    assert "" not in secrets
    shift = lanes.shifts.all()[0]
    for path in ("actions", f"actions/{lanes.pk}", "shifts", f"shifts/{shift.pk}", "organisations"):
        text = visitor.get(f"{API}/{path}/").content.decode()
        assert {secret for secret in secrets if secret in text} == set()


def test_what_is_over_stays_readable(town: Town, visitor: Client) -> None:
    past, closed, called_off = (cast.announced(town) for _ in range(3))
    for action in (past, closed):
        cast.put_back(action, timedelta(days=9))
    calling_off.close(action=Action.objects.get(pk=closed.pk), by=town.mei)
    calling_off.call_off(action=called_off, reason="大雨", by=town.mei)
    results = visitor.get(f"{API}/actions/").json()["results"]
    assert [(row["id"], row["state"], row["phase"], row["shifts"][0]["open"]) for row in results] == [
        (past.pk, "announced", "past", False),
        (closed.pk, "closed", "closed", False),
        (called_off.pk, "called_off", "called_off", False),
    ]


# --- filters ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def week(town: Town, time_machine: Any) -> dict[str, Action]:
    """Five actions around Saturday noon, 5 December: yesterday, this morning, now, tonight, tomorrow."""
    made = {name: cast.announced(town) for name in ("yesterday", "morning", "now", "tonight", "tomorrow")}
    begins = {"yesterday": -15, "morning": 9, "now": 11, "tonight": 19, "tomorrow": 33}
    for name, action in made.items():
        assert action.starts_at is not None
        cast.put_back(action, action.starts_at - MIDNIGHT - timedelta(hours=begins[name]))
    time_machine.move_to(MIDNIGHT + timedelta(hours=12), tick=False)
    return made


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("all", ["yesterday", "morning", "now", "tonight", "tomorrow"]),
        ("past", ["yesterday", "morning"]),
        ("running", ["now"]),
        ("today", ["morning", "now", "tonight"]),
        ("upcoming", ["tonight", "tomorrow"]),
    ],
)
def test_when(when: str, expected: list[str], visitor: Client, week: dict[str, Action]) -> None:
    assert ids(visitor, "actions", when=when) == [week[name].pk for name in expected]
    assert ids(visitor, "shifts", when=when) == [week[name].shifts.get().pk for name in expected]


def test_a_called_off_action_lies_where_the_clock_puts_it(town: Town, visitor: Client) -> None:
    action = cast.announced(town)
    calling_off.call_off(action=action, reason="大雨", by=town.mei)
    assert ids(visitor, "actions", when="upcoming") == [action.pk]
    assert ids(visitor, "actions", when="past") == []


def test_kind_host_and_free(town: Town, visitor: Client, lanes: Action) -> None:
    snow = cast.announced(town, cast.in_hours(50, capacity=1), kind=Kind.SNOW)
    school = cast.announced(town, cast.in_hours(60), host=town.school, by=town.bo)
    cast.sign_up(town.qiang, snow.shifts.get())
    assert ids(visitor, "actions", kind="snow") == [snow.pk]
    assert ids(visitor, "actions", host=town.school.pk) == [school.pk]
    assert ids(visitor, "actions", free="true") == [school.pk, lanes.pk]
    assert ids(visitor, "actions", free="true", host=town.yuqi.pk, kind="cleanup", when="upcoming") == [lanes.pk]
    assert ids(visitor, "actions", host=2**63 - 1) == []
    assert ids(visitor, "shifts", action=snow.pk) == [snow.shifts.get().pk]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("when=yesterday", "when"),
        ("kind=party", "kind"),
        ("host=玉祁", "host"),
        ("host=9223372036854775808", "host"),
        ("host=" + "9" * 5000, "host"),
        ("free=perhaps", "free"),
        ("free=", "free"),
        ("kind=", "kind"),
        ("kind=snow&kind=care", "kind"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=zwei", "page"),
        ("page=1&page=2", "page"),
        ("page=" + "9" * 5000, "page"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=many", "page_size"),
        ("page_size=" + "9" * 5000, "page_size"),
    ],
)
def test_a_filter_that_cannot_be_read(query: str, field: str, db: None, visitor: Client) -> None:
    answer = visitor.get(f"{API}/actions/?{query}", headers={"accept-language": "en"})
    problem = answer.json()
    assert len(problem.pop("errors")[field]) == 1
    assert (answer.status_code, answer.headers["Content-Type"], problem) == (
        422,
        PROBLEM,
        {
            "type": "about:blank",
            "title": "Unprocessable Entity",
            "status": 422,
            "code": "unreadable",
            "detail": "Some fields could not be read; see “errors”.",
        },
    )


# --- pages --------------------------------------------------------------------------------------------------------------


def test_lists_are_paged(town: Town, visitor: Client) -> None:
    made = [cast.announced(town, cast.in_hours(72 + hour)).pk for hour in range(5)]
    first = visitor.get(f"{API}/actions/", {"page_size": 2, "when": "upcoming"}).json()
    second = visitor.get(first["next"]).json()
    third = visitor.get(second["next"]).json()
    assert [[row["id"] for row in page["results"]] for page in (first, second, third)] == [
        made[:2],
        made[2:4],
        made[4:],
    ]
    assert (first["count"], first["previous"], third["next"]) == (5, None, None)
    assert second["previous"] == first["next"].replace("page=2&", "")


@pytest.mark.parametrize("page", ["2", str(2**63 - 1)])
def test_a_page_that_is_not_there(page: str, visitor: Client, lanes: Action) -> None:
    answer = visitor.get(f"{API}/actions/", {"page": page})
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (404, PROBLEM, "not_found")


# --- queries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["actions", "shifts", "organisations"])
def test_queries_do_not_grow_with_rows(path: str, town: Town, visitor: Client) -> None:
    counts = []
    for rows in (1, 3, 30):
        while Action.objects.count() < rows:
            action = cast.announced(
                town, cast.in_hours(72 + 2 * Action.objects.count(), capacity=2), host=town.school, by=town.bo
            )
            for person in (town.chen, town.zhou, town.dana):
                cast.sign_up(person, action.shifts.get())
        visitor.get(f"{API}/{path}/")  # what is asked once in the life of a process
        with CaptureQueriesContext(connection) as asked:
            visitor.get(f"{API}/{path}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 5


# --- what else may be asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["actions/1", "actions/" + "9" * 30, "shifts/1", "shifts/" + "9" * 5000, "nothing"])
def test_nothing_there(path: str, db: None, visitor: Client) -> None:
    answer = visitor.get(f"{API}/{path}/")
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (404, PROBLEM, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["actions", "actions/{action}", "shifts", "shifts/{shift}"])
def test_reading_addresses_are_not_written_to(method: str, path: str, town: Town, lanes: Action) -> None:
    address = f"{API}/{path.format(action=lanes.pk, shift=lanes.shifts.all()[0].pk)}/"
    answer = getattr(speaking_for(town.admin), method)(address, {"state": "draft"}, content_type="application/json")
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (
        405,
        PROBLEM,
        "method_not_allowed",
    )
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert Action.objects.get(pk=lanes.pk).state == Action.State.ANNOUNCED


def test_head_answers_like_get_without_a_body(visitor: Client, lanes: Action) -> None:
    answer = visitor.head(f"{API}/actions/{lanes.pk}/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_only_json_is_spoken(visitor: Client, lanes: Action) -> None:
    answer = visitor.get(f"{API}/actions/", headers={"accept": "application/xml", "accept-language": "en"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, PROBLEM)
    assert (answer.json()["code"], answer.json()["detail"]) == ("not_acceptable", "This address answers in JSON only.")


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "There is nothing here, or nothing that you may see."),
        ("de, en;q=0.5", "There is nothing here, or nothing that you may see."),
        ("zh-CN", "这里没有内容，或者不对你开放。"),
        ("", "这里没有内容，或者不对你开放。"),
    ],
)
def test_problems_speak_the_language_asked_for(language: str, detail: str, db: None, visitor: Client) -> None:
    answer = visitor.get(f"{API}/actions/1/", headers={"accept-language": language} if language else {})
    assert answer.json()["detail"] == detail


def test_the_pages_of_these_tests_are_what_they_seem(town: Town) -> None:
    draft, published, taken_down = hidden_actions(town)
    live = {page.translation_key: page.live for page in ActionPage.objects.all()}
    assert [live[action.key] for action in (draft, published, taken_down)] == [False, True, False]
    assert taken_down.state == Action.State.ANNOUNCED
