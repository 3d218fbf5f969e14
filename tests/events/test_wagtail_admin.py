"""Wagtail's admin, asked as people ask it: what is refused, what changes, and that nobody reads others' drafts.

The whole of it is walked once, address by address, as the coordinator of another organisation. That is how four of
Wagtail's own views were found that ask no permission (``communities.narrowed``).
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, PageLogEntry
from wagtail.search.index import insert_or_update_object

from communities import ground, membership
from communities.models import Organisation, OrganisationIndexPage, OrganisationPage
from communities.roles import Role
from events import removing, seats, shifts
from events.models import Action, ActionIndexPage, ActionPage, Shift
from kit.refusals import Refused
from tests import cast
from tests.cast import Town

MARK = "geheimes-zeichen"


def as_(town: Town, name: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(town.people[name])
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def land() -> dict[str, Any]:
    """Everything that a refused request must leave alone."""
    return {
        "pages": list(
            Page.objects.order_by("pk").values_list("pk", "path", "title", "live", "slug", "translation_key")
        ),
        "actions": list(Action.objects.order_by("pk").values()),
        "shifts": list(Shift.objects.order_by("pk").values_list("pk", "action_id")),
        "organisations": list(Organisation.objects.order_by("pk").values()),
    }


def picture(title: str, organisation: Organisation) -> Image:
    drawn = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(drawn, "PNG")
    file = ContentFile(drawn.getvalue(), f"{title}.png")
    return Image.objects.create(title=title, collection=organisation.collection, file=file, width=4, height=4)


def document(title: str, organisation: Organisation) -> Document:
    return Document.objects.create(
        title=title, collection=organisation.collection, file=ContentFile(b"words", f"{title}.txt")
    )


@pytest.fixture
def signed(town: Town) -> Action:
    """An announced action with a sign-up."""
    action = cast.announced(town)
    cast.sign_up(town.dana, action.shifts.get())
    return action


# --- who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "comes_in"),
    [
        *(("admin", True), ("mei", True), ("yan", True), ("bo", True), ("qiang", True)),
        *(("lan", False), ("chen", False), ("lu", False), ("zhou", False), ("dana", False)),
    ],
)
def test_coordinators_and_editors_come_in_and_nobody_else(town: Town, name: str, comes_in: bool) -> None:
    response = as_(town, name).get("/admin/")
    assert response.status_code == (200 if comes_in else 302)
    if not comes_in:
        assert response["Location"].startswith("/account/login/")


def test_who_left_stays_out(town: Town) -> None:
    client = as_(town, "yan")
    assert client.get("/admin/").status_code == 200
    membership.end(membership=town.yan.memberships.get(), by=town.mei)
    assert client.get("/admin/").status_code == 302


# --- the whole admin, walked ------------------------------------------------------------------------------------------


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def addresses(page: Page, image: Image, paper: Document, town: Town) -> Iterator[str]:
    """Every address of the admin, each with the numbers of somebody else's things."""
    revision = page.latest_revision_id
    numbers = {
        **dict.fromkeys(("parent_page_id", "page_id", "page_to_move_id", "object_id", "pk"), page.pk),
        "destination_id": page.get_parent().pk,
        "revision_id": revision,
        "image_id": image.pk,
        "document_id": paper.pk,
        "collection_id": town.yuqi.collection_id,
        "user_id": town.mei.pk,
        **dict.fromkeys(("app_label", "app_name", "content_type_app_name"), "events"),
        **dict.fromkeys(("model_name", "content_type_model_name"), "actionpage"),
        **dict.fromkeys(("action", "action_name"), "delete"),
        "filter_spec": "width-4",
    }
    for route in sorted(set(routes(get_resolver().url_patterns))):
        if not route.startswith("admin/") or route.endswith("^.*/$"):
            continue
        if "revisions/compare" in route:
            yield f"/admin/pages/{page.pk}/revisions/compare/earliest...{revision}/"
            continue
        own = image.pk if "/images/" in f"/{route}" else paper.pk if "/documents/" in f"/{route}" else page.pk
        filled = _filled(route, {**numbers, "pk": own})
        yield "/" + re.sub(r"[\^$]|\\Z", "", filled).replace("\\.", ".")


def _filled(route: str, numbers: dict[str, object]) -> str:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(numbers.get(match[1], 1)), route)
    return re.sub(r"\(\?P<(\w+)>.*?\)", lambda match: str(numbers.get(match[1], 1)), path)


QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"q": "geheimes", "id": [1, 2, 3, 4, 5, 6, 7, 8, "x", "9" * 30], "page_type": "events.ActionPage"},
    {"p": "x", "id": "all", "childOf": "x", "page_type": "x.y", "collection_id": "x", "ordering": "x", "page": "-1"},
)
"""As people click, as they search, and with nonsense."""


@pytest.mark.parametrize("name", ["bo", "dana"])
def test_no_address_of_the_admin_tells_of_somebody_elses_draft(town: Town, name: str) -> None:
    page = cast.draft(town, title=f"{MARK}-title", summary=f"{MARK}-summary").page
    image, paper = picture(f"{MARK}-picture", town.yuqi), document(f"{MARK}-paper", town.yuqi)
    client = as_(town, name)
    client.raise_request_exception = False
    walked = 0
    for address in addresses(page, image, paper, town):
        for query in QUERIES:
            response = client.get(address, query)
            text = b"".join(response.streaming_content) if response.streaming else response.content
            assert MARK not in text.decode("utf-8", "replace"), (address, query)
            assert response.status_code < 500, (address, query)
            walked += 1
    assert walked > 200, "the walk went astray"


def test_the_walk_would_find_a_leak(town: Town) -> None:
    """The twin: the same walk as whoever may read the draft does find it."""
    page = cast.draft(town, title=f"{MARK}-title").page
    image, paper = picture(f"{MARK}-picture", town.yuqi), document(f"{MARK}-paper", town.yuqi)
    client = as_(town, "mei")
    client.raise_request_exception = False
    found = set()
    for address in addresses(page, image, paper, town):
        response = client.get(address)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        if MARK in text.decode("utf-8", "replace"):
            found.add(address)
    assert {
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/images/{image.pk}/",
        f"/admin/documents/edit/{paper.pk}/",
    } <= found


@pytest.mark.parametrize("name", ["bo", "yan", "dana"])
def test_no_post_changes_somebody_elses_page(town: Town, signed: Action, name: str) -> None:
    """yan belongs to the organisation; an editor writes notices and has no right on pages of actions."""
    page, index, section = signed.page, signed.page.get_parent(), town.yuqi.section
    own = {"bo": town.school, "yan": town.yuqi, "dana": town.school}[name].section.get_children().get(slug="actions")
    client = as_(town, name)
    before = land()
    logged = PageLogEntry.objects.count()
    for target in (page, index, section):
        for verb, data in (
            ("edit", {"title": MARK, "slug": "x", "action-publish": "1"}),
            ("delete", {}),
            ("unpublish", {}),
            ("copy", {"new_title": MARK, "new_slug": "x", "new_parent_page": own.pk}),
            ("set_privacy", {"restriction_type": "login"}),
            ("lock", {}),
            ("move", {"new_parent_page": own.pk}),
            ("set_page_position", {"position": 0}),
        ):
            response = client.post(url(verb, target.pk), data)
            assert response.status_code in (302, 403, 404), (verb, target)
            assert MARK not in response.content.decode()
        response = client.post(url("move_confirm", target.pk, own.pk))
        assert response.status_code == 302
        for action_type in ("delete", "move", "publish", "unpublish"):
            client.post(f"/admin/bulk/wagtailcore/page/{action_type}/?id={target.pk}", {"chooser": own.pk})
    assert land() == before
    assert PageLogEntry.objects.count() == logged


def test_a_foreign_page_is_refused_in_wagtails_own_way(town: Town, signed: Action) -> None:
    response = as_(town, "bo").get(url("edit", signed.page.pk), follow=True)
    assert response.redirect_chain == [("/admin/", 302)]
    assert [str(message.level_tag) for message in response.context["messages"]] == ["error"]


# --- own pages --------------------------------------------------------------------------------------------------------


def test_a_coordinator_mends_the_words_of_an_action(town: Town, signed: Action) -> None:
    client = as_(town, "mei")
    page = signed.page
    form = {
        "title": "新的标题",
        "slug": page.slug,
        "summary": "新的摘要",
        "body": "null",
        "body_en": "null",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    assert client.get(url("edit", page.pk)).status_code == 200
    before = Action.objects.values().get()
    assert client.post(url("edit", page.pk), form).status_code == 302
    page.refresh_from_db()
    assert (page.title, page.summary) == ("新的标题", "新的摘要")
    assert Action.objects.values().get() == before


@pytest.mark.parametrize("written", ['"entityMap"', '{"a": "entityMap"}', '["entityMap"]', '{"entityMap": {"0": 1}}'])
def test_words_that_look_like_a_text_of_the_editor_are_words(town: Town, signed: Action, written: str) -> None:
    client = as_(town, "mei")
    form = {
        "title": "新的标题",
        "slug": signed.page.slug,
        "summary": written,
        "body": "null",
        "body_en": "null",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    assert client.post(url("edit", signed.page.pk), form).status_code == 302
    assert signed.page.__class__.objects.get(pk=signed.page.pk).summary == written


@pytest.mark.parametrize("name", ["mei", "admin"])
def test_preview_and_draft_can_be_looked_at(town: Town, name: str) -> None:
    page = cast.draft(town, title="还在写的标题").page
    client = as_(town, name)
    assert "还在写的标题" in client.get(url("view_draft", page.pk)).content.decode()
    index = page.get_parent()
    assert client.get(url("view_draft", index.pk)).status_code == 200
    assert client.get(url("edit", index.pk)).status_code == 200


def test_the_explorer_shows_the_own_section_alone(town: Town, signed: Action) -> None:
    theirs = cast.draft(town, title=MARK, host=town.school, by=town.bo).page
    client = as_(town, "mei")
    directory = OrganisationIndexPage.objects.get()
    for start in (reverse("wagtailadmin_explore_root"), reverse("wagtailadmin_explore", args=[directory.pk])):
        listed = client.get(start, follow=True).content.decode()
        assert "玉祁社区" in listed
        for other in Organisation.objects.exclude(pk=town.yuqi.pk):
            assert other.name not in listed
    assert client.get(reverse("wagtailadmin_explore", args=[theirs.get_parent().pk])).status_code == 302
    own = client.get(reverse("wagtailadmin_explore", args=[signed.page.get_parent().pk])).content.decode()
    assert signed.page.title in own


def test_pictures_and_papers_of_others_are_not_there(town: Town) -> None:
    theirs, mine = picture("theirs", town.school), picture("mine", town.yuqi)
    their_paper, my_paper = document("their-paper", town.school), document("my-paper", town.yuqi)
    client = as_(town, "yan")
    for address in ("/admin/images/", "/admin/images/chooser/", "/admin/api/main/images/"):
        text = client.get(address).content.decode()
        assert "theirs" not in text, address
        assert "mine" in text, address
    for address in ("/admin/documents/", "/admin/documents/chooser/", "/admin/api/main/documents/"):
        text = client.get(address).content.decode()
        assert "their-paper" not in text, address
        assert "my-paper" in text, address
    for address in (f"/admin/images/{theirs.pk}/", f"/admin/documents/edit/{their_paper.pk}/"):
        client.post(address, {"title": "taken over", "collection": town.yuqi.collection_id})
    theirs.refresh_from_db()
    their_paper.refresh_from_db()
    assert (theirs.title, their_paper.title) == ("theirs", "their-paper")
    assert client.get(f"/admin/images/chooser/{theirs.pk}/select_format/").status_code == 404
    assert client.get(f"/admin/images/chooser/{mine.pk}/select_format/").status_code == 200
    assert client.get(f"/admin/documents/edit/{my_paper.pk}/").status_code == 200


def test_a_picture_cannot_be_put_among_those_of_others(town: Town) -> None:
    mine = picture("mine", town.yuqi)
    as_(town, "yan").post(
        f"/admin/images/{mine.pk}/", {"title": "mine", "collection": town.school.collection_id, "tags": ""}
    )
    mine.refresh_from_db()
    assert mine.collection == town.yuqi.collection


# --- delete, move, copy -----------------------------------------------------------------------------------------------

BULK = "/admin/bulk/wagtailcore/page/{}/?id={}"


def told(client: Client, address: str, data: dict[str, object] | None = None) -> list[str]:
    response = client.post(address, data or {}, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def ways_to_delete(page: Page) -> list[str]:
    return [url("delete", page.pk), BULK.format("delete", page.pk)]


@pytest.mark.parametrize("name", ["mei", "admin"])
@pytest.mark.parametrize("way", [0, 1], ids=["single", "bulk"])
def test_the_page_of_an_action_with_sign_ups_is_not_deleted(town: Town, signed: Action, name: str, way: int) -> None:
    before = land()
    messages = told(as_(town, name), ways_to_delete(signed.page)[way])
    assert land() == before
    assert len(messages) == 1
    assert "报名" in messages[0]


def test_not_even_when_everybody_has_cancelled(town: Town, signed: Action) -> None:
    """A cancelled sign-up stays: it is somebody's record."""
    seats.cancel(sign_up=town.dana.sign_ups.get(), by=town.dana)
    before = land()
    assert told(as_(town, "admin"), url("delete", signed.page.pk))
    assert land() == before


@pytest.mark.parametrize("way", [0, 1], ids=["single", "bulk"])
def test_an_announced_action_keeps_its_page_without_sign_ups_too(town: Town, way: int) -> None:
    action = cast.announced(town)
    before = land()
    assert told(as_(town, "mei"), ways_to_delete(action.page)[way])
    assert land() == before


@pytest.mark.parametrize("way", [0, 1], ids=["single", "bulk"])
def test_nothing_that_an_organisation_stands_on_is_deleted(town: Town, signed: Action, way: int) -> None:
    index, section = signed.page.get_parent(), town.yuqi.section
    directory = section.get_parent()
    before = land()
    client = as_(town, "admin")
    for page in (index, section, directory, directory.get_parent()):
        confirmed = {"confirm_site_name": "共治"}
        assert told(client, ways_to_delete(page)[way], confirmed), page
        assert land() == before, page


def test_one_of_several_in_bulk_stops_all_of_them(town: Town, signed: Action) -> None:
    draft = cast.draft(town).page
    before = land()
    assert told(as_(town, "mei"), f"/admin/bulk/wagtailcore/page/delete/?id={draft.pk}&id={signed.page.pk}")
    assert land() == before


@pytest.mark.parametrize("name", ["mei", "admin"])
@pytest.mark.parametrize("way", [0, 1], ids=["single", "bulk"])
def test_a_draft_goes_with_its_page(town: Town, name: str, way: int) -> None:
    kept = cast.announced(town)
    draft = cast.draft(town)
    shifts.add(action=draft, hours=cast.in_hours(72), by=town.mei)
    client = as_(town, name)
    assert client.get(ways_to_delete(draft.page)[way]).status_code == 200
    client.post(ways_to_delete(draft.page)[way])
    assert list(Action.objects.all()) == [kept]
    assert list(ActionPage.objects.all()) == [kept.page]
    assert set(Shift.objects.values_list("action_id", flat=True)) == {kept.pk}


@pytest.mark.parametrize("way", ["single", "bulk"])
@pytest.mark.parametrize("name", ["mei", "admin"])
def test_no_page_moves_out_of_its_organisation(town: Town, signed: Action, name: str, way: str) -> None:
    membership.join(person=town.mei, organisation=town.school, role=Role.COORDINATOR, by=town.bo)
    there = town.school.section.get_children().get(slug="actions")
    before = land()
    client = as_(town, name)
    for page, destination in (
        (signed.page, there),
        (signed.page.get_parent(), town.school.section),
        (town.yuqi.section, town.school.section),
        (town.yuqi.section, town.yuqi.section.get_parent().get_parent()),
    ):
        if way == "single":
            response = client.post(url("move_confirm", page.pk, destination.pk))
        else:
            response = client.post(BULK.format("move", page.pk), {"chooser": destination.pk})
        assert response.status_code in (200, 302)
        assert land() == before, (page, destination)


@pytest.mark.parametrize("way", ["single", "bulk"])
def test_the_operator_reads_why_it_does_not_move(town: Town, signed: Action, way: str) -> None:
    there = town.school.section.get_children().get(slug="actions")
    address = url("move_confirm", signed.page.pk, there.pk) if way == "single" else BULK.format("move", signed.page.pk)
    assert any("背街里巷清扫" in sentence for sentence in told(as_(town, "admin"), address, {"chooser": there.pk}))


@pytest.mark.parametrize("name", ["mei", "admin"])
def test_nothing_of_it_is_copied(town: Town, signed: Action, name: str) -> None:
    before = land()
    client = as_(town, name)
    index = signed.page.get_parent()
    for page, parent in (
        (signed.page, index),
        (index, town.yuqi.section),
        (town.yuqi.section, town.yuqi.section.get_parent()),
    ):
        for extra in ({}, {"copy_subpages": "on"}, {"alias": "on"}):
            form = {
                "new_title": "copy",
                "new_slug": "copy",
                "new_parent_page": parent.pk,
                "publish_copies": "on",
                **extra,
            }
            assert client.post(url("copy", page.pk), form).status_code == 302
            assert land() == before, (page, extra)


def test_the_admins_own_api_does_no_deeds(town: Town, signed: Action) -> None:
    """Its delete, move and copy would pass by all hooks."""
    client = as_(town, "admin")
    before = land()
    assert client.get(f"/admin/api/main/pages/{signed.page.pk}/").status_code == 200
    for deed in ("delete", "move", "copy", "unpublish", "publish", "create_alias", "revert_to_page_revision"):
        address = f"/admin/api/main/pages/{signed.page.pk}/action/{deed}/"
        data = {"destination_page_id": town.school.section_id, "slug": "x", "recursive": True}
        assert client.post(address, data, content_type="application/json").status_code == 404, deed
    assert land() == before


def test_nobody_adds_a_page_of_an_action_or_a_section_by_hand(town: Town) -> None:
    client = as_(town, "admin")
    before = land()
    index = town.yuqi.section.get_children().get(slug="actions")
    for model, parent in (
        ("events/actionpage", index),
        ("events/actionindexpage", town.yuqi.section),
        ("communities/organisationpage", town.yuqi.section.get_parent()),
        ("communities/organisationindexpage", town.yuqi.section.get_parent().get_parent()),
    ):
        response = client.post(f"/admin/pages/add/{model}/{parent.pk}/", {"title": "x", "slug": "x", "summary": "x"})
        assert response.status_code == 302, model
        assert land() == before, model


# --- choosers ---------------------------------------------------------------------------------------------------------


def chooser(client: Client, address: str, **query: object) -> str:
    return client.get(address, query).content.decode()


def test_the_chooser_shows_own_drafts_and_live_pages_of_others(town: Town) -> None:
    own_draft = cast.draft(town, title="own-draft").page
    live = cast.announced(town, title="their-live", host=town.school, by=town.bo).page
    hidden = cast.draft(town, title="their-draft", host=town.school, by=town.bo).page
    client = as_(town, "yan")
    assert "own-draft" in chooser(client, f"/admin/choose-page/{own_draft.get_parent().pk}/")
    theirs = chooser(client, f"/admin/choose-page/{live.get_parent().pk}/")
    assert "their-live" in theirs
    assert "their-draft" not in theirs
    for page in (own_draft, live, hidden):
        insert_or_update_object(page)  # a worker does it on the site
    found = chooser(client, "/admin/choose-page/search/", q="their")
    assert "their-live" in found
    assert "their-draft" not in found
    assert client.get(f"/admin/choose-page/{hidden.pk}/").status_code == 404
    ticked = chooser(client, "/admin/choose-page/chosen-multiple/", id=[own_draft.pk, live.pk, hidden.pk])
    assert "own-draft" in ticked
    assert "their-live" in ticked
    assert "their-draft" not in ticked


def test_a_live_page_of_a_draft_action_is_a_draft_to_others(town: Town) -> None:
    page = cast.draft(town, title="too-early", host=town.school, by=town.bo).page
    page.save_revision().publish()
    for name, sees in (("yan", False), ("bo", True), ("admin", True)):
        client = as_(town, name)
        assert ("too-early" in chooser(client, f"/admin/choose-page/{page.get_parent().pk}/")) == sees, name
        assert client.get(f"/admin/choose-page/{page.pk}/").status_code == (200 if sees else 404), name


# --- where it is served -----------------------------------------------------------------------------------------------


def in_the_tree(page: Page) -> str:
    return page.url_path.removeprefix("/home")


def test_the_address_of_the_tree_leads_to_the_action(town: Town, visitor: Client, signed: Action) -> None:
    response = visitor.get(in_the_tree(signed.page))
    assert (response.status_code, response["Location"]) == (301, signed.get_absolute_url())
    assert signed.page.url == signed.get_absolute_url()


def test_the_index_leads_to_the_list(town: Town, visitor: Client, signed: Action) -> None:
    assert visitor.get(in_the_tree(signed.page.get_parent())).status_code == 302


@pytest.mark.parametrize("name", ["", "dana", "bo"])
def test_a_live_page_of_a_draft_is_not_there_at_any_address(town: Town, name: str) -> None:
    action = cast.draft(town, title=MARK)
    action.page.save_revision().publish()
    client = as_(town, name) if name else Client()
    for address in (in_the_tree(ActionPage.objects.get()), action.get_absolute_url(), "/actions/"):
        response = client.get(address)
        assert MARK not in response.content.decode()
        assert response.status_code == (200 if address == "/actions/" else 404), address


def test_its_own_people_are_led_to_it(town: Town) -> None:
    action = cast.draft(town)
    action.page.save_revision().publish()
    assert as_(town, "yan").get(in_the_tree(action.page)).status_code == 301


def test_a_page_without_an_action_is_not_there(town: Town, visitor: Client) -> None:
    index = ActionIndexPage.objects.first()
    assert index is not None
    stray = index.add_child(instance=ActionPage(title=MARK, slug="stray", summary=MARK, live=True))
    assert visitor.get(in_the_tree(stray)).status_code == 404
    assert MARK not in visitor.get("/actions/").content.decode()


def test_a_section_without_an_organisation_is_not_there(town: Town, visitor: Client) -> None:
    directory = OrganisationIndexPage.objects.get()
    stray = directory.add_child(instance=OrganisationPage(title=MARK, slug="stray"))
    assert visitor.get(in_the_tree(stray)).status_code == 404


# --- on whose ground --------------------------------------------------------------------------------------------------


def test_every_page_below_a_section_belongs_to_its_organisation(town: Town, signed: Action) -> None:
    assert ground.owner(signed.page) == town.yuqi
    assert ground.owner(town.yuqi.section) == town.yuqi
    assert ground.owner(town.yuqi.section.get_parent()) is None
    assert not ground.leaves_its_organisation(signed.page, signed.page.get_parent())
    assert ground.leaves_its_organisation(signed.page, town.school.section)


def test_a_draft_is_removed_by_the_deed_too(town: Town) -> None:
    action = cast.draft(town)
    shifts.add(action=action, hours=cast.in_hours(72), by=town.mei)
    page = action.page.pk
    removing.remove(action=action, by=town.yan)
    assert not Action.objects.exists()
    assert not Page.objects.filter(pk=page).exists()


@pytest.mark.parametrize(("name", "code"), [("bo", "no_right"), ("chen", "no_right"), ("mei", "not_draft")])
def test_the_deed_keeps_what_must_be_kept(town: Town, name: str, code: str) -> None:
    action = cast.announced(town)
    before = land()
    with pytest.raises(Refused) as refusal:
        removing.remove(action=action, by=town.people[name])
    assert refusal.value.code == code
    assert land() == before
