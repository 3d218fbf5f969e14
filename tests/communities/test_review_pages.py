"""The pages on which a review is looked at and decided: what each may see, and what the two buttons do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.safestring import SafeString
from wagtail.models import TaskState
from wagtail.rich_text import RichText

from communities import comparing, membership, reviewing
from communities.roles import Role
from tests.cast import Town
from tests.communities.test_reviewing import a_notice, hand_in, handed_in, looked, page_of

MARK = "geheimes-wort"


def as_(town: Town, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(town.people[name])
    return client


def address(state: TaskState, part: str = "") -> str:
    return f"/review/{state.pk}/{part}"


@pytest.fixture
def marked(town: Town) -> TaskState:
    membership.join(person=town.chen, organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    return handed_in(town, title=f"{MARK}-title", summary=f"{MARK}-summary")


# --- who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", "preview/"])
@pytest.mark.parametrize(
    ("name", "status"),
    [*(("mei", 200), ("admin", 200), ("yan", 200)), *(("chen", 403), ("bo", 404), ("lan", 404), ("dana", 404))],
)
def test_who_sees_it(town: Town, marked: TaskState, name: str, status: int, part: str) -> None:
    answer = as_(town, name).get(address(marked, part))
    assert answer.status_code == status
    assert (MARK in answer.content.decode()) == (status == 200)


def test_a_visitor_signs_in_first(town: Town, visitor: Client, marked: TaskState) -> None:
    for path in ("/review/", address(marked), address(marked, "preview/")):
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_the_list_shows_ones_own_alone(town: Town, marked: TaskState) -> None:
    for name, sees in (("mei", True), ("yan", True), ("admin", True), ("bo", False), ("qiang", False)):
        answer = as_(town, name).get("/review/")
        assert answer.status_code == 200, name
        assert (MARK in answer.content.decode()) == sees, name
    for name in ("chen", "lan", "dana"):
        answer = as_(town, name).get("/review/")
        assert answer.status_code == 403, name
        assert MARK not in answer.content.decode()


def test_numbers_that_no_row_has(town: Town) -> None:
    client = as_(town, "mei")
    for path in ("/review/999999/", "/review/999999/preview/", f"/review/{'9' * 30}/"):
        assert client.get(path).status_code == 404, path


def test_who_left_the_organisation_sees_the_own_words_no_more(town: Town, marked: TaskState) -> None:
    membership.end(membership=town.yan.memberships.get(), by=town.mei)
    assert as_(town, "yan").get(address(marked)).status_code == 404


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_the_frame_may_stand_on_our_page_and_nowhere_else(town: Town, marked: TaskState) -> None:
    answer = as_(town, "mei").get(address(marked, "preview/"))
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Cache-Control"] == "private, no-store"
    page = as_(town, "mei").get(address(marked))
    assert f'src="{address(marked, "preview/")}"' in page.content.decode()
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_it_shows_exactly_what_was_handed_in(town: Town) -> None:
    page = a_notice(town, title="第一稿")
    reviewing.approve(state=hand_in(page, town.yan), by=town.mei)
    live = page_of(TaskState.objects.get())
    live.title, live.summary = "第二稿", "改成周四。"
    live.save_revision(user=town.yan)
    state = hand_in(live, town.yan)
    client = as_(town, "mei")
    shown = client.get(address(state, "preview/")).content.decode()
    assert "第二稿" in shown
    assert "第一稿" not in shown
    text = client.get(address(state)).content.decode()
    assert "<del>第一稿</del>" in text
    assert "<ins>第二稿</ins>" in text


def test_it_says_whether_it_is_new_also_when_it_is_decided(town: Town) -> None:
    client, new, change = as_(town, "mei"), "首次发布", "修改已公开的页面"

    def said(state: TaskState) -> tuple[bool, bool]:
        text = client.get(address(state)).content.decode()
        return new in text, change in text

    first = hand_in(a_notice(town), town.yan)
    assert said(first) == (True, False)
    reviewing.approve(state=first, by=town.mei)
    assert said(first) == (True, False)
    assert "看现在公开的" in client.get(address(first)).content.decode()
    live = page_of(first)
    live.save_revision(user=town.yan)
    second = hand_in(live, town.yan)
    assert said(second) == (False, True)
    reviewing.approve(state=second, by=town.mei)
    assert said(second) == (False, True)


def test_what_people_wrote_stays_text_in_the_comparison(town: Town) -> None:
    page = a_notice(town, title="第一稿")
    reviewing.approve(state=hand_in(page, town.yan), by=town.mei)
    live = page_of(TaskState.objects.get())
    live.summary = '<span class="addition"><script>x</script></span>'
    live.save_revision(user=town.yan)
    text = as_(town, "mei").get(address(hand_in(live, town.yan))).content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;" in text


def test_what_people_wrote_stays_text_wherever_they_wrote_it(town: Town) -> None:
    """Titles, headings, facts, rich text, new blocks and changed ones; and marks that look like the comparison's own."""
    bad = '<img src=x onerror=a()><span class="deletion"></span><div class="comparison__child-object addition">'
    page = a_notice(town, title="第一稿")
    reviewing.approve(state=hand_in(page, town.yan), by=town.mei)
    live = page_of(TaskState.objects.get())
    live.title = f"{bad}标题"
    live.body = [
        ("heading", f"{bad}小标题"),
        ("paragraph", RichText(f"<p>{escape(bad)}正文</p>")),
        ("facts", [{"name": f"{bad}甲", "value": f"{bad}乙"}]),
        ("callout", {"title": f"{bad}丙", "text": RichText(f"<p>{escape(bad)}丁</p>")}),
    ]
    live.save_revision(user=town.yan)
    text = as_(town, "mei").get(address(hand_in(live, town.yan))).content.decode()
    for written in ("标题", "小标题", "正文", "甲", "乙", "丙", "丁"):
        assert written in text
    assert "<img src=x" not in text
    assert text.count('class="comparison__child-object') == 0
    assert text.count("&lt;img src=x") >= 7


def test_a_difference_that_nobody_escaped_is_escaped_whole() -> None:
    """Wagtail says of its differences that they are safe; one that does not say so is a text."""
    assert comparing._marked("<b>") == "&lt;b&gt;"
    assert comparing._marked(SafeString('<span class="addition">a</span>')) == "<ins>a</ins>"


def test_who_handed_it_in_has_no_buttons(town: Town, marked: TaskState) -> None:
    assert 'value="approve"' in as_(town, "mei").get(address(marked)).content.decode()
    assert 'value="approve"' not in as_(town, "yan").get(address(marked)).content.decode()


# --- what the buttons do ----------------------------------------------------------------------------------------------


def test_approve(town: Town, marked: TaskState) -> None:
    client = as_(town, "mei")
    answer = client.post(address(marked), {"do": "approve", "looked_at": looked(marked)})
    assert (answer.status_code, answer["Location"]) == (302, "/review/")
    assert page_of(marked).live
    assert Client().get(page_of(marked).url).status_code == 200
    again = client.post(address(marked), {"do": "approve", "looked_at": looked(marked)})
    assert again.status_code == 409
    assert town.mei.name in again.content.decode()


def test_return_wants_a_word_and_keeps_what_was_typed(town: Town, marked: TaskState) -> None:
    client = as_(town, "mei")
    empty = client.post(address(marked), {"do": "return", "looked_at": looked(marked), "word": " "})
    assert empty.status_code == 422
    assert 'id="return" open' in empty.content.decode()
    long = client.post(address(marked), {"do": "return", "looked_at": looked(marked), "word": "长" * 401})
    assert long.status_code == 422
    assert "长" * 401 in long.content.decode()
    assert TaskState.objects.get(pk=marked.pk).status == TaskState.STATUS_IN_PROGRESS
    sent = client.post(address(marked), {"do": "return", "looked_at": looked(marked), "word": "写明几点"})
    assert sent.status_code == 302
    assert TaskState.objects.get(pk=marked.pk).comment == "写明几点"
    assert "写明几点" in as_(town, "yan").get("/review/").content.decode()
    assert "写明几点" in as_(town, "yan").get(address(marked)).content.decode()


@pytest.mark.parametrize("do", ["approve", "return"])
def test_what_changed_meanwhile_is_looked_at_again(town: Town, marked: TaskState, do: str) -> None:
    before = looked(marked)
    page = page_of(marked)
    page.title = "新的版本"
    page.save_revision(user=town.mei)
    answer = as_(town, "mei").post(address(marked), {"do": do, "looked_at": before, "word": "我的话"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "新的版本" in text
    assert f'value="{looked(marked)}"' in text
    assert ("我的话" in text) == (do == "return")
    assert not page_of(marked).live


def test_a_form_without_its_version_decides_nothing(town: Town, marked: TaskState) -> None:
    assert as_(town, "mei").post(address(marked), {"do": "approve"}).status_code == 409
    assert not page_of(marked).live


@pytest.mark.parametrize(("name", "status"), [("yan", 403), ("chen", 403), ("bo", 404), ("dana", 404)])
@pytest.mark.parametrize("do", ["approve", "return"])
def test_nobody_else_presses_them(town: Town, marked: TaskState, name: str, status: int, do: str) -> None:
    data = {"do": do, "looked_at": looked(marked), "word": "x"}
    answer = as_(town, name).post(address(marked), data)
    assert answer.status_code == status
    assert TaskState.objects.get(pk=marked.pk).status == TaskState.STATUS_IN_PROGRESS
    assert not page_of(marked).live


# --- where one finds it -----------------------------------------------------------------------------------------------


def test_the_count_stands_on_the_own_page_and_the_desk(town: Town, marked: TaskState) -> None:
    for path in ("/me/", "/desk/"):
        assert '<span class="count">1</span>' in as_(town, "mei").get(path).content.decode(), path
        assert '<span class="count">' not in as_(town, "bo").get(path).content.decode(), path
    assert "/review/" in as_(town, "yan").get("/me/").content.decode()
    assert "/review/" not in as_(town, "dana").get("/me/").content.decode()


def test_the_list_costs_the_same_with_more_of_them(town: Town, marked: TaskState) -> None:
    def queries(name: str) -> int:
        client = as_(town, name)
        client.get("/review/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/review/")
        return len(asked)

    few = [queries("mei"), queries("yan")]
    for _more in range(3):
        handed_in(town)
    assert [queries("mei"), queries("yan")] == few
