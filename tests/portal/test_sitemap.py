"""The sitemap and robots.txt: public pages only."""

from datetime import datetime
from typing import Any
from urllib import robotparser
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from communities.models import Organisation, OrganisationPage
from events.models import Action
from portal.models import HomePage, NoticeIndexPage, NoticePage, StandardPage
from tests.cast import Town, announced, draft

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def notice(organisation: Organisation, title: str, *, live: bool = True) -> NoticePage:
    made = NoticePage(title=title, slug=f"n-{Page.objects.count()}", live=False, summary="摘要。")
    NoticeIndexPage.objects.child_of(organisation.section).get().add_child(instance=made)
    if live:
        made.save_revision().publish()
        made.refresh_from_db()
    return made


def standard(title: str) -> StandardPage:
    made = StandardPage(title=title, slug=f"s-{Page.objects.count()}", live=False)
    HomePage.objects.get().add_child(instance=made)
    made.save_revision().publish()
    return made


def addresses() -> dict[str, str | None]:
    """Path → day of the last change."""
    answer = Client().get("/sitemap.xml")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    found: dict[str, Any] = {}
    for entry in ET.fromstring(answer.content):  # noqa: S314 – we wrote it ourselves
        location = str(entry.findtext(f"{NAMESPACE}loc"))
        assert location.startswith(f"{settings.SITE_URL}/")
        found[location.removeprefix(settings.SITE_URL)] = entry.findtext(f"{NAMESPACE}lastmod")
    return found


def test_public_pages_are_in_it(town: Town) -> None:
    made, about, action = notice(town.yuqi, "公告"), standard("关于"), announced(town, title="行动")
    found = addresses()
    for path in ("/", "/actions/", "/organisations/", town.yuqi.section.url, made.url, about.url):
        assert path in found, path
    assert datetime.fromisoformat(str(found[made.url])) == made.last_published_at
    assert action.get_absolute_url() in found
    assert all("/sign-up/" not in path for path in found)


def test_what_is_not_public_is_not(town: Town, visitor: Client) -> None:
    hidden_action = draft(town, title="草稿行动")
    too_early = draft(town, title="先上线")
    too_early.page.save_revision().publish()
    taken = announced(town, title="撤下")
    taken.page.unpublish()
    unpublished = notice(town.yuqi, "撤下")
    unpublished.unpublish()
    drafted = notice(town.yuqi, "草稿", live=False)
    locked = standard("上锁")
    PageViewRestriction.objects.create(page=locked, restriction_type="login")
    of_hidden = notice(town.school, "隐藏单位的")
    OrganisationPage.objects.get(pk=town.school.section_id).unpublish()
    found = addresses()
    for path in (
        *(action.get_absolute_url() for action in (hidden_action, too_early, taken)),
        *(page.url for page in (unpublished, drafted, locked, of_hidden, town.school.section)),
    ):
        assert path not in found, path
    # The twin: the same pages, made public.
    PageViewRestriction.objects.all().delete()
    OrganisationPage.objects.get(pk=town.school.section_id).save_revision().publish()
    unpublished.save_revision().publish()
    assert {locked.url, of_hidden.url, unpublished.url} <= set(addresses())


def test_every_address_answers(town: Town, visitor: Client) -> None:
    announced(town)
    for path in addresses():
        assert visitor.get(path).status_code == 200, path


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            addresses()
        return len(asked)

    def one_of_each() -> None:
        notice(town.yuqi, "公告")
        announced(town)
        standard("页面")

    one_of_each()
    queries()
    few = queries()
    for _nth in range(3):
        one_of_each()
    assert queries() == few
    assert Action.objects.count() == 4


def test_robots(visitor: Client, town: Town) -> None:
    answer = visitor.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, no-cache"
    rules = robotparser.RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    for path in ("/admin/", "/account/login/", "/me/edit/", "/my/activities/", "/desk/new/", "/search/?q=x"):
        assert not rules.can_fetch("*", path), path
    for path in ("/", "/actions/", "/organisations/", "/feeds/notices/", "/meadow/", "/updates/"):
        assert rules.can_fetch("*", path), path
    assert rules.site_maps() == [f"{settings.SITE_URL}/sitemap.xml"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/robots.txt"])
def test_they_are_only_read(visitor: Client, town: Town, path: str) -> None:
    assert visitor.post(path).status_code == 405
