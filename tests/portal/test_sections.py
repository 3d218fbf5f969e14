"""Editors write in the section of their own organisation and nowhere else; what was made known is not thrown away."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, PageLogEntry, PageViewRestriction, ReferenceIndex, TaskState, WorkflowState

from communities import joining, membership, reviewing
from communities.models import Organisation, User
from communities.roles import Role
from portal import clock
from portal.models import NoticeAttachment, NoticeIndexPage, NoticePage
from tests import cast
from tests.cast import Town
from tests.communities.test_reviewing import a_notice, hand_in, handed_in, page_of
from tests.events.test_wagtail_admin import QUERIES, addresses, as_, document, land, picture, told, url
from tests.reading import sent
from tests.reading import words as words_of

MARK = "geheimes-zeichen"
MORNING = timezone.make_aware(datetime(2026, 12, 5, 9, 0))


def index_of(organisation: Organisation) -> NoticeIndexPage:
    return NoticeIndexPage.objects.child_of(organisation.section).get()


def words(**changes: Any) -> dict[str, Any]:
    """What the editor's form sends."""
    empty = {f"{name}-{part}": "0" for name in ("attachments",) for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    body = {f"{name}-count": "0" for name in ("body", "body_en")}
    return {
        "title": "湖西路停水",
        "slug": "hu-xi-lu",
        "kind": "outage",
        "validity": "valid",
        "summary": "周三上午九点到十二点。",
        **empty,
        **body,
        **changes,
    }


def write(client: Client, index: Page, **changes: Any) -> int:
    address = reverse("wagtailadmin_pages:add", args=["portal", "noticepage", index.pk])
    return client.post(address, words(**changes)).status_code


def states() -> list[tuple[Any, ...]]:
    return list(TaskState.objects.order_by("pk").values_list("pk", "status", "comment"))


# --- in both languages -------------------------------------------------------------------------------------------------


def handing_in(client: Client, address: str) -> set[str]:
    """What the button says by which a page is handed in."""
    return {words_of(button) for button in sent(client.get(address)).select('button[name="action-submit"]')}


def test_the_button_to_hand_in_speaks_the_editors_language(town: Town) -> None:
    """The workflow's own name is a row in the database, and Chinese to everybody."""
    add = reverse("wagtailadmin_pages:add", args=["portal", "noticepage", index_of(town.yuqi).pk])
    User.objects.filter(pk=town.yan.pk).update(language="en")
    yan = as_(town, "yan")
    assert handing_in(yan, add) == {"Hand in for approval"}
    state = handed_in(town)
    assert state.task.name == "负责人审核"
    reviewing.send_back(state=state, by=town.mei, word="日期不对")
    assert handing_in(yan, url("edit", page_of(state).pk)) == {"Hand in again for approval"}


# --- the way of a notice ----------------------------------------------------------------------------------------------


def test_an_editor_drafts_and_hands_in_and_a_coordinator_publishes(town: Town) -> None:
    yan, index = as_(town, "yan"), index_of(town.yuqi)
    assert write(yan, index, **{"action-publish": "1"}) == 302
    notice = NoticePage.objects.get()
    assert not notice.live, "an editor has no right to publish"
    assert yan.post(url("edit", notice.pk), words(**{"action-submit": "1"})).status_code == 302
    state = TaskState.objects.get()
    assert state.workflow_state.requested_by == town.yan
    assert (notice.owner,) == (town.yan,)
    # While it waits, its writer changes nothing.
    yan.post(url("edit", notice.pk), words(title="heimlich geändert"))
    assert NoticePage.objects.get().get_latest_revision_as_object().title == "湖西路停水"
    mei = as_(town, "mei")
    approve = reverse("wagtailadmin_pages:workflow_action", args=[notice.pk, "approve", state.pk])
    assert mei.post(approve, {"comment": ""}).status_code == 302
    assert NoticePage.objects.get().live


def test_the_writer_withdraws_and_goes_on(town: Town) -> None:
    state = handed_in(town)
    notice = page_of(state)
    yan = as_(town, "yan")
    yan.post(url("edit", notice.pk), words(slug=notice.slug, **{"action-cancel-workflow": "1"}))
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_CANCELLED
    yan.post(url("edit", notice.pk), words(slug=notice.slug, title="neu"))
    assert NoticePage.objects.get().get_latest_revision_as_object().title == "neu"


def test_returned_it_is_mended_and_handed_in_again(town: Town) -> None:
    state = handed_in(town)
    notice = page_of(state)
    back = reverse("wagtailadmin_pages:workflow_action", args=[notice.pk, "reject", state.pk])
    mei = as_(town, "mei")
    mei.post(back, {"comment": ""})
    assert TaskState.objects.get(pk=state.pk).status == TaskState.STATUS_IN_PROGRESS, "not without a word"
    assert mei.post(back, {"comment": "写明几点"}).status_code == 302
    yan = as_(town, "yan")
    assert "写明几点" in yan.get("/admin/").content.decode()
    form = words(slug=notice.slug, title="第二稿", **{"action-submit": "1"})
    assert yan.post(url("edit", notice.pk), form).status_code == 302
    again = WorkflowState.objects.get().current_task_state
    assert again is not None
    assert (again.status, again.pk != state.pk) == (TaskState.STATUS_IN_PROGRESS, True)


def test_a_coordinator_publishes_directly_and_by_the_hour(town: Town) -> None:
    mei, index = as_(town, "mei"), index_of(town.yuqi)
    assert write(mei, index, **{"action-publish": "1"}) == 302
    assert NoticePage.objects.get().live
    later = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    assert write(mei, index, slug="later", go_live_at=later, **{"action-publish": "1"}) == 302
    scheduled = NoticePage.objects.get(slug="later")
    assert not scheduled.live
    assert scheduled.scheduled_revision is not None
    clock.publish_scheduled()
    assert not NoticePage.objects.get(slug="later").live


# --- nowhere else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bo", "qiang", "dana", "lan"])
@pytest.mark.parametrize("kind", ["draft", "waiting", "live"])
def test_no_deed_of_the_admin_reaches_a_foreign_notice(town: Town, name: str, kind: str) -> None:
    notice = a_notice(town, title=MARK, summary=MARK)
    state = hand_in(notice, town.yan) if kind == "waiting" else None
    if kind == "live":
        notice.latest_revision.publish()
    own = index_of(town.school)
    client = as_(town, name)
    client.raise_request_exception = False
    before, logged, decided = land(), PageLogEntry.objects.count(), states()
    for target in (notice, index_of(town.yuqi)):
        for verb, data in (
            ("edit", words(title="x", **{"action-publish": "1"})),
            ("edit", words(title="x", **{"action-submit": "1"})),
            ("edit", {"action-workflow-action": "1", "workflow-action-name": "approve"}),
            ("delete", {}),
            ("unpublish", {}),
            ("copy", {"new_title": "x", "new_slug": "x", "new_parent_page": own.pk}),
            ("copy", {"new_title": "x", "new_slug": "x", "new_parent_page": own.pk, "alias": "on"}),
            ("set_privacy", {"restriction_type": "login"}),
            ("lock", {}),
            ("unlock", {}),
            ("move", {"new_parent_page": own.pk}),
            ("set_page_position", {"position": 0}),
            ("convert_alias", {}),
            ("preview_on_edit", words(title="x")),
        ):
            answer = client.post(url(verb, target.pk), data)
            assert answer.status_code in (302, 403, 404), (verb, answer.status_code)
            assert MARK not in answer.content.decode(), verb
        for address in (
            url("move_confirm", target.pk, own.pk),
            url("confirm_workflow_cancellation", target.pk),
            reverse("wagtailadmin_pages:add", args=["portal", "noticepage", index_of(town.yuqi).pk]),
        ):
            answer = client.post(address, words(**{"action-publish": "1"}))
            assert answer.status_code in (200, 302, 403, 404), address
            assert MARK not in answer.content.decode(), address
        for bulk in ("delete", "move", "publish", "unpublish"):
            client.post(f"/admin/bulk/wagtailcore/page/{bulk}/?id={target.pk}", {"chooser": own.pk})
    if state is not None:
        for deed in ("approve", "reject"):
            address = reverse("wagtailadmin_pages:workflow_action", args=[notice.pk, deed, state.pk])
            assert client.post(address, {"comment": "x"}).status_code in (302, 403)
    assert land() == before
    assert PageLogEntry.objects.count() == logged
    assert states() == decided


@pytest.mark.parametrize("name", ["bo", "dana"])
def test_no_address_tells_of_a_foreign_notice_in_review(town: Town, name: str) -> None:
    """The walk of the admin with what only a page in review has: steps, previews, reports."""
    state = handed_in(town, title=f"{MARK}-title", summary=f"{MARK}-summary")
    page = page_of(state)
    image, paper = picture(f"{MARK}-picture", town.yuqi), document(f"{MARK}-paper", town.yuqi)
    client = as_(town, name)
    client.raise_request_exception = False
    special = [
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]),
        reverse("wagtailadmin_pages:collect_workflow_action_data", args=[page.pk, "reject", state.pk]),
        reverse("wagtailadmin_pages:workflow_preview", args=[page.pk, state.task_id]),
        reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[page.pk]),
        *(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]) for name in ("history", "workflow_history")),
    ]
    walked = 0
    for address in (*addresses(page, image, paper, town), *special):
        for query in QUERIES:
            answer = client.get(address, query)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert MARK not in text.decode("utf-8", "replace"), (address, query)
            assert answer.status_code < 500, (address, query)
            walked += 1
    assert walked > 200


@pytest.mark.parametrize("name", ["yan", "mei"])
def test_somebody_of_two_organisations_carries_nothing_across(town: Town, name: str) -> None:
    person = town.people[name]
    membership.join(person=person, organisation=town.school, role=Role.COORDINATOR, by=town.bo)
    notice = a_notice(town)
    there = index_of(town.school)
    client = as_(town, name)
    before = land()
    copy = {"new_title": "x", "new_slug": "x", "new_parent_page": there.pk}
    assert told(client, url("copy", notice.pk), copy)
    assert told(client, url("copy", notice.pk), {**copy, "alias": "on"})
    client.post(url("move_confirm", notice.pk, there.pk))
    client.post(f"/admin/bulk/wagtailcore/page/move/?id={notice.pk}", {"chooser": there.pk})
    assert land() == before
    # At home a copy is a draft like any other.
    at_home = {"new_title": "x", "new_slug": "x", "new_parent_page": index_of(town.yuqi).pk}
    assert client.post(url("copy", notice.pk), at_home).status_code == 302
    assert [each.live for each in NoticePage.objects.child_of(index_of(town.yuqi))] == [False, False]
    assert told(as_(town, "mei"), url("copy", notice.pk), {**at_home, "new_slug": "y", "alias": "on"})
    assert NoticePage.objects.count() == 2


def test_no_other_kind_of_page_and_no_password(town: Town) -> None:
    notice = a_notice(town)
    index = index_of(town.yuqi)
    for name in ("yan", "mei", "admin"):
        client = as_(town, name)
        before = land()
        for kind, parent in (
            ("portal/standardpage", index),
            ("portal/noticeindexpage", town.yuqi.section),
            ("portal/noticepage", town.yuqi.section),
            ("events/actionpage", index),
            ("communities/organisationpage", index),
        ):
            client.post(f"/admin/pages/add/{kind}/{parent.pk}/", words(**{"action-publish": "1"}))
        for page in (notice, index):
            client.post(url("set_privacy", page.pk), {"restriction_type": "login"})
        assert land() == before, name
        assert not PageViewRestriction.objects.exists(), name


@pytest.mark.parametrize("name", ["yan", "mei"])
def test_the_index_stays_as_it_is(town: Town, name: str) -> None:
    index = index_of(town.yuqi)
    client = as_(town, name)
    before = land()
    client.post(url("edit", index.pk), {"title": "x", "slug": "elsewhere", "action-publish": "1"})
    client.post(url("unpublish", index.pk))
    client.post(f"/admin/bulk/wagtailcore/page/unpublish/?id={index.pk}", {"include_descendants": "on"})
    client.post(url("delete", index.pk))
    assert land() == before


def test_only_who_may_publish_takes_a_notice_offline(town: Town) -> None:
    notice = a_notice(town)
    notice.latest_revision.publish()
    as_(town, "yan").post(url("unpublish", notice.pk))
    as_(town, "yan").post(f"/admin/bulk/wagtailcore/page/unpublish/?id={notice.pk}")
    assert NoticePage.objects.get().live
    as_(town, "mei").post(url("unpublish", notice.pk))
    assert not NoticePage.objects.get().live


# --- what was made known stays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mei", "admin"])
@pytest.mark.parametrize("way", ["single", "bulk"])
@pytest.mark.parametrize("is_live", [True, False], ids=["live", "offline"])
def test_what_was_published_is_not_deleted(town: Town, name: str, way: str, is_live: bool) -> None:
    notice = a_notice(town)
    notice.latest_revision.publish()
    if not is_live:
        NoticePage.objects.get().unpublish()
    draft = a_notice(town)
    before = land()
    one = url("delete", notice.pk)
    both = f"/admin/bulk/wagtailcore/page/delete/?id={draft.pk}&id={notice.pk}"
    sentences = told(as_(town, name), one if way == "single" else both)
    assert land() == before
    assert len(sentences) == 1
    assert "湖西路停水" in sentences[0]


@pytest.mark.parametrize("way", ["single", "bulk"])
def test_an_editor_throws_a_draft_away(town: Town, way: str) -> None:
    notice = a_notice(town)
    address = url("delete", notice.pk) if way == "single" else f"/admin/bulk/wagtailcore/page/delete/?id={notice.pk}"
    as_(town, "yan").post(address)
    assert not NoticePage.objects.exists()


# --- pictures and documents -------------------------------------------------------------------------------------------


def test_what_somebody_uploads_lies_among_the_own(town: Town) -> None:
    client = as_(town, "yan")
    from_elsewhere = picture("mine", town.yuqi).file
    with from_elsewhere.open("rb") as file:
        client.post("/admin/images/add/", {"title": "new", "file": file, "collection": town.school.collection_id})
    with from_elsewhere.open("rb") as file:
        client.post(
            "/admin/images/chooser/create/",
            {"image-chooser-upload-title": "by chooser", "image-chooser-upload-file": file},
        )
    assert {image.collection for image in Image.objects.all()} == {town.yuqi.collection}
    assert Image.objects.count() == 3


def ways_to_delete(thing: Image | Document) -> list[str]:
    if isinstance(thing, Image):
        return [
            f"/admin/images/{thing.pk}/delete/",
            f"/admin/images/multiple/{thing.pk}/delete/",
            f"/admin/bulk/wagtailimages/image/delete/?id={thing.pk}",
        ]
    return [
        f"/admin/documents/delete/{thing.pk}/",
        f"/admin/documents/multiple/{thing.pk}/delete/",
        f"/admin/bulk/wagtaildocs/document/delete/?id={thing.pk}",
    ]


@pytest.mark.parametrize("name", ["yan", "mei", "admin"])
def test_what_a_notice_shows_is_not_thrown_away(town: Town, name: str) -> None:
    image, paper = picture("shown", town.yuqi), document("attached", town.yuqi)
    notice = a_notice(town)
    notice.body = [("picture", {"image": image, "alt": "x", "caption": ""})]
    notice.attachments = [NoticeAttachment(document=paper)]
    notice.save_revision().publish()
    ReferenceIndex.create_or_update_for_object(NoticePage.objects.get())
    client = as_(town, name)
    client.raise_request_exception = False
    for thing in (image, paper):
        for address in ways_to_delete(thing):
            answer = client.post(
                address, headers={"x-requested-with": "XMLHttpRequest"} if "multiple" in address else {}
            )
            assert answer.status_code in (302, 403), address
    assert (Image.objects.count(), Document.objects.count()) == (1, 1)
    assert told(client, ways_to_delete(image)[0])


@pytest.mark.parametrize("way", [0, 1, 2])
def test_a_draft_holds_on_to_its_documents_without_an_error(town: Town, way: int) -> None:
    """The database would refuse; nobody sees a 500, though the index of what is used is still empty."""
    paper = document("attached", town.yuqi)
    notice = a_notice(town)
    NoticeAttachment.objects.create(page=notice, document=paper)
    client = as_(town, "yan")
    client.raise_request_exception = False
    answer = client.post(ways_to_delete(paper)[way], headers={"x-requested-with": "XMLHttpRequest"} if way == 1 else {})
    assert answer.status_code in (302, 403)
    assert Document.objects.exists()


@pytest.mark.parametrize("way", [0, 2])
def test_what_nobody_shows_may_go(town: Town, way: int) -> None:
    image, paper = picture("free", town.yuqi), document("free", town.yuqi)
    client = as_(town, "yan")
    for thing in (image, paper):
        client.post(ways_to_delete(thing)[way])
    assert not Image.objects.exists()
    assert not Document.objects.exists()


# --- the first page, and the way to write -----------------------------------------------------------------------------


def test_writing_is_one_step(town: Town) -> None:
    answer = as_(town, "yan").get("/admin/notices/write/")
    assert answer["Location"] == reverse(
        "wagtailadmin_pages:add", args=["portal", "noticepage", index_of(town.yuqi).pk]
    )
    assert as_(town, "yan").get(answer["Location"]).status_code == 200
    membership.join(person=town.yan, organisation=town.school, role=Role.EDITOR, by=town.bo)
    text = as_(town, "yan").get("/admin/notices/write/").content.decode()
    assert town.yuqi.name in text
    assert town.school.name in text
    assert town.enterprise.name not in text
    assert Client().get("/admin/notices/write/").status_code == 302
    assert as_(town, "dana").get("/admin/notices/write/").status_code == 302


def test_the_first_page_tells_what_waits_and_how_mine_stands(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    state = handed_in(town, title=f"{MARK}-one")
    a_notice(town, title=f"{MARK}-two")
    cast.announced(town, cast.in_hours(6), title=f"{MARK}-three")
    cast.announced(town, cast.in_hours(6), title="their-action", host=town.school, by=town.bo)
    mei = as_(town, "mei").get("/admin/").content.decode()
    assert f"/review/{state.pk}/" in mei
    assert f"{MARK}-one" in mei
    assert f"{MARK}-three" in mei
    assert "their-action" not in mei
    yan = as_(town, "yan").get("/admin/").content.decode()
    assert f"{MARK}-two" in yan
    assert f"{MARK}-one" in yan
    bo = as_(town, "bo").get("/admin/").content.decode()
    assert MARK not in bo
    assert "their-action" in bo
    assert MARK in as_(town, "admin").get("/admin/").content.decode()


def test_what_somebody_changed_last_is_theirs_while_they_may_write_there(town: Town) -> None:
    page = a_notice(town, by=town.mei, title=f"{MARK}-hers")
    assert MARK not in as_(town, "yan").get("/admin/").content.decode()
    page.save_revision(user=town.yan)
    assert f"{MARK}-hers" in as_(town, "yan").get("/admin/").content.decode()
    joining.assign(person=town.yan, organisation=town.yuqi, roles=[Role.MEMBER], by=town.mei)
    membership.join(person=town.yan, organisation=town.school, role=Role.EDITOR, by=town.bo)
    assert MARK not in as_(town, "yan").get("/admin/").content.decode()


def test_help_stands_beside_every_field(town: Town) -> None:
    handler = NoticePage.get_edit_handler()
    panels, without = [handler.children[0]], []
    while panels:
        panel = panels.pop()
        panels += getattr(panel, "children", [])
        name = getattr(panel, "field_name", "")
        if name and name != "title" and not panel.help_text:
            without.append(name)
    assert without == []


def test_two_notices_of_one_title_have_two_addresses(town: Town) -> None:
    """Water is off twice a year, and it is called the same."""
    index = index_of(town.yuqi)
    # The editor's script fills the address with the title as it is.
    for _time in range(2):
        assert write(as_(town, "yan"), index, title="停水通知", slug="停水通知") == 302
    slugs = NoticePage.objects.filter(title="停水通知").values_list("slug", flat=True)
    assert sorted(slugs) == ["ting-shui-tong-zhi", "ting-shui-tong-zhi-2"]


def test_the_walk_knows_our_own_address() -> None:
    assert any(getattr(each, "name", "") == "write_notice" for each in get_resolver().url_patterns)
