"""Coming in by name and password, and going out again."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from communities.models import User
from tests.cast import Town
from tests.reading import page

LOGIN = "/account/login/"
PASSWORD = "one-long-password"


@pytest.fixture(autouse=True)
def _own_count(settings) -> None:
    """Attempts of other tests must not count here; a shared cache outlives them."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "login"}}
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings, db: None) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    mei = User.objects.get(username="mei")
    mei.set_password(PASSWORD)
    mei.save()


def knock(client: Client, name: str = "mei", password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_page_asks_for_a_name_and_a_password(visitor: Client) -> None:
    response = visitor.get(LOGIN)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    for field in ('name="username"', 'name="password"', 'autocomplete="current-password"', "csrfmiddlewaretoken"):
        assert field in response.content.decode()


def test_who_has_the_password_gets_in_and_goes_on(town: Town, visitor: Client) -> None:
    response = knock(visitor, next="/my/activities/")
    assert (response.status_code, response["Location"]) == (302, "/my/activities/")
    assert visitor.session["_auth_user_id"] == str(town.mei.pk)


def test_a_new_session_begins(visitor: Client) -> None:
    """Whoever planted a session before cannot use it afterwards."""
    session = visitor.session
    session["planted"] = True
    session.save()
    before = session.session_key
    knock(visitor)
    assert visitor.session.session_key != before


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil",
        "\\\\evil.example",
        "/\\evil.example",
        "",
    ],
)
def test_only_ways_within_the_site_are_gone(visitor: Client, target: str) -> None:
    assert knock(visitor, next=target)["Location"] == "/"
    assert Client().get(LOGIN, {"next": target}).context["next"] == ""


def test_a_wrong_password_keeps_the_name_and_says_it_clearly(visitor: Client) -> None:
    response = knock(visitor, password="wrong-password", next="/me/edit/")
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="mei"' in text
    assert 'value="/me/edit/"' in text
    assert "wrong-password" not in text
    assert 'id="errors"' in text
    assert not is_in(visitor)


@pytest.mark.parametrize("name", ["nobody-of-this-name", "chen"])
def test_unknown_names_closed_accounts_and_wrong_passwords_sound_the_same(visitor: Client, name: str) -> None:
    User.objects.filter(username="chen").update(is_active=False)
    told = knock(visitor, name=name, password="wrong").context["form"].non_field_errors()
    assert told == knock(visitor, password="wrong").context["form"].non_field_errors()


@pytest.mark.parametrize(
    ("name", "password"), [("", PASSWORD), ("mei", ""), ("", ""), ("m" * 5000, PASSWORD), ("名" * 151, "x"), (" ", " ")]
)
def test_what_is_missing_or_too_long_is_said_beside_the_field(visitor: Client, name: str, password: str) -> None:
    response = knock(visitor, name=name, password=password)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not is_in(visitor)


def test_nul_and_broken_text_are_refused_before_anybody_looks(visitor: Client) -> None:
    assert knock(visitor, name="mei\x00").status_code == 400
    assert visitor.post(LOGIN, b"username=%ff&password=x", "application/x-www-form-urlencoded").status_code == 400


def test_the_eleventh_attempt_is_refused_even_with_the_right_password(visitor: Client) -> None:
    for _attempt in range(10):
        assert knock(visitor, password="wrong").status_code == 422
    response = knock(visitor)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 660
    assert response.context["form"].refusal.sentence in response.content.decode()
    assert 'value="mei"' in response.content.decode()
    assert not is_in(visitor)
    assert knock(visitor, name="yan", password="wrong").status_code == 422


def test_the_right_password_in_time_forgets_the_wrong_ones(visitor: Client) -> None:
    for _round in range(2):
        for _attempt in range(9):
            knock(visitor, password="wrong")
        assert knock(visitor).status_code == 302


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/"])
def test_there_is_one_door_only(visitor: Client, address: str) -> None:
    """Wagtail's own pages to sign in would let people guess without end."""
    for response in (visitor.get(address, {"next": "/admin/pages/"}), visitor.post(address, {"username": "mei"})):
        assert response.status_code == 302
        assert response["Location"].startswith(LOGIN)
    assert visitor.get(address, {"next": "https://evil.example/"}, follow=True).context["next"] == ""


def test_the_admin_sends_visitors_to_that_door(visitor: Client) -> None:
    assert visitor.get("/admin/pages/")["Location"] == f"{LOGIN}?next=/admin/pages/"


def test_who_is_in_and_lacks_a_right_is_told_and_not_sent_round_in_circles(town: Town, visitor: Client) -> None:
    visitor.force_login(town.dana)
    way = visitor.get("/admin/", follow=True)
    assert [status for _address, status in way.redirect_chain] == [302]
    assert way.status_code == 200
    assert "达娜" in way.content.decode()


def test_who_is_in_already_goes_to_the_own_page(town: Town, visitor: Client) -> None:
    visitor.force_login(town.dana)
    assert visitor.get(LOGIN)["Location"] == reverse("volunteers:profile")


def test_another_account_takes_over_whole(town: Town, visitor: Client) -> None:
    visitor.force_login(town.dana)
    knock(visitor)
    assert visitor.session["_auth_user_id"] == str(town.mei.pk)


def test_going_out_is_a_post(town: Town, visitor: Client) -> None:
    visitor.force_login(town.mei)
    assert visitor.get("/account/logout/").status_code == 405
    assert is_in(visitor)
    assert visitor.post("/account/logout/")["Location"] == "/"
    assert not is_in(visitor)
    assert visitor.post("/account/logout/").status_code == 302


def test_going_out_takes_a_token(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.mei)
    assert client.post("/account/logout/").status_code == 403
    assert is_in(client)


def test_the_page_begins_at_its_top_and_who_was_chosen_lacks_the_password_alone(town: Town, visitor: Client) -> None:
    assert page(visitor.get("/account/login/")).select("[autofocus]") == []
    chosen = page(visitor.get("/account/login/", {"name": "bo"}))
    assert chosen.select_one("[name=username]")["value"] == "bo"
    assert [field["name"] for field in chosen.select("[autofocus]")] == ["password"]


def test_the_demonstration_names_its_cast_and_real_life_does_not(town: Town, visitor: Client, settings) -> None:
    settings.DEMO = True
    response = visitor.get(LOGIN, {"next": "/me/"})
    assert [person.username for person in response.context["cast"]] == list(town.people)
    assert "?name=bo&amp;next=%2Fme%2F" in response.content.decode()
    assert "neighbour" not in response.content.decode()
    settings.DEMO = False
    response = visitor.get(LOGIN)
    assert "cast" not in response.context
    assert "?name=" not in response.content.decode()


def test_a_name_can_be_brought_along(visitor: Client) -> None:
    assert 'value="bo"' in visitor.get(LOGIN, {"name": "bo"}).content.decode()
    assert "<script>" not in visitor.get(LOGIN, {"name": "<script>"}).content.decode()
    assert visitor.get(LOGIN, {"name": "b" * 9000}).status_code == 200


def test_the_cast_costs_the_same_however_many_roles_they_have(
    town: Town, visitor: Client, django_assert_max_num_queries, settings
) -> None:
    settings.DEMO = True
    with django_assert_max_num_queries(6):
        visitor.get(LOGIN)
