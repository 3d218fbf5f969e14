"""Colours and size of print: the person's own choice, else the browser's; set on ``<html>`` before the first paint."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from communities import closing, own_data
from communities.models import User
from tests.cast import Town
from tests.reading import page

pytestmark = pytest.mark.django_db


def shown(browser: Client, path: str = "/privacy/") -> tuple[str, str]:
    """Theme and mode of the page that this browser is sent."""
    html = page(browser.get(path)).find("html")
    assert html is not None
    return str(html["data-theme"]), str(html["data-mode"])


def choose(browser: Client, **choice: str) -> None:
    assert browser.post("/look/", choice).status_code == 302


def test_a_choice_goes_along_to_the_next_phone(town: Town) -> None:
    old_phone, new_phone = Client(), Client()
    old_phone.force_login(town.chen)
    choose(old_phone, theme="dark")
    choose(old_phone, mode="elder")
    assert shown(new_phone) == ("auto", "standard")
    new_phone.force_login(town.chen)
    assert shown(new_phone) == ("dark", "elder")


def test_the_persons_choice_is_stronger_than_what_the_browser_remembers(visitor: Client, town: Town) -> None:
    choose(visitor, theme="light", mode="standard")
    User.objects.filter(pk=town.chen.pk).update(theme="dark", mode="elder")
    visitor.force_login(town.chen)
    assert shown(visitor) == ("dark", "elder")


def test_who_never_chose_is_shown_what_the_browser_remembers(visitor: Client, town: Town) -> None:
    choose(visitor, theme="dark", mode="elder")
    visitor.force_login(town.chen)
    assert shown(visitor) == ("dark", "elder")
    town.chen.refresh_from_db()
    assert (town.chen.theme, town.chen.mode) == ("", "")  # looking at a page chooses nothing


def test_on_a_shared_computer_everybody_finds_the_own_look(visitor: Client, town: Town) -> None:
    User.objects.filter(pk=town.mei.pk).update(theme="light", mode="standard")
    visitor.force_login(town.chen)
    choose(visitor, theme="dark", mode="elder")
    visitor.logout()
    visitor.force_login(town.mei)
    assert shown(visitor) == ("light", "standard")
    choose(visitor, theme="auto")
    visitor.logout()
    visitor.force_login(town.chen)
    assert shown(visitor) == ("dark", "elder")
    looks = dict(User.objects.filter(username__in=["mei", "chen"]).values_list("username", "theme"))
    assert looks == {"mei": "auto", "chen": "dark"}


def test_the_browsers_look_stays_when_somebody_signs_out(visitor: Client, town: Town) -> None:
    choose(visitor, mode="elder")
    User.objects.filter(pk=town.mei.pk).update(mode="standard")
    visitor.force_login(town.mei)
    assert shown(visitor) == ("auto", "standard")
    assert visitor.post("/account/logout/").status_code == 302
    assert shown(visitor) == ("auto", "elder")


def test_one_switch_leaves_the_others_alone(visitor: Client, town: Town) -> None:
    visitor.force_login(town.chen)
    choose(visitor, theme="dark")
    choose(visitor, language="en")
    choose(visitor, mode="elder")
    town.chen.refresh_from_db()
    assert (town.chen.theme, town.chen.mode, town.chen.language) == ("dark", "elder", "en")


@pytest.mark.parametrize("made_up", ["pink", "x" * 3000, "", "DARK"])
def test_what_does_not_exist_is_kept_nowhere(visitor: Client, town: Town, made_up: str) -> None:
    User.objects.filter(pk=town.chen.pk).update(theme="dark", mode="elder")
    visitor.force_login(town.chen)
    choose(visitor, theme=made_up, mode=made_up)
    town.chen.refresh_from_db()
    assert (town.chen.theme, town.chen.mode) == ("dark", "elder")


@pytest.mark.parametrize("field", ["theme", "mode"])
def test_the_database_knows_the_choices_too(town: Town, field: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=town.chen.pk).update(**{field: "pink"})


def test_a_visitor_changes_nobodys_look(visitor: Client, town: Town) -> None:
    choose(visitor, theme="dark", mode="elder")
    assert not User.objects.exclude(theme="", mode="").exists()


def test_the_settings_have_the_three_switches_with_what_is_in_force_pressed(visitor: Client, town: Town) -> None:
    User.objects.filter(pk=town.chen.pk).update(theme="dark", mode="elder")
    visitor.force_login(town.chen)
    display = page(visitor.get("/me/")).select_one(".switches")
    assert display is not None
    pressed = {str(each["name"]): each["value"] for each in display.select('button[aria-pressed="true"]')}
    assert pressed == {"mode": "elder", "theme": "dark", "language": "zh-hans"}
    assert {form["action"] for form in display.select("form")} == {"/look/"}


def test_it_is_among_what_one_reads_about_oneself_and_goes_with_the_account(town: Town) -> None:
    User.objects.filter(pk=town.zhou.pk).update(theme="dark", mode="elder")
    town.zhou.refresh_from_db()
    with translation.override("en"):
        account = own_data.file_of(town.zhou)["account"][0]
    assert (account["theme"], account["mode"]) == ("Dark", "Large print")
    closed = closing.close(person=town.zhou)
    assert (closed.theme, closed.mode, closed.language) == ("", "", "")


def test_the_privacy_notice_says_so(visitor: Client) -> None:
    for language, words in (("zh-hans", "语言、颜色和字号"), ("en", "Language, colours and size of print")):
        visitor.cookies["django_language"] = language
        assert re.search(words, page(visitor.get("/privacy/")).text)
