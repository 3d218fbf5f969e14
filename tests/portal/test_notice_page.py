"""The page of a notice, on screen and on paper."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from communities import short_codes
from communities.short_codes import Thing
from portal.models import HomePage, NoticeAttachment, NoticeIndexPage, NoticePage, StandardPage
from tests import cast
from tests.cast import Town
from tests.reading import page, words

BODY = [
    ("heading", "工期"),
    ("paragraph", "<p>分两段<b>施工</b>。</p>"),
    ("facts", [{"name": "限速", "value": "20 公里/小时"}]),
    ("callout", {"title": "雪天停工", "text": "<p>往后顺延。</p>"}),
]


def whole(town: Town, **fields: object) -> NoticePage:
    """A notice with a file and everything else that a page may say."""
    day = timezone.localdate()
    document = Document.objects.create(
        title="x", file=ContentFile(b"x" * 1_300_000, name="plan.pdf"), file_size=1_300_000, uploaded_by_user=town.mei
    )
    described = {
        "title": "半幅通行",
        "meaning": "开车的：绕行。\n\n走路的：不封。",
        "body": BODY,
        "issuer": "市政科",
        "document_number": "玉街市告〔2026〕41号",
        "index_number": "320206005/2026-00412",
        "written_on": day - timedelta(days=2),
        "valid_from": day - timedelta(days=1),
        "valid_until": day + timedelta(days=9),
        "publicity_from": day,
        "publicity_until": day + timedelta(days=3),
        "attachments": [NoticeAttachment(document=document, title="示意图")],
        **fields,
    }
    return cast.notice(town, **described)


def test_it_says_everything_and_what_it_means_first(town: Town, visitor: Client) -> None:
    read = page(visitor.get(whole(town).url))
    text = words(read.main)
    for said in (
        "玉祁社区",
        "市政科",
        "玉街市告〔2026〕41号",
        "320206005/2026-00412",
        "分两段施工。",
        "20 公里/小时",
        "雪天停工",
    ):
        assert said in text, said
    assert [words(point) for point in read.select(".points li")] == ["开车的：绕行。", "走路的：不封。"]
    assert text.index("开车的：绕行。") < text.index("分两段施工。")
    assert [words(heading) for heading in read.select("h1")] == ["半幅通行"]
    assert "工期" in [words(heading) for heading in read.select("article h2")]
    assert read.select_one("article .prose")["lang"] == "zh-Hans"
    assert read.select_one('meta[property="og:title"]')["content"] == "半幅通行"


def test_a_file_says_its_type_and_size(town: Town, visitor: Client) -> None:
    link = page(visitor.get(whole(town).url)).select_one("a.attach")
    assert "示意图" in words(link)
    assert "PDF" in words(link)
    assert "1.2 MB" in words(link).replace("\xa0", " ")
    answer = visitor.get(link["href"])
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) == 1_300_000


def test_a_picture_is_described_and_comes_when_it_is_looked_at(town: Town, visitor: Client) -> None:
    image = Image.objects.create(title="x", file=get_test_image_file(size=(900, 600)), uploaded_by_user=town.mei)
    shown = {"image": image, "alt": "封闭的半幅路", "caption": "斜线是施工的半幅"}
    figure = page(visitor.get(cast.notice(town, body=[("picture", shown)]).url)).find("figure")
    assert figure.img["alt"] == "封闭的半幅路"
    assert figure.img["loading"] == "lazy"
    assert figure.img["srcset"].count("w,") >= 1
    assert words(figure.figcaption) == "斜线是施工的半幅"


def test_a_picture_whose_file_was_lost_does_not_take_the_page_with_it(town: Town, visitor: Client) -> None:
    image = Image.objects.create(title="x", file=get_test_image_file(size=(900, 600)), uploaded_by_user=town.mei)
    notice = cast.notice(town, body=[("picture", {"image": image, "alt": "封闭的半幅路", "caption": ""}), *BODY])
    image.file.storage.delete(image.file.name)
    answer = visitor.get(notice.url)
    assert answer.status_code == 200
    assert "往后顺延。" in words(page(answer).main)
    assert page(answer).select_one("figure img").attrs == {"alt": "封闭的半幅路"}
    assert page(answer).select_one('meta[property="og:image"]')["content"].endswith("/share.png")


def test_whose_words_are_whose_language(town: Town, visitor: Client) -> None:
    half = cast.notice(town, title="让道", title_en="Make way", body=BODY)
    read = page(visitor.get(half.url, headers={"accept-language": "en"}))
    assert (words(read.h1), read.h1["lang"]) == ("Make way", "en")
    assert read.select_one("article .prose")["lang"] == "zh-Hans"
    translated = cast.notice(town, body=BODY, body_en=[("paragraph", "<p>In two stages.</p>")])
    read = page(visitor.get(translated.url, headers={"accept-language": "en"}))
    assert read.select_one("article .prose")["lang"] == "en"
    assert "In two stages." in words(read.main)
    assert "分两段" not in words(read.main)


def test_what_was_repealed_leads_to_what_holds(town: Town, visitor: Client) -> None:
    new = cast.notice(town, title="新规定")
    old = cast.notice(town, title="老规定", validity="repealed", replaced_by=new)
    top = page(visitor.get(old.url)).select_one("article .msg a")
    assert (words(top), top["href"]) == ("新规定", new.url)
    assert "老规定" in words(page(visitor.get(new.url)).select_one("dl.block"))
    NoticePage.objects.get(pk=new.pk).unpublish()
    assert "新规定" not in words(page(visitor.get(old.url)).main)


def test_before_and_after_are_the_same_organisations(town: Town, visitor: Client) -> None:
    def ways(notice: NoticePage) -> list[str]:
        return [link["href"] for link in page(visitor.get(notice.url)).select(".prevnext a")]

    now = timezone.now()
    first, second, third = (cast.notice(town, on=now - timedelta(days=days), title="x") for days in (9, 6, 3))
    cast.notice(town, organisation=town.school, by=town.bo, on=now - timedelta(days=5))
    cast.notice_draft(town)
    assert ways(second) == [first.url, third.url]
    assert ways(first) == [second.url]
    assert ways(third) == [second.url]


def test_the_action_it_belongs_to_stands_beside_it_while_it_is_public(town: Town, visitor: Client) -> None:
    action = cast.announced(town, title="除雪")
    notice = cast.notice(town, related_action=action.page)
    side = page(visitor.get(notice.url)).select_one(".side")
    assert action.get_absolute_url() in [link["href"] for link in side.select("a")]
    draft = cast.draft(town, title="geheimer-entwurf")
    draft.page.save_revision().publish()  # live, and nobody has announced it
    hidden = cast.notice(town, related_action=draft.page)
    assert "geheimer-entwurf" not in visitor.get(hidden.url).content.decode()


def test_the_demonstration_says_what_it_is(town: Town, visitor: Client) -> None:
    def tags() -> int:
        return len(page(visitor.get(notice.url)).select("article > .kind .tag"))

    notice = cast.notice(town)
    in_demo = tags()
    with override_settings(SITE_FACTS={"operator": "玉祁街道办事处"}):
        assert tags() == in_demo - 1


def test_paper_leads_back(town: Town, visitor: Client) -> None:
    notice = cast.notice(town)
    paper = page(visitor.get(notice.url)).select_one(".on-paper")
    assert paper.svg
    coded = short_codes.path_of(Thing.NOTICE, notice.pk)
    assert f"http://testserver{coded}" in words(paper)
    assert visitor.get(coded)["Location"] == notice.url
    short = visitor.get(f"/notices/{notice.pk}/")
    assert (short.status_code, short["Location"]) == (302, notice.url)


def test_only_who_may_edit_is_led_to_the_editor(town: Town) -> None:
    notice = cast.notice(town)
    for name in ("yan", "mei", "admin", "bo", "dana", ""):
        client = Client()
        if name:
            client.force_login(town.people[name])
        leads = f"/admin/pages/{notice.pk}/edit/" in client.get(notice.url).content.decode()
        assert leads == (name in {"yan", "mei", "admin"}), name


def test_the_preview_shows_what_is_being_written(town: Town) -> None:
    draft = cast.notice_draft(town, title="还在写", body=BODY)
    client = Client()
    client.force_login(town.yan)
    revision = draft.latest_revision
    answer = client.get(f"/admin/pages/{draft.pk}/revisions/{revision.pk}/view/")
    assert answer.status_code == 200
    assert "还在写" in words(page(answer).h1)


@pytest.mark.parametrize("kind", ["noticepage", "standardpage"])
def test_a_page_that_was_never_saved_is_previewed_too(town: Town, kind: str) -> None:
    parent = (
        NoticeIndexPage.objects.child_of(town.yuqi.section).get() if kind == "noticepage" else HomePage.objects.get()
    )
    client = Client()
    client.force_login(town.admin)
    preview = reverse("wagtailadmin_pages:preview_on_add", args=["portal", kind, parent.pk])
    form = {"title": "刚开始写", "slug": "new", "kind": "news", "validity": "valid", "summary": "要点。"}
    rows = {f"attachments-{count}_FORMS": "0" for count in ("TOTAL", "INITIAL")}
    assert client.post(preview, {**form, **rows, "body-count": "0", "body_en-count": "0"}).json()["is_valid"]
    answer = client.get(f"{preview}?mode=")
    assert answer.status_code == 200
    assert words(page(answer).h1) == "刚开始写"
    assert "/edit/" not in answer.content.decode()


def test_the_queries_do_not_grow_with_what_there_is(town: Town, visitor: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(notice.url).status_code == 200
        return len(queries)

    notice = whole(town)
    cast.notice(town)
    asked()
    few = asked()
    document = notice.attachments.get().document
    for number in range(4):
        NoticeAttachment.objects.create(page=notice, document=document, title=f"第{number}份")
        cast.notice(town)
    assert asked() == few


# --- pages of the site -------------------------------------------------------------------------------------------------


@pytest.fixture
def about(town: Town) -> StandardPage:
    home = HomePage.objects.get()
    made = home.add_child(
        instance=StandardPage(
            title="关于", title_en="About", slug="about", show_in_menus=True, summary="一起动手。", body=BODY
        )
    )
    home.add_child(instance=StandardPage(title="geheimer-entwurf", slug="draft", show_in_menus=True, live=False))
    return made


def test_a_page_of_the_site_stands_at_its_foot(about: StandardPage, visitor: Client) -> None:
    foot = page(visitor.get("/actions/")).select(".foot-links a")
    assert [(words(link), link["href"]) for link in foot] == [
        ("关于", "/about/"),
        ("网格", "/grid/"),
        ("道路", "/roads/"),
        ("问题与答复", "/cases/"),
        ("隐私说明", "/privacy/"),
    ]
    answer = visitor.get("/about/")
    assert words(page(answer).h1) == "关于"
    assert "分两段施工。" in words(page(answer).main)
    english = page(visitor.get("/about/", headers={"accept-language": "en"}))
    assert words(english.h1) == "About"
    assert english.select_one("article .prose")["lang"] == "zh-Hans"
    assert visitor.get("/draft/").status_code == 404
