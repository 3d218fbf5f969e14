"""The page on which anybody reports: without script, without an account, and without losing anything that was typed."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from grid.cases import doors as case_doors
from grid.cases import moving, reporting
from grid.models import Boundary, Case, Category, DraftPhoto, PointOfInterest, Reporter, Segment, Supporter
from grid.reports import floods, receipts
from grid.rules.transitions import Deed
from tests.cast import Town
from tests.grid import cases, pictures
from tests.grid.cases import Scene
from tests.grid.chains import IN_CELL, ON_ROAD, OUTSIDE

REPORT, FOR_OTHERS = "/report/", "/report/for/"


@pytest.fixture
def scene(town: Town) -> Scene:
    made = cases.set_up(town)
    Segment.objects.filter(pk=made.net.first.pk).update(odd_from=1, odd_to=99)
    Category.objects.filter(pk=made.standard.category_id).update(
        picture="bin", plain_name="垃圾没人收", plain_name_en="Garbage lies about"
    )
    return made


@pytest.fixture(autouse=True)
def _media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def send(client: Client, path: str = REPORT, **typed: Any) -> HttpResponse:
    described = {"key": str(uuid.uuid4()), "description": "一堆垃圾", "address": "示范路51号", **typed}
    return client.post(path, {name: value for name, value in described.items() if value is not None})


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- the page -----------------------------------------------------------------------------------------------------------


def test_everybody_gets_the_page_and_no_cache_keeps_it(scene: Scene, visitor: Client) -> None:
    answer = visitor.get(REPORT)
    page = words(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert re.findall(r'href="tel:(\d+)"', page) == ["110", "119", "120"]
    assert (
        page.index("tel:110") < page.index('name="photos"') < page.index('name="category"') < page.index('name="phone"')
    )
    assert 'capture="environment"' in page
    assert "垃圾没人收" in page
    assert 'enctype="multipart/form-data"' in page


def test_each_showing_has_a_key_of_its_own(scene: Scene, visitor: Client) -> None:
    keys = {re.search(r'name="key" value="([^"]+)"', words(visitor.get(REPORT)))[1] for _each in range(3)}
    assert len(keys) == 3


def test_the_page_costs_the_same_whatever_there_is(
    scene: Scene, visitor: Client, django_assert_num_queries: Any
) -> None:
    visitor.get(REPORT)
    counts = []
    for many in (1, 3, 30):
        for each in range(many):
            category = scene.standard.category
            category.pk, category.code, category.picture = None, f"E{many:02}{each:02}", "bin"
            category.save()
        with django_assert_num_queries(7):
            visitor.get(REPORT)
        counts.append(Category.objects.count())
    assert len(set(counts)) == 3


def test_the_bar_and_the_home_page_lead_there(scene: Scene, visitor: Client) -> None:
    home = words(visitor.get("/"))
    assert home.count(f'href="{REPORT}"') == 3  # in the head, on the page, in the bar
    assert "aria-current" in re.search(rf'<a href="{REPORT}"([^>]*)>', words(visitor.get(REPORT)))[1]


# --- sending ------------------------------------------------------------------------------------------------------------


def test_a_report_without_an_account_ends_at_its_number_and_code(scene: Scene, visitor: Client) -> None:
    answer = send(
        visitor, category=scene.standard.category_id, photos=[pictures.upload(), pictures.upload(pictures.heic())]
    )
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/report/{case.request_key}/")
    assert (case.road, case.house_number, case.category) == (scene.net.road, 51, scene.standard.category)
    assert case.photos.count() == 2
    page = words(visitor.get(answer["Location"]))
    assert case.number in page
    written = re.sub(r"<[^>]+>", "", page)
    assert receipts.case_of(re.search(r"\b([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b", written)[1]) == case
    assert f'href="/cases/{case.number}/"' in page


def test_this_browser_knows_it_as_its_own_and_no_other(scene: Scene, visitor: Client) -> None:
    send(visitor)
    case = Case.objects.get()
    assert visitor.session[case_doors.SESSION_KEY] == [case.pk]
    staff = signed_in(scene.acceptor)
    send(staff, FOR_OTHERS, channel_name="hotline", description="另一处", is_another="on")
    assert case_doors.SESSION_KEY not in staff.session


@pytest.mark.parametrize("same_form", [True, False])
def test_that_it_is_at_a_home_is_not_lost_when_it_is_said_with_the_second_sending(
    scene: Scene, visitor: Client, same_form: bool
) -> None:
    """The answer to the first was lost, and the box was ticked while the page tried again; or it is another form by then."""
    key, door = str(uuid.uuid4()), (121.17834, 31.71503)
    send(visitor, key=key, **at(door))
    again = key if same_form else str(uuid.uuid4())
    assert send(visitor, key=again, is_dwelling="on", **at(door)).status_code == 302
    case = Case.objects.get()
    assert case.is_dwelling
    stranger = Client().get(f"/api/v1/cases/{case.number}/").json()
    assert stranger["is_rounded"]
    assert (case.longitude, case.latitude) == door
    assert stranger["position"] != [*door]
    # And it stays so when the box is not ticked the next time.
    send(visitor, key=again, **at(door))
    assert Case.objects.get().is_dwelling


def test_sent_again_it_is_the_same_and_with_other_words_another(scene: Scene, visitor: Client) -> None:
    key = str(uuid.uuid4())
    first = send(visitor, key=key, photos=pictures.upload())
    again = send(visitor, key=key, photos=pictures.upload())
    assert first["Location"] == again["Location"]
    assert not DraftPhoto.objects.exists()
    send(visitor, key=key, description="另一处", is_another="on")
    assert Case.objects.count() == 2


UNMAPPED = {"address": "村口的老槐树下"}
"""A place that is said in words alone: nothing is near by."""


def test_by_the_back_button_it_is_not_sent_once_more(scene: Scene, visitor: Client) -> None:
    """The page comes anew, with another key, and the browser fills in what was written."""
    first, again = send(visitor, **UNMAPPED), send(visitor, **UNMAPPED)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Case.objects.count() == 1
    signed = signed_in(scene.reporter)
    own = {send(signed, **UNMAPPED)["Location"] for _twice in range(2)}
    assert len(own - {first["Location"]}) == 1
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [{"description": "两堆垃圾"}, {"photos": True}, {"is_another": "on"}, {"after": "an hour"}, {"after": "the end"}],
    ids=["words", "picture", "none-of-them", "later", "ended"],
)
def test_what_is_not_the_same_is_sent(scene: Scene, visitor: Client, other: dict[str, Any]) -> None:
    send(visitor, **UNMAPPED)
    if other.get("photos"):
        other = {"photos": pictures.upload()}
    if other.get("after") == "an hour":
        Case.objects.update(reported_at=timezone.now() - timedelta(minutes=61))
    if other.get("after") == "the end":
        Case.objects.update(state="void")
    send(visitor, **UNMAPPED, **{name: value for name, value in other.items() if name != "after"})
    assert Case.objects.count() == 2


def test_two_callers_say_the_same(scene: Scene) -> None:
    client = signed_in(scene.acceptor)
    for phone in ("13800000001", "13800000002", "13800000002"):
        send(client, FOR_OTHERS, channel_name="hotline", phone=phone, **UNMAPPED)
    assert Case.objects.count() == 2


def test_somebody_else_sends_the_same(scene: Scene, visitor: Client) -> None:
    for client in (visitor, Client()):
        send(client, **UNMAPPED)
    assert Case.objects.count() == 2


def test_the_number_is_for_whoever_sent_it(scene: Scene, visitor: Client) -> None:
    send(visitor)
    assert visitor.get(f"/report/{uuid.uuid4()}/").status_code == 404
    case = Case.objects.get()
    shown = visitor.get(f"/report/{case.request_key}/")
    assert shown.headers["Cache-Control"] == "private, no-store"
    code = reporting.receipt_of(case)
    assert code
    assert code[4:] in words(shown)
    passed_on = words(Client().get(f"/report/{case.request_key}/"))
    assert case.number in passed_on
    assert code[:4] not in passed_on
    assert code[4:] not in passed_on


def test_whoever_wrote_it_down_tells_the_caller_the_code(scene: Scene) -> None:
    staff = signed_in(scene.acceptor)
    answer = send(staff, FOR_OTHERS, channel_name="hotline")
    code = reporting.receipt_of(Case.objects.get())
    assert code[4:] in words(staff.get(answer["Location"]))
    assert code[4:] not in words(signed_in(scene.unit_person).get(answer["Location"]))


def test_what_is_dangerous_says_whom_to_call_once_more(scene: Scene, visitor: Client) -> None:
    Category.objects.update(is_dangerous=True)
    assert "data-danger" in words(visitor.get(REPORT))
    answer = send(visitor, category=scene.standard.category_id)
    assert 'class="emergency now"' in words(visitor.get(answer["Location"]))


def with_gas(settings: Any) -> None:
    settings.SITE_FACTS = {**settings.SITE_FACTS, "gas": "0510 8388 0000"}


def become(scene: Scene, code: str) -> None:
    """What residents find under the one picture is this kind of danger."""
    Category.objects.filter(pk=scene.standard.category_id).update(is_dangerous=True, code=code)


def called(page: str) -> list[str]:
    return re.findall(r'href="tel:(\d+)"', page)


def test_the_gas_line_stands_among_the_numbers_where_there_is_one(scene: Scene, visitor: Client, settings: Any) -> None:
    become(scene, "E0502")
    with_gas(settings)
    page = words(visitor.get(REPORT))
    assert called(page) == ["110", "119", "120", "051083880000"]
    assert "data-gas>" in page


@pytest.mark.parametrize(
    ("code", "numbers"),
    [("E0502", ["051083880000", "110", "119", "120"]), ("E0508", ["110", "119", "120", "051083880000"])],
)
def test_where_it_is_about_gas_its_line_comes_first(
    scene: Scene, visitor: Client, settings: Any, code: str, numbers: list[str]
) -> None:
    become(scene, code)
    with_gas(settings)
    answer = send(visitor, category=scene.standard.category_id)
    assert called(words(visitor.get(answer["Location"]))) == numbers


# --- nothing is lost ----------------------------------------------------------------------------------------------------


def test_a_mistake_in_one_field_loses_neither_words_nor_pictures(scene: Scene, visitor: Client) -> None:
    key = str(uuid.uuid4())
    answer = send(
        visitor, key=key, phone="12", name="王五", photos=[pictures.upload(), pictures.upload(pictures.jpeg((50, 50)))]
    )
    page = words(answer)
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    for typed in (key, "一堆垃圾", "示范路51号", "王五"):
        assert typed in page
    addresses = re.findall(r'<img src="(/report/[^"]+)"', page)
    assert len(addresses) == 2
    shown = visitor.get(addresses[0])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert visitor.get(addresses[0].replace(key, str(uuid.uuid4()))).status_code == 404
    done = send(visitor, key=key, phone="13900000001", name="王五")
    assert done.status_code == 302
    assert Case.objects.get().photos.count() == 2


def test_a_picture_that_cannot_be_read_is_said_beside_the_pictures(scene: Scene, visitor: Client) -> None:
    answer = send(visitor, photos=[pictures.upload(b"<svg/>", "a.svg", "image/svg+xml"), pictures.upload()])
    assert answer.status_code == 422
    assert 'id="id_photos_error"' in words(answer)
    assert words(answer).count('<img src="/report/') == 1


def test_pictures_can_be_uploaded_first_and_taken_away(scene: Scene, visitor: Client) -> None:
    key = str(uuid.uuid4())
    answer = send(visitor, key=key, photos=pictures.upload(), again="on", description="", address="")
    assert (answer.status_code, Case.objects.count()) == (200, 0)
    (photo,) = DraftPhoto.objects.all()
    send(visitor, key=key, drop=str(photo.pk), again="on")
    assert not DraftPhoto.objects.exists()


def test_a_flood_is_said_and_the_page_keeps_it_all(
    scene: Scene, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "PER_ADDRESS", 0)
    answer = send(visitor, photos=pictures.upload())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert "一堆垃圾" in words(answer)
    assert words(answer).count('<img src="/report/') == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"key": "x"},
        {"key": "0" * 36},
        {"category": "999999999999999999999"},
        {"category": "x"},
        {"road": "0"},
        {"house_number": "eins"},
        {"house_number": "-1"},
        {"house_number": "9" * 400},
        {"longitude": "nan", "latitude": "nan"},
        {"longitude": "1e999", "latitude": "0"},
        {"longitude": "120"},
        {"longitude": str(OUTSIDE[0]), "latitude": str(OUTSIDE[1])},
        {"seen_at": "x,y,z"},
        {"seen_at": "nan,nan"},
        {"drop": "x"},
        {"drop": "9" * 40},
        {"mail": "a" * 300},
        {"phone": "١٢٣٤٥"},
        {"description": "字" * 501},
        {"photos": "words instead of a file"},
        {"is_another": "maybe"},
    ],
)
def test_whatever_is_sent_is_answered(scene: Scene, visitor: Client, typed: dict[str, str]) -> None:
    answer = send(visitor, **typed)
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert 'id="errors"' in words(answer)
        assert Case.objects.count() == 0


# --- similar ones -------------------------------------------------------------------------------------------------------


def at(place: tuple[float, float]) -> dict[str, str]:
    return {"longitude": str(place[0]), "latitude": str(place[1]), "address": ""}


def test_similar_ones_are_shown_before_it_is_sent(scene: Scene, visitor: Client) -> None:
    send(visitor, **at(ON_ROAD))
    key = str(uuid.uuid4())
    answer = send(visitor, key=key, photos=pictures.upload(), **at(ON_ROAD))
    page = words(answer)
    assert (answer.status_code, Case.objects.count()) == (200, 1)
    assert 'id="similar"' in page
    assert page.count('<img src="/report/') == 1
    send(visitor, key=key, is_another="on", **at(ON_ROAD))
    assert Case.objects.count() == 2
    assert Case.objects.order_by("-pk")[0].photos.count() == 1


def test_similar_ones_can_be_told_apart(scene: Scene, visitor: Client) -> None:
    """By a picture and words that everybody sees; a picture that nobody has looked at yet is not among them."""
    send(Client(), house_number="51", photos=pictures.upload(), **at(ON_ROAD))
    case = Case.objects.get()
    picture = f"/cases/{case.number}/photos/{case.photos.get().pk}/small.jpg"
    page = words(send(visitor, **at(ON_ROAD)))
    assert "一堆垃圾" in page.split('id="similar"')[1].split("</section>")[0]
    assert f'href="/cases/{case.number}/"' in page
    assert picture not in page
    moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)
    assert picture in words(send(visitor, **at(ON_ROAD)))


def test_what_is_wrong_is_said_before_similar_ones_are_shown(scene: Scene, visitor: Client) -> None:
    send(visitor, **at(ON_ROAD))
    answer = send(visitor, phone="12", description="另一堆垃圾", **at(ON_ROAD))
    assert answer.status_code == 422
    assert 'id="similar"' not in words(answer)


def test_elsewhere_nothing_is_asked(scene: Scene, visitor: Client) -> None:
    send(visitor, **at(ON_ROAD))
    assert send(visitor, **at(IN_CELL)).status_code == 302


def test_me_too_is_one_tap_and_what_was_begun_goes(scene: Scene, visitor: Client) -> None:
    send(Client(), **at(ON_ROAD))
    case = Case.objects.get()
    key = str(uuid.uuid4())
    send(visitor, key=key, photos=pictures.upload(), **at(ON_ROAD))
    for _twice in range(2):
        answer = visitor.post("/report/same/", {"case": case.pk, "key": key})
        assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}/")
    assert (Supporter.objects.count(), DraftPhoto.objects.count(), Case.objects.count()) == (1, 0, 1)
    assert visitor.cookies["gongzhi_also"]["httponly"]
    signed_in(scene.reporter).post("/report/same/", {"case": case.pk})
    case.refresh_from_db()
    assert case.supporters_count == 2


def test_whoever_reported_it_is_not_counted_once_more(scene: Scene, visitor: Client) -> None:
    send(visitor, **at(ON_ROAD))
    case = Case.objects.get()
    key = str(uuid.uuid4())
    send(visitor, key=key, photos=pictures.upload(), **at(ON_ROAD))
    for path, typed in (("/report/same/", {"case": case.pk, "key": key}), (f"/cases/{case.number}/support/", {})):
        answer = visitor.post(path, typed)
        assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}/")
    assert (Supporter.objects.count(), DraftPhoto.objects.count()) == (0, 0)
    Reporter.objects.filter(case=case).update(person=scene.reporter)
    signed_in(scene.reporter).post(f"/cases/{case.number}/support/")
    assert not Supporter.objects.exists()


@pytest.mark.parametrize("change", [{"is_public": False}, {"is_dwelling": True}, {"state": "void"}])
def test_what_is_not_public_takes_no_me_too(scene: Scene, visitor: Client, change: dict[str, Any]) -> None:
    send(visitor, **at(ON_ROAD))
    case = Case.objects.get()
    Case.objects.update(**change)
    answer = visitor.post("/report/same/", {"case": case.pk})
    assert answer.status_code == 404
    assert case.number not in words(answer)
    assert visitor.post("/report/same/", {"case": "x"}).status_code == 404


# --- from the board of a road ---


def test_the_page_of_a_road_leads_to_a_report_on_it(scene: Scene, visitor: Client) -> None:
    road = scene.net.road
    address = f"/report/?road={road.code}"
    assert f'href="{address}"' in words(visitor.get(f"/roads/{road.code}/"))
    assert f'<option value="{road.pk}" selected>' in words(visitor.get(address))
    assert f'<option value="{road.pk}" selected>' not in words(visitor.get("/report/?road=nowhere"))


@pytest.mark.parametrize("path", ["/grid/", "/cases/", "/grid/{cell}/"])
def test_from_where_one_sees_problems_one_reports_one(scene: Scene, visitor: Client, path: str) -> None:
    page = words(visitor.get(path.format(cell=scene.net.street_cell.code)))
    assert 'href="/report/"' in page.split("<main")[1].split("</main")[0]


# --- the place ----------------------------------------------------------------------------------------------------------


def test_a_position_is_said_in_words(scene: Scene, visitor: Client) -> None:
    answer = visitor.get("/report/where/", {"at": f"{ON_ROAD[0]},{ON_ROAD[1]}"})
    assert answer.json() == {"words": "示范路 · 1 段 · 区S-1"}
    for written in (f"{OUTSIDE[0]},{OUTSIDE[1]}", "", "x", "1", "nan,nan", "500,500", "1,2,3"):
        answer = visitor.get("/report/where/", {"at": written})
        assert answer.status_code == 422
        assert answer.json()["detail"]


def test_the_map_to_choose_on_stands_in_both_forms(scene: Scene, visitor: Client) -> None:
    for client, path in ((visitor, REPORT), (signed_in(scene.acceptor), FOR_OTHERS)):
        page = words(client.get(path))
        assert "<pick-place" in page
        assert '<svg class="sketch"' in page  # without script it is a picture
        assert 'href="#id_address"' in page
        assert "data-pick" in page
        assert "gcj02.js" not in page


def test_where_nothing_was_drawn_there_is_no_map(town: Town, visitor: Client) -> None:
    Boundary.objects.all().delete()
    Segment.objects.all().delete()
    PointOfInterest.objects.all().delete()
    page = words(visitor.get(REPORT))
    assert "<pick-place" not in page
    assert "grid-map.js" not in page
    assert 'name="address"' in page


@override_settings(
    MAP_TILES="https://tiles.example.org/{z}/{x}/{y}.png",
    MAP_TILES_CREDIT="示例地图 · 审图号 GS(2026)0001号",
    MAP_TILES_SYSTEM="GCJ-02",
)
def test_on_tiles_of_another_system_what_is_chosen_is_moved_back(scene: Scene, visitor: Client) -> None:
    page = words(visitor.get(REPORT))
    assert "data-gcj" in page
    assert "gcj02.js" in page
    assert 'data-tiles="https://tiles.example.org/' in page


# --- for others ---------------------------------------------------------------------------------------------------------


def test_only_those_in_office_write_down_for_others(scene: Scene, visitor: Client) -> None:
    assert visitor.get(FOR_OTHERS)["Location"].startswith("/account/login/")
    for person in (scene.town.dana, scene.reporter, scene.dispatcher):
        assert signed_in(person).get(FOR_OTHERS).status_code == 403
        answer = send(signed_in(person), FOR_OTHERS, channel_name="hotline")
        assert (answer.status_code, Case.objects.count()) == (403, 0)


def channels_in(answer: HttpResponse) -> list[str]:
    return re.findall(r'name="channel_name" value="(\w+)"', words(answer))


def test_each_sees_the_channels_of_the_own_post(scene: Scene) -> None:
    assert channels_in(signed_in(scene.acceptor).get(FOR_OTHERS)) == ["hotline", "group", "visit"]
    assert channels_in(signed_in(scene.worker).get(FOR_OTHERS)) == ["group", "patrol", "visit"]
    assert channels_in(signed_in(scene.town.admin).get(FOR_OTHERS)) == ["hotline", "group", "patrol", "visit"]


def test_the_hotline_is_written_down_with_whom_to_call_back(scene: Scene) -> None:
    client = signed_in(scene.acceptor)
    answer = send(client, FOR_OTHERS, channel_name="hotline", name="李四", phone="13900000002", is_urgent="on")
    case = Case.objects.get()
    assert answer["Location"] == reverse("grid:reported", args=[case.request_key])
    assert (case.channel, case.is_urgent, case.reporter.person, case.reporter.name) == ("hotline", True, None, "李四")
    assert FOR_OTHERS in words(client.get(answer["Location"]))


def test_without_a_channel_or_with_anothers_it_is_asked_again(scene: Scene) -> None:
    client = signed_in(scene.acceptor)
    for channel in (None, "patrol", "web"):
        answer = send(client, FOR_OTHERS, channel_name=channel, name="李四")
        assert (answer.status_code, Case.objects.count()) == (422, 0)
        assert "李四" in words(answer)


def test_staff_choose_among_all_kinds(scene: Scene) -> None:
    category = scene.standard.category
    category.pk, category.code, category.name, category.picture = None, "E9902", "私搭乱建", ""
    category.save()
    assert "私搭乱建" in words(signed_in(scene.acceptor).get(FOR_OTHERS))
    assert "私搭乱建" not in words(Client().get(REPORT))


def test_no_kind_is_chosen_for_them(scene: Scene) -> None:
    page = words(signed_in(scene.acceptor).get(FOR_OTHERS))
    assert re.search(r'<select name="category"[^>]*>\s*<option value="" selected', page)


def test_the_way_stands_on_the_own_page_of_those_who_may(scene: Scene) -> None:
    assert FOR_OTHERS in words(signed_in(scene.acceptor).get("/me/"))
    assert FOR_OTHERS not in words(signed_in(scene.town.dana).get("/me/"))


def test_today_counts(scene: Scene) -> None:
    """A category that is no longer in force is not offered."""
    Category.objects.update(until=timezone.localdate())
    assert "垃圾没人收" not in words(Client().get(REPORT))
