"""The directory and the page of an organisation."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import founding
from communities.models import Organisation
from tests import cast
from tests.cast import Town

DIRECTORY = "/organisations/"


def page_of(organisation: Organisation) -> str:
    return f"{DIRECTORY}{organisation.slug}/"


def test_everybody_finds_every_organisation(town: Town, visitor: Client) -> None:
    text = visitor.get(DIRECTORY).content.decode()
    for organisation in Organisation.objects.all():
        assert organisation.name in text
        assert f'href="{page_of(organisation)}"' in text


def test_by_kind(town: Town, visitor: Client) -> None:
    text = visitor.get(DIRECTORY, {"kind": "school"}).content.decode()
    assert "示范初级中学" in text
    assert "玉祁城管" not in text


@pytest.mark.parametrize("query", [{"kind": "circus"}, {"page": "99"}, {"page": "x"}, {"page": "-1"}, {"kind": "\x7f"}])
def test_a_slip_in_the_address_shows_the_list_all_the_same(town: Town, visitor: Client, query: dict[str, str]) -> None:
    response = visitor.get(DIRECTORY, query)
    assert response.status_code == 200
    assert "玉祁社区" in response.content.decode()


def test_the_unverified_stand_last_and_say_so(town: Town, visitor: Client) -> None:
    new = founding.found(name="民主社区", kind=Organisation.Kind.COMMUNITY, coordinator=town.dana, by=town.admin)
    text = visitor.get(DIRECTORY).content.decode()
    assert text.index("民主社区") > max(text.index(other.name) for other in Organisation.objects.verified())
    assert "未认证" in visitor.get(page_of(new)).content.decode()
    assert "未认证" not in visitor.get(page_of(town.yuqi)).content.decode()


def test_english_names_where_there_are_some_and_marked_chinese_elsewhere(town: Town, visitor: Client) -> None:
    Organisation.objects.filter(pk=town.school.pk).update(name_en="")
    text = visitor.get(DIRECTORY, headers={"accept-language": "en"}).content.decode()
    assert "Yuqi Community" in text
    assert 'lang="zh-Hans"><a href="/organisations/shi-fan-chu-ji-zhong-xue/"' in text


def test_the_page_shows_phone_and_coming_actions(town: Town, visitor: Client) -> None:
    Organisation.objects.filter(pk=town.yuqi.pk).update(phone="0510 8388 0000")
    coming = cast.announced(town, title="明天扫雪")
    cast.draft(town, title="还没写完")
    cast.announced(town, title="学校自己的事", host=town.school, by=town.bo)
    text = visitor.get(page_of(town.yuqi)).content.decode()
    assert "0510 8388 0000" in text
    assert "明天扫雪" in text
    assert coming.get_absolute_url() in text
    assert "还没写完" not in text
    assert "学校自己的事" not in text


def test_over_and_hidden_actions_are_not_coming(town: Town, visitor: Client) -> None:
    over, hidden = cast.announced(town, title="过去了的"), cast.announced(town, title="看不见的")
    shown = visitor.get(page_of(town.yuqi)).content.decode()
    assert "过去了的" in shown
    assert "看不见的" in shown
    cast.put_back(over, timedelta(days=9))
    hidden.page.unpublish()
    left = visitor.get(page_of(town.yuqi)).content.decode()
    assert "过去了的" not in left
    assert "看不见的" not in left


def test_only_who_may_edit_sees_the_way_to_the_editor(town: Town) -> None:
    for name, person in town.people.items():
        client = Client()
        client.force_login(person)
        text = client.get(page_of(town.yuqi)).content.decode()
        assert (f"/admin/pages/{town.yuqi.section_id}/edit/" in text) == (name == "admin"), name


def test_a_section_that_is_not_live_is_not_there(town: Town, visitor: Client) -> None:
    town.school.section.specific.unpublish()
    assert visitor.get(page_of(town.school)).status_code == 404
    assert "示范初级中学" not in visitor.get(DIRECTORY).content.decode()


def test_the_directory_costs_the_same_with_more_organisations(town: Town, visitor: Client) -> None:
    visitor.get(DIRECTORY)
    with CaptureQueriesContext(connection) as few:
        visitor.get(DIRECTORY)
    for number in range(3):
        founding.found(name=f"第{number}小学", kind=Organisation.Kind.SCHOOL, coordinator=town.dana, by=town.admin)
    with CaptureQueriesContext(connection) as more:
        visitor.get(DIRECTORY)
    assert len(more) == len(few)


def test_the_page_costs_the_same_with_more_actions(town: Town, visitor: Client) -> None:
    cast.announced(town)
    visitor.get(page_of(town.yuqi))
    with CaptureQueriesContext(connection) as few:
        visitor.get(page_of(town.yuqi))
    for _more in range(3):
        cast.announced(town)
    with CaptureQueriesContext(connection) as more:
        visitor.get(page_of(town.yuqi))
    assert len(more) == len(few)
