"""On which road an action takes place: chosen, or found by the words in which its place is told."""

import uuid
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import publishing
from events.models import Action, ComposerDraft
from grid.models import PointOfInterest, Road
from grid.net import locating
from kit.refusals import Refused
from tests.cast import Town, announced, details, draft
from tests.events.test_compose_page import as_, typed
from tests.grid.chains import a_road
from tests.grid.net import road
from tests.reading import page, titles, words

NEW = "/desk/new/"


def today() -> date:
    return timezone.localdate()


def end(gone: Road) -> None:
    Road.objects.filter(pk=gone.pk).update(until=today())


# --- found by the words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "meeting_point", "expected"),
    [
        ("湖西路", "北口", "湖西路"),
        ("玉祁社区", "海瑞路和振祁路路口", "海瑞路"),
        ("振祁路：湖西路口到海瑞路口", "湖西路口", "振祁路"),
        ("Bridge on Huxi Road", "", "湖西路"),
        ("Model Road 12", "", "示范十二路"),
        ("平湖社区", "平湖社区二号门", None),
    ],
)
def test_the_first_road_that_the_words_name(town: Town, place: str, meeting_point: str, expected: str | None) -> None:
    action = draft(town, place=place, meeting_point=meeting_point)
    assert (action.road and action.road.name) == expected


def test_a_house_number_behind_it_tells_where_on_it(town: Town) -> None:
    action = draft(town, place="振祁路 66 号", meeting_point="早餐铺门口")
    house = locating.house_at(road("振祁路"), 66, on=today())
    assert house is not None
    assert (action.longitude, action.latitude) == house[1]


def test_so_does_a_point_along_it_and_none_along_another(town: Town) -> None:
    square = PointOfInterest.objects.get(code="P007")
    assert square.road == road("振祁路")
    on_it = draft(town, place="振祁路", meeting_point=f"{square.name}东侧")
    assert (on_it.longitude, on_it.latitude) == (square.longitude, square.latitude)
    elsewhere = draft(town, place="湖西路", meeting_point=f"{square.name}东侧")
    assert (elsewhere.longitude, elsewhere.latitude) == (None, None)


def test_a_number_that_the_road_does_not_have_is_no_position(town: Town) -> None:
    action = draft(town, place="振祁路9999号", meeting_point="")
    assert action.road == road("振祁路")
    assert action.longitude is None


def test_other_words_another_road_and_online_none(town: Town) -> None:
    action = draft(town, place="振祁路 66 号")
    action = publishing.revise(action=action, details=details(place="海瑞路"), by=town.mei)
    assert action.road == road("海瑞路")
    assert action.longitude is None
    action = publishing.revise(action=action, details=details(place="海瑞路", is_online=True), by=town.mei)
    assert action.road is None


def test_a_road_that_has_ended_is_not_found(town: Town) -> None:
    end(road("湖西路"))
    assert draft(town, place="湖西路", meeting_point="北口").road is None


# --- chosen --------------------------------------------------------------------------------------------------------------


def test_what_is_chosen_goes_before_the_words(town: Town) -> None:
    assert draft(town, place="湖西路", road=road("振祁路")).road == road("振祁路")
    assert draft(town, place="湖西路", is_off_roads=True).road is None


def test_a_road_that_is_gone_cannot_be_chosen_but_is_kept(town: Town) -> None:
    gone = road("振祁路")
    action = draft(town, place="玉祁社区", meeting_point="", road=gone)
    end(gone)
    kept = publishing.revise(action=action, details=details(place="玉祁社区", road=gone), by=town.mei)
    assert kept.road == gone
    with pytest.raises(Refused) as refusal:
        draft(town, place="玉祁社区", road=gone)
    assert (refusal.value.code, refusal.value.field) == ("road_gone", "road")
    assert "振祁路" in refusal.value.sentence


def test_the_database_knows_no_position_without_a_road(town: Town) -> None:
    action = draft(town, place="平湖社区", meeting_point="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(longitude=120.18, latitude=31.7)
    on_road = draft(town, place="湖西路")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=on_road.pk).update(longitude=120.18)


# --- the composer --------------------------------------------------------------------------------------------------------


def test_nobody_has_to_choose(town: Town) -> None:
    client = as_(town.mei)
    form = page(client.get(NEW)).select_one("#id_road")
    assert form.select_one("[selected]")["value"] == ""
    assert "振祁路" in [option.text for option in form.select("option")]
    assert client.post(NEW, typed(town)).status_code == 302
    assert Action.objects.get().road == road("振祁路")


def test_chosen_in_the_composer_and_shown_there_again(town: Town) -> None:
    client, chosen = as_(town.mei), road("海瑞路")
    client.post(NEW, typed(town, road=str(chosen.pk)))
    action = Action.objects.get()
    assert action.road == chosen
    again = page(client.get(f"/desk/{action.pk}/edit/")).select_one("#id_road [selected]")
    assert again["value"] == str(chosen.pk)


def test_none_stays_none_and_found_stays_open_for_other_words(town: Town) -> None:
    client = as_(town.mei)
    client.post(NEW, typed(town, road="none"))
    none = Action.objects.get()
    assert none.road is None
    assert page(client.get(f"/desk/{none.pk}/edit/")).select_one("#id_road [selected]")["value"] == "none"
    found = draft(town, place="湖西路")
    option = page(client.get(f"/desk/{found.pk}/edit/")).select_one("#id_road [selected]")
    assert option["value"] == ""
    assert "湖西路" in option.text


@pytest.mark.parametrize("sent", ["0", "999999", "x", "²", "-1"])
def test_nonsense_is_said_and_nothing_is_lost(town: Town, sent: str) -> None:
    answer = as_(town.mei).post(NEW, typed(town, road=sent, title="留着"))
    assert answer.status_code == 422
    assert page(answer).select_one("#id_title")["value"] == "留着"
    assert not Action.objects.exists()


def test_a_road_that_ended_is_still_to_choose_for_its_action_alone(town: Town) -> None:
    client, chosen = as_(town.mei), road("海瑞路")
    action = draft(town, place="玉祁社区", meeting_point="", road=chosen)
    end(chosen)
    offered = page(client.get(f"/desk/{action.pk}/edit/")).select_one("#id_road [selected]")
    assert offered["value"] == str(chosen.pk)
    assert not page(client.get(NEW)).select(f'#id_road [value="{chosen.pk}"]')
    ComposerDraft.objects.create(person=town.mei, action=action, typed={"road": str(chosen.pk)})
    kept = page(client.get(f"/desk/{action.pk}/edit/")).select_one("#id_road [selected]")
    assert kept["value"] == str(chosen.pk)


def test_what_is_typed_keeps_the_choice(town: Town) -> None:
    client, chosen = as_(town.mei), road("海瑞路")
    client.post(f"{NEW}autosave/", typed(town, road=str(chosen.pk), key=str(uuid.uuid4())))
    assert page(client.get(NEW)).select_one("#id_road [selected]")["value"] == str(chosen.pk)


# --- where it is read ----------------------------------------------------------------------------------------------------


def test_the_page_leads_to_the_road_and_the_road_to_it(town: Town, visitor: Client) -> None:
    action = announced(town, title="海瑞路值守", place="海瑞路", meeting_point="")
    announced(town, title="路过海瑞路的一场", place="海瑞路", road=road("湖西路"))
    assert page(visitor.get(action.get_absolute_url())).select('a[href="/roads/R002/"]')
    assert titles(visitor.get("/roads/R002/")) == ["海瑞路值守"]
    assert titles(visitor.get("/roads/R003/")) == ["路过海瑞路的一场"]


def test_an_action_on_a_road_that_ended_still_shows_it(town: Town, visitor: Client) -> None:
    action = announced(town, place="海瑞路", meeting_point="")
    end(road("海瑞路"))
    assert page(visitor.get(action.get_absolute_url())).select('a[href="/roads/R002/"]')
    assert visitor.get("/roads/R002/").status_code == 200


def test_programs_read_it_and_ask_for_it(town: Town, visitor: Client) -> None:
    house = announced(town, place="振祁路66号", meeting_point="")
    rough = announced(town, place="湖西路", meeting_point="")
    nowhere = announced(town, place="平湖社区", meeting_point="")
    answered = {row["id"]: row for row in visitor.get("/api/v1/actions/").json()["results"]}
    assert answered[house.pk]["road"] == {"code": "R001", "name": "振祁路", "name_en": "Zhenqi Road"}
    assert answered[house.pk]["position"] == [house.longitude, house.latitude]
    assert (answered[rough.pk]["road"]["code"], answered[rough.pk]["position"]) == ("R003", None)
    assert (answered[nowhere.pk]["road"], answered[nowhere.pk]["position"]) == (None, None)
    asked = visitor.get("/api/v1/actions/?road=R001").json()["results"]
    assert [row["id"] for row in asked] == [house.pk]
    assert visitor.get("/api/v1/actions/?road=R999").json()["results"] == []
    assert visitor.get("/api/v1/actions/?road=a/b").status_code == 422


def test_the_list_for_programs_asks_no_more_for_more_rows(town: Town, visitor: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert visitor.get("/api/v1/actions/").status_code == 200
        return len(asked)

    announced(town, place="湖西路")
    one = queries()
    for name in ("振祁路", "海瑞路"):
        announced(town, place=name)
    assert queries() == one


# --- those that were there before ----------------------------------------------------------------------------------------


def test_existing_actions_get_the_road_that_they_named(town: Town) -> None:
    fill = import_module("events.migrations.0006_roads_of_actions").on_the_road_that_was_named
    later = a_road("R900", name="湖西路")
    Road.objects.filter(name="湖西路").exclude(pk=later.pk).update(
        since=today() - timedelta(days=900), until=today() - timedelta(days=100)
    )
    cases = {
        draft(town, place="湖西路", meeting_point="").pk: later,
        draft(town, place="玉祁社区", meeting_point="振祁路口").pk: road("振祁路"),
        draft(town, place="平湖社区", meeting_point="").pk: None,
        draft(town, place="海瑞路", is_online=True).pk: None,
    }
    Action.objects.update(road=None, longitude=None, latitude=None)
    fill(apps, None)
    assert {action.pk: action.road for action in Action.objects.select_related("road")} == cases


def test_the_fact_has_a_name_in_both_languages(town: Town, visitor: Client) -> None:
    action = announced(town, place="振祁路", meeting_point="")
    english = page(visitor.get(action.get_absolute_url(), headers={"accept-language": "en"}))
    assert words(english.select_one('a[href="/roads/R001/"]')) == "Zhenqi Road"
