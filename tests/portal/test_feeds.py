"""Atom: what is new, with addresses that hold outside, and nothing that is not public."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from communities.models import Organisation, OrganisationPage
from events import calling_off
from events.models import ActionPage
from portal.models import NoticeIndexPage, NoticePage
from tests.cast import Town, announced, draft
from tests.reading import page

ATOM = "{http://www.w3.org/2005/Atom}"
MARK = "暗号零七"


def notice(organisation: Organisation, title: str, *, live: bool = True, **fields: Any) -> NoticePage:
    made = NoticePage(title=title, slug=f"n-{Page.objects.count()}", live=False, body=json.dumps([]))
    for name, value in {"summary": "摘要。", **fields}.items():
        setattr(made, name, value)
    NoticeIndexPage.objects.child_of(organisation.section).get().add_child(instance=made)
    if live:
        made.save_revision().publish()
        made.refresh_from_db()
    return made


def read(path: str, **headers: str) -> ET.Element:
    answer = Client(headers=headers).get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)  # noqa: S314 – we wrote it ourselves


def titles(path: str, **headers: str) -> list[str]:
    return [str(title.text) for title in read(path, **headers).findall(f"{ATOM}entry/{ATOM}title")]


def test_notices_the_newest_first(town: Town) -> None:
    notice(town.yuqi, "第一份")
    second = notice(town.school, "第二份 <b>&", summary="要点 <i>一</i>")
    feed = read("/feeds/notices/")
    assert titles("/feeds/notices/") == ["第二份 <b>&", "第一份"]
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    address = settings.SITE_URL + second.url
    assert entry.find(f"{ATOM}link").attrib["href"] == address
    assert entry.findtext(f"{ATOM}id") == f"{settings.SITE_URL}/notices/{second.pk}/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "示范初级中学"
    assert entry.findtext(f"{ATOM}summary") == "要点 &lt;i&gt;一&lt;/i&gt;"
    assert entry.findtext(f"{ATOM}published") == second.first_published_at.isoformat()
    assert entry.findtext(f"{ATOM}updated") == second.last_published_at.isoformat()
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": f"{settings.SITE_URL}/feeds/notices/", "alternate": f"{settings.SITE_URL}/"}


def test_a_notice_with_another_address_is_no_new_one(town: Town) -> None:
    made = notice(town.yuqi, "改了地址")
    before = [entry.findtext(f"{ATOM}id") for entry in read("/feeds/notices/").findall(f"{ATOM}entry")]
    made.slug = "another"
    made.save_revision().publish()
    (entry,) = read("/feeds/notices/").findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").attrib["href"].endswith("/another/")
    assert [entry.findtext(f"{ATOM}id")] == before


def test_actions_with_when_and_where_and_what_became_of_them(town: Town) -> None:
    action = announced(town, title="清扫|日", summary="一起扫。", place="湖西路")
    off = announced(town, title="劝导")
    calling_off.call_off(action=off, reason="路面封闭", by=town.mei)
    assert titles("/feeds/actions/")[1] == "清扫日"
    assert titles("/feeds/actions/", accept_language="en")[0] == "Called off: 劝导"
    feed = read("/feeds/actions/")
    first, second = feed.findall(f"{ATOM}entry")
    assert "路面封闭" in str(first.findtext(f"{ATOM}summary"))
    assert second.find(f"{ATOM}link").attrib["href"] == settings.SITE_URL + action.get_absolute_url()
    assert "湖西路" in str(second.findtext(f"{ATOM}summary"))
    assert "13900" not in ET.tostring(feed, encoding="unicode")
    off.refresh_from_db()
    assert str(first.findtext(f"{ATOM}updated")) == off.ended_at.isoformat()


def test_an_organisation_has_both_and_only_its_own(town: Town) -> None:
    notice(town.yuqi, "社区公告")
    announced(town, title="社区行动")
    notice(town.school, "学校公告")
    announced(town, title="学校行动", host=town.school, by=town.bo)
    assert titles(f"/feeds/organisations/{town.yuqi.pk}/") == ["社区行动", "社区公告"]
    assert titles(f"/feeds/organisations/{town.school.pk}/") == ["学校行动", "学校公告"]
    feed = read(f"/feeds/organisations/{town.yuqi.pk}/")
    assert feed.findtext(f"{ATOM}title") == "玉祁社区"


def test_english_where_there_is_english(town: Town) -> None:
    notice(town.yuqi, "停水", title_en="Water off", summary_en="Tonight.")
    assert titles("/feeds/notices/", accept_language="en") == ["Water off"]
    assert titles("/feeds/notices/") == ["停水"]


def test_what_is_not_public_is_in_no_feed(town: Town, visitor: Client) -> None:
    notice(town.yuqi, f"草稿{MARK}", live=False)
    notice(town.yuqi, f"撤下{MARK}").unpublish()
    later = notice(town.yuqi, "公告")
    later.title = f"以后{MARK}"
    later.save_revision()
    draft(town, title=f"行动草稿{MARK}")
    too_early = draft(town, title=f"先上线{MARK}").page
    too_early.save_revision().publish()
    announced(town, title=f"撤下行动{MARK}").page.unpublish()
    hidden = notice(town.school, f"隐藏单位{MARK}")
    OrganisationPage.objects.get(pk=town.school.section_id).unpublish()
    for path in ("/feeds/notices/", "/feeds/actions/", f"/feeds/organisations/{town.yuqi.pk}/"):
        assert MARK not in visitor.get(path).content.decode(), path
    assert titles("/feeds/notices/") == ["公告"]
    for pk in (town.school.pk, 0, 10**18, 10**30):
        assert visitor.get(f"/feeds/organisations/{pk}/").status_code == 404
    OrganisationPage.objects.get(pk=town.school.section_id).save_revision().publish()
    assert titles("/feeds/notices/") == [hidden.title, "公告"]


def test_signs_that_xml_cannot_hold(town: Town) -> None:
    made = notice(town.yuqi, "公告")
    NoticePage.objects.filter(pk=made.pk).update(title="前\x0b后", summary="甲\x01乙")
    assert titles("/feeds/notices/") == ["前后"]


def test_they_may_be_kept_and_are_told_of(town: Town, visitor: Client) -> None:
    announced(town)
    answer = visitor.get("/feeds/actions/")
    assert answer["Cache-Control"] == "public, no-cache"
    assert not answer.cookies
    assert visitor.post("/feeds/actions/").status_code == 405
    told = [link["href"] for link in page(visitor.get("/")).select('link[type="application/atom+xml"]')]
    assert told == ["/feeds/notices/", "/feeds/actions/"]
    section = page(visitor.get(town.yuqi.section.url)).select('link[type="application/atom+xml"]')
    assert f"/feeds/organisations/{town.yuqi.pk}/" in [link["href"] for link in section]


def test_at_most_fifty_entries(town: Town) -> None:
    made = notice(town.yuqi, "公告")
    index = made.get_parent()
    for number in range(60):
        made = NoticePage(title=f"{number}", slug=f"x-{number}", live=False, summary="摘要", body=json.dumps([]))
        index.add_child(instance=made)
        made.save_revision().publish()
    assert titles("/feeds/notices/") == [str(number) for number in range(59, 9, -1)]


@pytest.mark.parametrize("path", ["/feeds/notices/", "/feeds/actions/", "/feeds/organisations/{}/"])
def test_the_number_of_queries_does_not_grow(town: Town, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert titles(path.format(town.yuqi.pk))
        return len(asked)

    notice(town.yuqi, "公告")
    announced(town)
    queries()
    few = queries()
    for _nth in range(3):
        notice(town.yuqi, "公告")
        announced(town)
    assert queries() == few


def test_a_page_taken_offline_behind_its_back_is_gone_too(town: Town) -> None:
    action = announced(town, title="还在的")
    ActionPage.objects.filter(translation_key=action.key).update(live=False)
    assert titles("/feeds/actions/") == []
