"""Notices as programs read them."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document

from portal.models import NoticeAttachment, NoticePage
from tests import cast
from tests.cast import Town


def listed(client: Client, query: str = "") -> list[str]:
    return [notice["title"] for notice in client.get(f"/api/v1/notices/{query}").json()["results"]]


def test_one_notice_with_all_its_words(town: Town, visitor: Client) -> None:
    document = Document.objects.create(title="x", file=ContentFile(b"1234", name="plan.txt"), file_size=4)
    notice = cast.notice(
        town,
        title="让道",
        title_en="Make way",
        kind="policy",
        meaning="开车的：绕行。",
        document_number="玉城管〔2026〕12号",
        valid_until=timezone.localdate() - timedelta(days=1),
        body=[
            ("heading", "怎么停"),
            ("paragraph", "<p>停进<b>车位</b> &amp; 让路。</p>"),
            ("facts", [{"name": "时间", "value": "八点"}]),
        ],
        attachments=[NoticeAttachment(document=document, title="示意图")],
    )
    told = visitor.get(f"/api/v1/notices/{notice.pk}/").json()
    assert told["url"] == f"http://testserver{notice.url}"
    assert told["organisation"] == {"id": town.yuqi.pk, "name": "玉祁社区"}
    assert (told["title"], told["title_en"], told["kind"], told["validity"]) == (
        "让道",
        "Make way",
        "policy",
        "expired",
    )
    assert (told["document_number"], told["meaning"]) == ("玉城管〔2026〕12号", "开车的：绕行。")
    assert told["text"] == "怎么停\n\n停进车位 & 让路。\n\n时间\n\n八点"
    assert told["text_en"] == ""
    assert told["published_at"].endswith("+08:00")
    (file,) = told["attachments"]
    assert (file["title"], file["type"], file["size"]) == ("示意图", "txt", 4)
    assert visitor.get(file["url"].removeprefix("http://testserver")).status_code == 200


def test_the_list_is_narrowed(town: Town, visitor: Client) -> None:
    cast.notice(town, title="旧", kind="news", on=timezone.now() - timedelta(days=5))
    cast.notice(town, title="新", kind="policy")
    cast.notice(town, title="学校", kind="news", organisation=town.school, by=town.bo)
    assert listed(visitor) == ["学校", "新", "旧"]
    assert listed(visitor, "?kind=news") == ["学校", "旧"]
    assert listed(visitor, f"?organisation={town.school.pk}") == ["学校"]
    assert listed(visitor, "?organisation=999999") == []
    assert visitor.get("/api/v1/notices/?kind=rumour").status_code == 422
    assert visitor.get("/api/v1/notices/?organisation=x").status_code == 422


@pytest.mark.parametrize("name", ["", "mei", "admin"])
def test_what_is_not_public_is_not_there_whoever_asks(town: Town, name: str) -> None:
    client = Client()
    if name:
        client.force_login(town.people[name])
    draft = cast.notice_draft(town, title="草稿")
    hidden = cast.notice(town, title="学校", organisation=town.school, by=town.bo)
    town.school.section.specific.unpublish()
    assert listed(client) == []
    for notice in (draft, hidden):
        assert client.get(f"/api/v1/notices/{notice.pk}/").status_code == 404


def test_a_successor_that_is_not_public_is_not_named(town: Town, visitor: Client) -> None:
    new = cast.notice(town)
    old = cast.notice(town, validity="repealed", replaced_by=new)
    address = f"/api/v1/notices/{old.pk}/"
    assert visitor.get(address).json()["replaced_by"] == new.pk
    NoticePage.objects.get(pk=new.pk).unpublish()
    assert visitor.get(address).json()["replaced_by"] is None
