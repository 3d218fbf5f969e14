"""Every topic that can be followed, asked by everybody over the socket and over HTTP: who hears what, and nothing besides.

A family of topics that is registered without a row here is a failure. Whoever is refused gets the same answer as for what
does not exist; what is marked as somebody's own is never in a frame of a topic that everybody may follow.
"""

from typing import NamedTuple

import pytest

from communities import membership
from communities.roles import Role
from tests import cast, listening, walking
from tests.cast import Town
from tests.grid.walked import two_cases
from tests.listening import Ear, run
from tests.walking import Mark, Marks
from updates import topics

PEOPLE = ("anonymous", "dana", "chen", "lan", "yan", "mei", "bo", "admin")
"""A visitor, a stranger, a member, a leader, an editor, the coordinator, another organisation's coordinator, the operator."""

NOBODY = "n n n n n n n n"
EVERYBODY = "y y y y y y y y"
BELONG = "n n y y y y n y"
OTHERS = "n n n n n n y y"

#                              anonymous dana chen lan yan mei bo admin
TOPICS: dict[str, dict[str, str]] = {
    "town": {"town": EVERYBODY, "town:1": NOBODY},
    "organisation": {
        "organisation:{host}": EVERYBODY,
        "organisation:{offline}": NOBODY,
        "organisation:{nothing}": NOBODY,
        "organisation": NOBODY,
    },
    "action": {
        "action:{action}": EVERYBODY,
        "action:{draft}": BELONG,
        "action:{hidden}": BELONG,
        "action:{school_action}": EVERYBODY,
        "action:{school_draft}": OTHERS,
        "action:{nothing}": NOBODY,
        "action:{huge}": NOBODY,
    },
    "desk": {
        "desk:{action}": "n n n y n y n y",
        "desk:{draft}": "n n n y y y n y",
        "desk:{hidden}": "n n n y n y n y",
        "desk:{school_action}": OTHERS,
        "desk:{school_draft}": OTHERS,
        "desk:{nothing}": NOBODY,
        "desk": NOBODY,
    },
    "case": {
        "case:{case}": EVERYBODY,
        "case:{hidden_case}": "n n n n n n n y",
        "case:YQ209901019999": NOBODY,
        "case:{huge}": NOBODY,
        "case": NOBODY,
    },
    "road": {"road:R001": EVERYBODY, "road:R999": NOBODY, "road": NOBODY},
    "cases": {"cases": "n n n y n y y y", "cases:{action}": NOBODY},
    "person": {
        "person:{me}": "n y y y y y y y",
        "person:{volunteer}": NOBODY,
        "person:{nothing}": NOBODY,
        "person": NOBODY,
    },
}
"""Family → topic → may each of ``PEOPLE`` follow it."""

SECRET = ("{draft}", "{school_draft}", "desk:{action}", "desk:{school_action}")
"""Topics in which something marked was said, so that there is something to find."""

pytestmark = pytest.mark.usefixtures("_in_memory")


@pytest.fixture
def _in_memory() -> object:
    with listening.layer(listening.IN_MEMORY):
        yield


class World(NamedTuple):
    town: Town
    marks: Marks
    numbers: dict[str, object]


@pytest.fixture
def world(committed: Town) -> World:
    town, marks = committed, Marks()
    for person, role in ((town.chen, Role.MEMBER), (town.lan, Role.LEADER)):
        membership.join(person=person, organisation=town.yuqi, role=role, by=town.mei)
    *_others, one, another = town.neighbours()
    yuqi = walking.furnish(town, marks, "yuqi", town.yuqi, town.mei, one)
    school = walking.furnish(town, marks, "school", town.school, town.bo, another)
    hidden = cast.announced(town)
    hidden.page.unpublish()
    assert town.enterprise.section is not None
    town.enterprise.section.specific.unpublish()
    walked = two_cases(town, one, "geheim")
    numbers: dict[str, object] = {
        "case": walked.shown.number,
        "hidden_case": walked.hidden.number,
        "host": town.yuqi.pk,
        "offline": town.enterprise.pk,
        "action": yuqi.action.pk,
        "draft": yuqi.draft.pk,
        "hidden": hidden.pk,
        "school_action": school.action.pk,
        "school_draft": school.draft.pk,
        "volunteer": one.pk,
        "nothing": 999_999,
        "huge": "9" * 40,
    }
    return World(town, marks, numbers)


def over_the_socket(world: World, name: str, asked: list[str]) -> dict[str, tuple[str, set[Mark]]]:
    async def scenario(cookie: str) -> dict[str, tuple[str, set[Mark]]]:
        ear, told = await Ear(cookie=cookie).open(), {}
        for topic in asked:
            frame = await ear.follow(topic)
            refusal = (frame.get("code"), frame.get("detail"))
            letter = "y" if frame["type"] == "updates" else "n" if refusal == await _of_nothing(ear) else str(frame)
            told[topic] = (letter, world.marks.found_in(str(frame)))
        await ear.close()
        return told

    return run(scenario(listening.session_of(world.town.people[name]) if name != "anonymous" else ""))


async def _of_nothing(ear: Ear) -> tuple[str | None, str | None]:
    frame = await ear.follow("desk:999998")
    return frame.get("code"), frame.get("detail")


def over_http(world: World, name: str, asked: list[str]) -> dict[str, tuple[str, set[Mark]]]:
    client, told = walking.sign_in(world.town.people.get(name)), {}
    for topic in asked:
        answer = client.get(f"/api/v1/updates/{topic}/")
        letter = {200: "y", 404: "n"}.get(answer.status_code, str(answer.status_code))
        told[topic] = (letter, world.marks.found_in(walking.everything_in(answer)))
    return told


WAYS = {"socket": over_the_socket, "http": over_http}


def walk(world: World, way: str) -> list[str]:
    """Ask for every topic as everybody; return what is not as it should be."""
    wrong = []
    for column, name in enumerate(PEOPLE):
        me = world.town.people[name].pk if name != "anonymous" else 0
        wanted = {
            topic.format(me=me, **world.numbers): (topic, answers.split()[column])
            for rows in TOPICS.values()
            for topic, answers in rows.items()
        }
        for topic, (letter, read) in WAYS[way](world, name, list(wanted)).items():
            written, may = wanted[topic]
            if letter != may:
                wrong.append(f"{name} {topic}: {letter}, not {may}")
            holds_secrets = any(part in written for part in SECRET)
            if read and not (holds_secrets and may == "y"):
                wrong.append(f"{name} {topic}: reads {', '.join(sorted(map(str, read)))}")
            if holds_secrets and may == "y" and not read:
                wrong.append(f"{name} {topic}: there was nothing to find")
    return wrong


def test_every_family_of_topics_has_a_row() -> None:
    assert set(topics._families) == set(TOPICS)


@pytest.mark.parametrize("way", WAYS)
def test_everybody_hears_what_the_table_says(world: World, way: str) -> None:
    assert walk(world, way) == []


class TestTheWalkWouldFindIt:
    """The twins: a question that is not asked is found by what is answered, and by what is read."""

    @pytest.mark.parametrize("way", WAYS)
    def test_a_desk_that_lets_everybody_listen(self, world: World, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
        monkeypatch.setitem(topics._families, "desk", lambda _person, key: key.isdigit())
        wrong = walk(world, way)
        assert f"bo desk:{world.numbers['action']}: y, not n" in wrong
        assert any(line.startswith(f"bo desk:{world.numbers['action']}: reads yuqi's") for line in wrong)

    def test_a_new_family(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(topics._families, "patrol", lambda _person, _key: True)
        with pytest.raises(AssertionError):
            test_every_family_of_topics_has_a_row()
