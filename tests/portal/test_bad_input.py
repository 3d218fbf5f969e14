"""What an outsider sent to the site to break it, and what it said: each of these was once a 500 or an empty page."""

import uuid

import pytest
from django.test import Client

from events.models import ComposerDraft
from tests import cast, reading
from tests.cast import Town


@pytest.fixture
def mei(town: Town) -> Client:
    client = Client()
    client.force_login(town.mei)
    return client


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000, "a" * 300 + ".png"])
def test_a_picture_whose_name_no_file_system_holds_is_not_there(visitor: Client, db: None, name: str) -> None:
    assert visitor.get(f"/media/images/{name}").status_code == 404


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "//"])
def test_an_origin_that_is_no_address_is_a_foreign_one(visitor: Client, db: None, origin: str) -> None:
    response = visitor.post("/look/", {"theme": "dark"}, headers={"origin": origin})
    assert response.status_code == 403
    assert "theme" not in response.cookies


@pytest.mark.parametrize("address", ["actions/?host=", "shifts/?action="])
@pytest.mark.parametrize("number", ["-9223372036854775809", "-1", "0", "9223372036854775808", "9" * 5000, "1.5"])
def test_a_number_that_no_row_has_is_refused_by_the_api(visitor: Client, db: None, address: str, number: str) -> None:
    response = visitor.get(f"/api/v1/{address}{number}")
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()["errors"]) == {address.split("?")[1].strip("=")}


@pytest.mark.parametrize("address", ["/notices/{}/", "/api/v1/notices/{}/", "/feeds/organisations/{}/"])
@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 20, "9" * 5000])
def test_a_number_that_no_row_has_is_not_there(visitor: Client, db: None, address: str, number: str) -> None:
    assert visitor.get(address.format(number)).status_code == 404


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 20, "9" * 5000])
def test_a_post_of_an_action_that_no_row_has_is_not_there(mei: Client, number: str) -> None:
    address = f"/desk/{number}/posts/{uuid.uuid4()}/withdraw/"
    assert [mei.get(address).status_code, mei.post(address).status_code] == [404, 404]


@pytest.mark.parametrize("page", ["abc", "0", "-1", "9" * 20, "9" * 5000])
def test_a_page_that_is_none_is_the_nearest_one(visitor: Client, town: Town, page: str) -> None:
    cast.notice(town, title="雪天停车")
    for address in ("/notices/", "/search/", f"{town.yuqi.section.url}notices/"):
        answer = visitor.get(address, {"q": "停车", "page": page})
        assert answer.status_code == 200
        assert "雪天停车" in reading.main(answer)


def test_the_schema_says_what_a_key_looks_like(visitor: Client, db: None) -> None:
    signing_up = visitor.get("/api/v1/schema/").json()["paths"]["/api/v1/shifts/{id}/sign-up/"]["post"]
    (key,) = (each for each in signing_up["parameters"] if each["name"] == "Idempotency-Key")
    assert key["schema"] == {"type": "string", "pattern": "^[!-~]{1,80}$"}


class TestAWrongMethod:
    """Whoever reloads after pressing a button asks for the address of the button."""

    @pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "不能这样"), ("en", "use the button there")])
    def test_is_answered_in_words(self, visitor: Client, db: None, language: str, sentence: str) -> None:
        response = visitor.get("/account/logout/", headers={"accept-language": language})
        assert (response.status_code, response["Allow"]) == (405, "POST")
        assert sentence in reading.main(response)

    def test_is_a_problem_for_programs(self, visitor: Client, db: None) -> None:
        response = visitor.put("/api/v1/actions/")
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "请选一种语言。"), ("en", "Please choose a language.")])
def test_a_language_that_is_none_is_not_repeated(town: Town, mei: Client, language: str, sentence: str) -> None:
    town.mei.language = language
    town.mei.save(update_fields=["language"])
    sent = {"display_name": "Mei", "language": "é" * 100_000}
    response = mei.post("/me/edit/", sent)
    assert response.status_code == 422
    assert sentence in reading.errors(response, "language")
    assert "éé" not in response.content.decode()


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "请再交一次"), ("en", "Please send this once more")])
def test_an_old_form_is_not_said_to_be_somebody_elses(town: Town, language: str, title: str) -> None:
    town.mei.language = language
    town.mei.save(update_fields=["language"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.mei)
    response = client.post("/me/edit/", {"display_name": "Mei"})
    assert response.status_code == 403
    assert reading.words(reading.page(response).h1) == title


class TestAName:
    @pytest.mark.parametrize("name", ["\u200b\u200b", "\u2800", "\u3164", "\u202egnorw", "a\x1b[31m", "a\nb"])
    def test_that_nobody_can_call_is_refused(self, town: Town, mei: Client, name: str) -> None:
        response = mei.post("/me/edit/", {"display_name": name, "language": "en"})
        assert response.status_code == 422
        assert "怎么称呼" in reading.errors(response, "display_name")
        town.mei.refresh_from_db()
        assert town.mei.display_name == "梅芳"

    @pytest.mark.parametrize("name", ["阿依古丽·买买提", "𬭚", "O’Brien", "محمد", "👩‍🔧 Li"])
    def test_of_any_script_is_kept(self, town: Town, mei: Client, name: str) -> None:
        assert mei.post("/me/edit/", {"display_name": name, "language": "en"}).status_code == 302
        town.mei.refresh_from_db()
        assert town.mei.display_name == name


class TestATimeWithAZone:
    """``19:00+08:00`` is a time to Python, which cannot compare it with 21:00; a browser never sends it."""

    TYPED = {"shifts-0-date": "2026-12-24", "shifts-0-starts": "19:00+08:00", "shifts-0-ends": "21:00"}

    def test_is_refused_beside_its_field(self, town: Town, mei: Client) -> None:
        action = cast.announced(town)
        for starts, ends, field in (("19:00Z", "21:00", "starts"), ("19:00", "21:00+08:00", "ends")):
            typed = {"date": "2026-12-24", "starts": starts, "ends": ends, "capacity": "3", "least": "1"}
            response = mei.post(f"/desk/{action.pk}/shifts/new/", typed)
            assert response.status_code == 422
            assert response.context["form"][field].errors
            assert f'value="{typed[field]}"' in response.content.decode()
        assert action.shifts.count() == 1

    def test_does_not_lock_the_composer_up_for_ever(self, town: Town, mei: Client) -> None:
        assert mei.post("/desk/new/autosave/", self.TYPED).status_code == 200
        assert ComposerDraft.objects.get(person=town.mei).typed == self.TYPED
        response = mei.get("/desk/new/")
        assert response.status_code == 200
        assert 'value="19:00+08:00"' in response.content.decode()
