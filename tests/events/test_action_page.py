"""The page of an action, and its one main button."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from events import calling_off, posting, publishing, seats, shifts
from events.models import Action, ActionPage, Shift
from events.shifts import MOST_SHIFTS
from tests.cast import Town, a_shift, announced, details, draft, in_hours, put_back, sign_up
from tests.reading import main, main_button, page, sent, words
from updates import book

PHONE = "+8610000000002"


def page_of(action: Action) -> str:
    return action.get_absolute_url()


def take_offline(action: Action) -> None:
    """What unpublishing in Wagtail's admin does."""
    ActionPage.objects.get(translation_key=action.key).unpublish()


class TestReading:
    def test_everything_one_must_know(self, town: Town, visitor: Client) -> None:
        action = announced(
            town,
            in_hours(30, task="从北口到桥头"),
            title="背街里巷清扫",
            summary="把没人管的角落清干净。",
            body="<p>先扫路面，再清墙角。</p>",
            adults_only=True,
        )

        text = main(visitor.get(page_of(action)))

        for fact in (
            "背街里巷清扫",
            "把没人管的角落清干净。",
            "先扫路面，再清墙角。",
            "湖西路",
            "湖西路北口",
            "水杯",
            "有尖利的东西，戴手套。",
            "年满 18 岁",
            "玉祁社区",
            "从北口到桥头",
            "还差 10 人",
            "梅芳",
        ):
            assert fact in text

    def test_a_picture_among_its_words_comes_in_several_widths_and_when_it_is_near(
        self, town: Town, visitor: Client
    ) -> None:
        image = Image.objects.create(title="x", file=get_test_image_file(size=(1600, 900)), uploaded_by_user=town.mei)
        body = (
            f'<p>去年：</p><embed embedtype="image" id="{image.pk}" format="fullwidth" alt="扫净的 &quot;老&quot; 巷"/>'
        )
        answer = visitor.get(page_of(announced(town, body=body)))
        (shown,) = page(answer).main.select(".prose img")
        assert (shown["alt"], shown["loading"]) == ('扫净的 "老" 巷', "lazy")
        assert [each.split()[-1] for each in shown["srcset"].split(", ")] == ["400w", "800w", "1344w"]
        assert {"width", "height", "sizes"} <= set(shown.attrs)

        image.file.storage.delete(image.file.name)
        image.renditions.all().delete()
        answer = visitor.get(page_of(announced(town, body=body)))
        assert page(answer).main.select_one(".prose img").attrs == {"alt": '扫净的 "老" 巷'}
        assert "去年：" in words(page(answer).main)

    def test_each_shift_has_places_of_its_own(self, town: Town, visitor: Client) -> None:
        action = announced(town, in_hours(30, capacity=1), in_hours(40, capacity=4), in_hours(50, capacity=6, least=3))
        first, second, _third = action.shifts.all()
        sign_up(town.chen, first)
        sign_up(town.lan, first)
        sign_up(town.chen, second)

        pieces = [words(piece) for piece in page(visitor.get(page_of(action))).select("[id^=shift-]")]

        assert ["已满，候补 1 人" in pieces[0], "排候补" in pieces[0]] == [True, True]
        assert ["还差 3 人" in pieces[1], "已报 1 / 4" in pieces[1], "选这班" in pieces[1]] == [True, True, True]
        assert "至少要 3 人才能办" in pieces[2]
        assert "至少" not in pieces[1]

    def test_what_is_written_is_text_and_never_markup(self, town: Town, visitor: Client) -> None:
        attack = "<script>alert(1)</script>"
        action = announced(town, title=attack, risks=attack, bring=attack, meeting_point=attack)

        shown = page(visitor.get(page_of(action)))

        assert attack in words(shown.h1)
        # In the block of data for machines it stands as data: tests/portal/test_sharing.py.
        assert not [script for script in shown.select("script:not([type])") if "alert" in script.get_text()]

    def test_an_unknown_number_is_not_there(self, town: Town, visitor: Client) -> None:
        for number in ("999999", "0", "9" * 19, "9" * 40, "9" * 400):
            assert visitor.get(f"/actions/2026/x-{number}/").status_code == 404

    @pytest.mark.parametrize(
        "wrong", ["/actions/1999/{slug}-{pk}/", "/actions/{year}/sonst-was-{pk}/", "/actions/0/x-{pk}/"]
    )
    @pytest.mark.parametrize("end", ["", "sign-up/?shift=1"])
    def test_a_slip_in_the_address_leads_to_the_right_one(
        self, town: Town, visitor: Client, wrong: str, end: str
    ) -> None:
        action = announced(town)
        visitor.force_login(town.chen)

        answer = visitor.get(wrong.format(year=action.year, slug=action.slug, pk=action.pk) + end)

        target = page_of(action) + ("sign-up/" if end else "")
        assert (answer.status_code, answer["Location"]) == (301, target)

    def test_only_reading(self, town: Town, visitor: Client) -> None:
        assert visitor.post(page_of(announced(town))).status_code == 405

    def test_in_english(self, town: Town, visitor: Client) -> None:
        action = announced(town, title="清扫", title_en="Clean-up", summary_en="Together.")

        shown = page(visitor.get(page_of(action), HTTP_ACCEPT_LANGUAGE="en"))

        assert (words(shown.h1), shown.h1["lang"]) == ("Clean-up", "en")
        assert words(shown.select_one(".bar .btn")) == "Sign up· 10 more wanted"


class TestWhoSeesIt:
    def hidden(self, town: Town) -> list[Action]:
        offline = announced(town, title="撤下的秘密")
        take_offline(offline)
        return [draft(town, title="草稿里的秘密"), offline]

    def test_nobody_outside_learns_of_a_hidden_one(self, town: Town, client: Client) -> None:
        for action in self.hidden(town):
            right, wrong = page_of(action), f"/actions/2000/x-{action.pk}/"
            for who in (None, town.dana, town.bo, town.lan):
                client.logout() if who is None else client.force_login(who)
                for address in (right, wrong, f"{right}sign-up/" if who else right):
                    answer = client.get(address)
                    assert answer.status_code == 404
                    assert "秘密" not in answer.content.decode()

    def test_its_own_people_see_it_and_that_others_do_not(self, town: Town, client: Client) -> None:
        client.force_login(town.yan)
        written, offline = self.hidden(town)

        assert "草稿，公众看不到这一页。" in main(client.get(page_of(written)))
        assert "公众看不到，也不能报名" in main(client.get(page_of(offline)))
        assert main_button(client.get(page_of(written))) == ("草稿", "")
        assert main_button(client.get(page_of(offline)))[1] == ""

    def test_of_a_draft_the_words_as_last_saved(self, town: Town, client: Client) -> None:
        action = draft(town, title="第一稿")
        publishing.revise(action=action, details=details(title="第二稿"), by=town.mei)
        client.force_login(town.mei)

        assert words(page(client.get(page_of(action))).h1) == "第二稿"

    def test_staff_find_the_way_to_the_desk_by_their_rights(self, town: Town, client: Client) -> None:
        action = announced(town)
        desk, edit = f"/desk/{action.pk}/", f"/desk/{action.pk}/edit/"

        def ways() -> set[str]:
            return {link["href"] for link in page(client.get(page_of(action))).main.find_all("a")} & {desk, edit}

        assert ways() == set()
        for who, expected in ((town.mei, {desk, edit}), (town.yan, set()), (town.dana, set()), (town.bo, set())):
            client.force_login(who)
            assert ways() == expected

    def test_the_phone_only_for_those_who_signed_up(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)
        sign_up(town.lan, shift)  # waits
        gone = sign_up(town.zhou, shift)
        seats.cancel(sign_up=gone, by=town.zhou)
        address = page_of(shift.action)

        assert PHONE not in client.get(address).content.decode()
        for who, shown in ((town.chen, 1), (town.lan, 1), (town.mei, 1), (town.zhou, 0), (town.dana, 0), (town.yan, 0)):
            client.force_login(who)
            content = client.get(address).content.decode()
            assert (PHONE in content) == bool(shown), who
            assert "梅芳" in content

    def test_nobody_reads_who_else_comes(self, town: Town, client: Client) -> None:
        shift = a_shift(town)
        sign_up(town.chen, shift)
        client.force_login(town.dana)

        content = client.get(page_of(shift.action)).content.decode()

        assert "已报 1 / 10" in content
        assert town.chen.name not in content


class TestTheMainButton:
    def button(self, client: Client, shift: Shift, who: object = None) -> tuple[str, str]:
        if who:
            client.force_login(who)
        return main_button(client.get(page_of(shift.action)))

    def test_sign_up_and_how_many_are_wanted(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, capacity=3)

        assert self.button(visitor, shift) == ("我要报名· 还差 3 人", f"{page_of(shift.action)}sign-up/")

    def test_waiting_list(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)
        assert self.button(visitor, shift) == ("排候补", f"{page_of(shift.action)}sign-up/")
        sign_up(town.lan, shift)
        assert self.button(visitor, shift)[0] == "排候补· 前面有 1 人"

    def test_full(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, capacity=1, has_waiting_list=False)
        sign_up(town.chen, shift)

        assert self.button(visitor, shift) == ("已满", "")

    def test_mine(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=1)
        mine, waiting = sign_up(town.chen, shift), sign_up(town.lan, shift)

        assert self.button(client, shift, town.chen) == ("已报名· 查看", f"/my/sign-ups/{mine.pk}/")
        assert self.button(client, shift, town.lan) == ("候补第 1 位", f"/my/sign-ups/{waiting.pk}/")

    def test_an_offer_comes_before_everything_else(self, town: Town, client: Client) -> None:
        action = announced(town, in_hours(1.5, 1, capacity=1), in_hours(30))
        soon, later = action.shifts.all()
        first, offered = sign_up(town.chen, soon), sign_up(town.lan, soon)
        sign_up(town.lan, later)
        seats.cancel(sign_up=first, by=town.chen, reason="发烧")

        assert self.button(client, soon, town.lan) == ("有名额等你确认", f"/my/sign-ups/{offered.pk}/")

    def test_cancelled_is_as_if_never_signed_up(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=3)
        seats.cancel(sign_up=sign_up(town.chen, shift), by=town.chen)

        assert self.button(client, shift, town.chen)[0] == "我要报名· 还差 3 人"

    def test_begun(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, begin=2)
        put_back(shift.action, timedelta(hours=3))

        assert self.button(visitor, shift) == ("报名已截止", "")

    def test_over(self, town: Town, client: Client) -> None:
        shift = a_shift(town, begin=2)
        mine = sign_up(town.chen, shift)
        put_back(shift.action, timedelta(hours=5))

        assert self.button(client, shift) == ("已结束", "")
        assert self.button(client, shift, town.chen) == ("已完成", f"/my/sign-ups/{mine.pk}/")

    def test_called_off_says_why_on_top_and_nothing_vanishes(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, title="还看得到")
        calling_off.call_off(action=shift.action, reason="雨太大，改期另行通知", by=town.mei)

        answer = visitor.get(page_of(shift.action))

        assert main_button(answer) == ("已叫停", "")
        assert "还看得到" in main(answer)
        assert "有尖利的东西，戴手套。" in main(answer)
        assert main(answer).index("雨太大，改期另行通知") < main(answer).index("还看得到")
        assert "sign-up/" not in answer.content.decode()
        assert PHONE not in answer.content.decode()

    def test_only_one_on_each_screen(self, town: Town, visitor: Client) -> None:
        shown = page(visitor.get(page_of(announced(town))))

        assert [len(shown.select(f"{part} .btn.main")) for part in (".bar", ".main")] == [1, 1]


class TestKeeping:
    def test_everybody_gets_the_same_and_may_keep_it(self, town: Town, visitor: Client) -> None:
        action = announced(town)

        answer = visitor.get(page_of(action))

        assert answer["Cache-Control"] == "public, no-cache"
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.content.decode()

    def test_with_a_session_nothing_is_kept(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)

        assert client.get(page_of(announced(town)))["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize("signed_in", [False, True])
    def test_the_number_of_queries_does_not_grow(self, town: Town, client: Client, signed_in: bool) -> None:
        if signed_in:
            client.force_login(town.chen)
        client.get(page_of(announced(town)))  # where the site's pages begin is kept from now on
        asked = []
        for many in (1, 3, MOST_SHIFTS):
            action = announced(town, *(in_hours(1000 * many + 3 * number) for number in range(many)))
            for shift in action.shifts.all():
                sign_up(town.chen, shift)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page_of(action)).status_code == 200
            asked.append(len(queries))

        assert asked[0] == asked[1] == asked[2]


def test_a_moved_shift_is_shown_where_it_is_now(town: Town, visitor: Client) -> None:
    shift = a_shift(town)
    moved = in_hours(100)
    shifts.change(shift=shift, hours=moved, by=town.mei)

    shown = page(visitor.get(page_of(shift.action))).select_one(f"#shift-{shift.pk} time")

    assert shown["datetime"] == timezone.localtime(moved.starts_at).isoformat(timespec="minutes")


class TestLive:
    """What the page holds ready for updates; that a browser applies them is a journey."""

    def followed(self, shown: BeautifulSoup, part: str) -> dict[str, int]:
        followed: dict[str, int] = json.loads(shown.select_one(part)["data-follow"])
        return followed

    def test_it_goes_on_from_the_numbers_of_the_book(self, town: Town, visitor: Client, client: Client) -> None:
        shift = a_shift(town, capacity=2)
        sign_up(town.chen, shift)
        topic, own = f"action:{shift.action_id}", f"person:{town.dana.pk}"

        shown = page(visitor.get(page_of(shift.action)))
        for part in ("live-part", "live-places", "live-feed"):
            assert self.followed(shown, part) == book.heads([topic]), part

        client.force_login(town.dana)
        shown = page(client.get(page_of(shift.action)))
        assert self.followed(shown, "live-part") == book.heads([topic, own])

    def test_the_numbers_are_read_before_what_is_shown(self, town: Town, visitor: Client) -> None:
        address = page_of(announced(town))
        with CaptureQueriesContext(connection) as asked:
            visitor.get(address)
        tables = [query["sql"] for query in asked]
        heads = next(place for place, sql in enumerate(tables) if "updates_topic" in sql)
        for table in ('FROM "events_shift"', '"wagtailcore_page"."title"', "updates_update"):
            assert min(place for place, sql in enumerate(tables) if table in sql) > heads, table

    def test_every_case_is_there_and_one_is_shown(self, town: Town, visitor: Client) -> None:
        shift = a_shift(town, capacity=1)
        address = page_of(shift.action)

        def hidden(selector: str) -> dict[str, bool]:
            found = sent(visitor.get(address)).select(selector)
            return {each["data-case"]: each.has_attr("hidden") for each in found}

        assert hidden(".bar.deed .btn") == {"free": False, "waiting full": True}
        assert hidden(".piece .btn") == {"free": False, "waiting full": True}
        assert hidden(".piece .state") == {"free": False, "waiting": True, "full": True}
        sign_up(town.chen, shift)
        assert hidden(".bar.deed .btn") == {"free": True, "waiting full": False}
        assert hidden(".piece .state") == {"free": True, "waiting": True, "full": False}
        sign_up(town.lan, shift)
        assert hidden(".piece .btn") == {"free": True, "waiting full": False}
        assert hidden(".piece .state") == {"free": True, "waiting": False, "full": True}

    def test_whoever_waits_gets_a_fresh_page_and_no_figures(self, town: Town, client: Client) -> None:
        shift = a_shift(town, capacity=1)
        sign_up(town.chen, shift)
        sign_up(town.dana, shift)
        client.force_login(town.dana)

        shown = page(client.get(page_of(shift.action)))

        assert json.loads(shown.select_one("live-places")["data-mine"]) == [shift.pk]
        assert not shown.select(".bar.deed .btn[data-case]")

    def test_the_least_disappears_when_they_are_together(self, town: Town, visitor: Client) -> None:
        action = announced(town, in_hours(72, capacity=3, least=2))
        line = sent(visitor.get(page_of(action))).select_one("[data-below]")
        assert (line["data-below"], line.has_attr("hidden")) == ("2", False)
        for person in (town.chen, town.lan):
            sign_up(person, action.shifts.get())
        assert sent(visitor.get(page_of(action))).select_one("[data-below]").has_attr("hidden")

    def test_of_several_shifts_the_next_one_with_a_place_is_named(self, town: Town, visitor: Client) -> None:
        action = announced(town, in_hours(30, capacity=1), in_hours(40))
        first, second = action.shifts.all()
        sign_up(town.chen, first)

        named = sent(visitor.get(page_of(action))).select("#action-side [data-next]")

        assert [(each["data-next"], each.has_attr("hidden")) for each in named] == [
            (str(first.pk), True),
            (str(second.pk), False),
        ]

    def test_a_draft_has_no_feed_and_the_rest_has_one(self, town: Town, client: Client) -> None:
        client.force_login(town.mei)
        assert not page(client.get(page_of(draft(town)))).select("live-feed")
        shown = page(client.get(page_of(announced(town))))
        assert len(shown.select(".entries > .entry")) == 1
        assert shown.select_one('noscript meta[http-equiv="refresh"]')

    @pytest.mark.parametrize("number", [1, 3, 30])
    def test_the_queries_do_not_grow_with_the_news(self, town: Town, visitor: Client, number: int) -> None:
        action = announced(town)
        visitor.get(page_of(action))
        with CaptureQueriesContext(connection) as few:
            visitor.get(page_of(action))
        for nth in range(number):
            posting.post(action=action, text=f"第{nth}条", by=town.mei)
        with CaptureQueriesContext(connection) as many:
            visitor.get(page_of(action))
        assert len(many) == len(few)
