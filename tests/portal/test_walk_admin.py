"""Every address of Wagtail's admin, asked by everybody about their own things and about others'.

Two organisations have one of everything (``tests.walking``): 玉祁社区, which mei coordinates and whose editor is yan, and
the school, which bo coordinates. Each row of the table (``admin_addresses``) asks about a thing of each of them. What is refused changes no row
of the database, and whatever is answered holds no mark of a thing that is not the person's own.
"""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, clear_url_caches, get_resolver
from pytest_django.plugin import DjangoDbBlocker
from wagtail import hooks
from wagtail.documents.models import Document
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.models import Image
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import GroupPagePermission, Page, Site

from communities import admin_urls, membership
from communities.narrowed import pages
from communities.roles import Role
from tests import cast, walking
from tests.cast import Town
from tests.portal.admin_addresses import ADMIN, FORMS, Ask
from tests.walking import Mark, Marks, Side, Writes

# --- asking -----------------------------------------------------------------------------------------------------------

OUTSIDE = ("anonymous", "dana", "chen", "lan")
INSIDE = ("admin", "mei", "yan", "bo")
RULES = ("category", "standard", "big_class", "limit", "holiday", "template")
SHARED = ("home", "directory", "site_draft", "root", *RULES)
"""Pages and word lists that belong to no organisation; nobody's own but the operator's."""

XHR = "/multiple/"
"""Where Wagtail listens to scripts alone; they are refused by a status and not by a way to go."""

OF_KIND = {
    "page_id": "thing",
    "parent_page_id": "thing",
    "page_to_move_id": "thing",
    "object_id": "thing",
    "page_pk": "thing",
    "pk": "thing",
    "task_id": "task",
    "image_id": "image",
    "document_id": "document",
    "doc_id": "document",
    "collection_id": "collection",
    "revision_id": "thing_revision",
    "task_state_id": "task_state",
    "workflow_state_id": "workflow_state",
    "workflow_pk": "workflow",
    "uploaded_file_id": "thing",
}
"""What a part of an address stands for, where a row does not say otherwise."""


def fields(form: str) -> list[tuple[str, str]]:
    return [
        (name, value) for name, _is, value in (each.partition("=") for each in FORMS.get(form, "").split("&")) if name
    ]


@dataclass
class World:
    """The two organisations, the marks in their things, and how the database stood before anybody asked."""

    town: Town
    marks: Marks
    sides: dict[str, Side]
    shared: dict[str, int]
    before: dict[str, list[Any]]
    clients: dict[str, Client]
    site: int
    land: dict[str, Any]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once, inside a transaction that is rolled back at the end of the module; each request has its savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        town, marks = cast.gather(), Marks()
        for person, role in ((town.chen, Role.MEMBER), (town.lan, Role.LEADER)):
            membership.join(person=person, organisation=town.yuqi, role=role, by=town.mei)
        *_others, one, another = town.neighbours()
        sides = {
            "yuqi": walking.furnish(town, marks, "yuqi", town.yuqi, town.mei, one),
            "school": walking.furnish(town, marks, "school", town.school, town.bo, another),
        }
        shared = {name: page.pk for name, page in walking.furnish_the_site(marks).items()} | walking.rules()
        clients = {name: walking.sign_in(town.people.get(name)) for name in (*OUTSIDE, *INSIDE)}
        yield World(
            town,
            marks,
            sides,
            shared,
            walking.rows(),
            clients,
            Site.objects.get().pk,
            {name: land(side) for name, side in sides.items()},
        )
        transaction.set_rollback(True)


def address(route: str, numbers: dict[str, object], fill: dict[str, str]) -> str:
    """The route with its parts filled in."""

    def part(match: re.Match[str]) -> str:
        name = match[1]
        return fill[name].format(**numbers) if name in fill else str(numbers[OF_KIND[name]])

    path = re.sub(r"<(?:\w+:)?(\w+)>", part, route)
    compare = r"^(\d+)/revisions/compare/(live|earliest|\d+)\.\.\.(live|latest|\d+)/$"
    path = path.replace(compare, "{thing}/revisions/compare/earliest...latest/".format(**numbers))
    path = path.replace("^(?:users|groups)/", "users/x/").replace("^.*/$", "nothing/").replace("admin/^", "admin/")
    return "/" + path.replace("main/^", "main/").lstrip("^").replace("(?:users|groups)", "users")


def letter(response: Any, tables: list[str]) -> str:
    """How the admin answered, as the table writes it; ``L`` is the way to the page where one signs in."""
    status, way = response.status_code, response.headers.get("Location", "")
    if status == 302 and way.startswith(("/account/login/", "/admin/login/")):
        return "L"
    if status in (302, 403):
        tones = {tone for _sentence, tone in walking.said(response)}
        if status == 403 or "error" in tones:
            return "x"
    known = {400: "?", 404: ".", 405: "-"}.get(status)
    if known is not None or status >= 400:
        return known or str(status)
    return "w" if tables else ">" if status == 302 else "o"


@dataclass
class Answer:
    letter: str
    tables: list[str]
    read: set[Mark]
    where: str
    response: Any
    trespasses: list[str]


def numbers_of(world: World, side: str, thing: str) -> dict[str, object]:
    """What an address is filled with: the numbers of one side, of the other one, and of the thing itself."""
    own, other = world.sides[side], world.sides["school" if side == "yuqi" else "yuqi"]
    numbers: dict[str, object] = {**world.shared, "site": world.site, **own.numbers}
    numbers |= {f"other_{name}": value for name, value in other.numbers.items()}
    numbers["thing"] = numbers.get(thing, 0)
    numbers["thing_revision"] = numbers.get(f"{thing}_revision", 1)
    return numbers


def ask(world: World, name: str, route: str, row: Ask, side: str, thing: str) -> Answer:
    """Send one request; whatever it did is undone."""
    numbers = numbers_of(world, side, thing)
    path = address(route, numbers, dict(each.split("=", 1) for each in row.fill.split()))
    query = row.query.format(**numbers)
    where = f"{row.method} {path}{'?' if query else ''}{query}"
    data: dict[str, Any] = {field.format(**numbers): value.format(**numbers) for field, value in fields(row.data)}
    for field, value in data.items():
        if value.startswith("file:"):
            data[field] = walking.picture("new") if value == "file:image" else walking.words("new")
    heard, client = Writes(), world.clients[name]
    kept = copy.deepcopy(client.cookies)
    with transaction.atomic():
        with connection.execute_wrapper(heard):
            if row.method == "POST":
                headers = {"x-requested-with": "XMLHttpRequest"} if XHR in path else {}
                response = client.post(f"{path}?{query}", data, headers=headers)
            else:
                response = client.generic(row.method, f"{path}?{query}")
            text = walking.everything_in(response)
        # Whole where it was refused; where it was not, it is enough to see that what was spoken to has changed.
        spoken_to = () if letter(response, []) in "x.-?L" else heard.tables
        tables = walking.changed(world.before, walking.rows(spoken_to)) if heard.tables else []
        others = world.sides.values() if tables and name != "admin" else ()
        trespasses = [
            each.name for each in others if each.name != OWN.get(name) and land(each) != world.land[each.name]
        ]
        transaction.set_rollback(True)
    client.cookies = kept  # whoever signed out is back
    return Answer(letter(response, tables), tables, world.marks.found_in(text), where, response, trespasses)


# --- the walk ---------------------------------------------------------------------------------------------------------


OWN = {"mei": "yuqi", "yan": "yuqi", "bo": "school"}
COLUMN = {"admin": 0, "mei": 1, "yan": 2}


def expected(row: Ask, name: str, side: str, thing: str) -> str:
    """The letter of the table for this person and the thing of this side."""
    about_nobody = not thing or thing in SHARED
    if name == "admin" or (OWN[name] == side and not about_nobody):
        return row.answers[COLUMN.get(name, 1)]
    if about_nobody:
        return row.answers[3 if name == "bo" else COLUMN[name]]
    return row.answers[3]


def sides_of(name: str, thing: str) -> tuple[str, ...]:
    """About whose thing the person asks: the own one and the other's. The operator has no other; bo's own is as mei's."""
    return ("yuqi", "school") if name in ("mei", "yan") and thing and thing not in SHARED else ("yuqi",)


def may_read(name: str, mark: Mark) -> bool:
    """In the admin nobody reads of people; the operator reads everything else, the others what is of their own side."""
    return mark.kind != "people" and (name == "admin" or mark.side == OWN.get(name))


def land(side: Side) -> tuple[Any, ...]:
    """Everything of an organisation that pages, pictures and documents are made of."""
    assert side.host.section is not None
    pages = Page.objects.filter(path__startswith=side.host.section.path).order_by("pk")
    media = [model.objects.filter(collection=side.host.collection).order_by("pk") for model in (Image, Document)]
    return tuple(list(found.values()) for found in (pages, *media))


def walk(world: World, name: str, only: str = "") -> list[str]:
    """Ask everything in the table (or at the addresses that begin with ``only``); return what is not as it should be."""
    wrong = []
    for route, asks in ADMIN.items():
        for row in asks if route.startswith(only) else ():
            for thing in row.of.split() or [""]:
                for side in sides_of(name, thing):
                    wanted = expected(row, name, side, thing)
                    if wanted == "*":
                        continue
                    answer = ask(world, name, route, row, side, thing)
                    told = f"{name} {answer.where} ({side} {thing})"
                    if answer.letter != wanted:
                        wrong.append(f"{told}: {answer.letter}, not {wanted}, changed {answer.tables}")
                    if answer.tables and wanted != "w":
                        wrong.append(f"{told}: something was written: {answer.tables}")
                    if answer.trespasses:
                        wrong.append(f"{told}: something of {answer.trespasses} was written")
                    wrong += [f"{told}: reads {mark}" for mark in sorted(answer.read) if not may_read(name, mark)]
    return wrong


def test_every_admin_address_has_a_row() -> None:
    found = {route for route in walking.routes(get_resolver().url_patterns) if route.lstrip("^").startswith("admin/")}
    assert found == set(ADMIN)


def test_every_field_has_its_mark(world: World) -> None:
    """A new model or field of the rooms is in the walk, or here it says so."""
    marked = {mark.label for mark in world.marks.given.values() if mark.side != "site"}
    lacking = {
        walking.label_of(each)
        for model in walking.marked_models()
        for each in walking.text_fields(model)
        if not each.remote_field
    } - {mark.label for mark in world.marks.given.values()}
    assert lacking == set(), "make a row with these in tests/walking.py, or say in PUBLIC why nobody need hide them"
    assert len(marked) > 60


@pytest.mark.parametrize("name", INSIDE)
def test_everybody_is_answered_as_the_table_says(world: World, name: str) -> None:
    assert walk(world, name) == []


OPEN_TO_ALL = ("admin/jsi18n/", "admin/sprite/")
"""Words and signs for Wagtail's scripts, which know of no page."""


@pytest.mark.parametrize("name", OUTSIDE)
def test_who_writes_no_pages_is_kept_out(world: World, name: str) -> None:
    """The way to sign in, or nothing there; never a page, never a word, and nothing is written."""
    for route, asks in ADMIN.items():
        for row in asks:
            answer = ask(world, name, route, row, "yuqi", (row.of.split() or [""])[0])
            allowed = {"o"} if route in OPEN_TO_ALL else {"x", "L"} if XHR in answer.where else {"L", ".", ">"}
            assert answer.letter in allowed, (answer.where, answer.letter)
            assert answer.tables == [], answer.where
            assert answer.read == set(), answer.where


class TestTheWalkWouldFindIt:
    """The twins: a guard that is taken away on purpose is found by the answer, by a mark or by what was written."""

    def test_a_chooser_without_its_hook(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(hooks._hooks, "construct_page_chooser_queryset", [])
        wrong = "\n".join(walk(world, "bo", "admin/choose-page/"))
        assert "(yuqi notice_draft): o, not ." in wrong
        assert "reads yuqi's Page.title (page)" in wrong

    def test_a_policy_that_lets_everybody_change(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        everybody: Any = lambda *_args, **_kwargs: True  # noqa: E731
        monkeypatch.setattr(image_policy, "user_has_permission_for_instance", everybody)
        monkeypatch.setattr(document_policy, "user_has_permission_for_instance", everybody)
        wrong = "\n".join(walk(world, "bo", "admin/images/<int:image_id>/"))
        assert "(yuqi image): w, not x" in wrong
        assert "something of ['yuqi'] was written" in wrong
        assert "reads yuqi's wagtailimages.Image.title (media)" in wrong

    @pytest.mark.parametrize(
        ("route", "mark"),
        [
            ("admin/bulk/", "Page.title (page)"),
            ("admin/tag-autocomplete/", "taggit.Tag.name (media)"),
            ("admin/pages/workflow/preview/", "Page.title (page)"),
        ],
    )
    def test_wagtails_own_view_instead_of_the_narrowed_one(
        self, world: World, monkeypatch: pytest.MonkeyPatch, route: str, mark: str
    ) -> None:
        own = admin_urls.urlpatterns
        resolver = next(
            each for each in get_resolver().url_patterns if getattr(each, "urlconf_name", None) is admin_urls
        )
        kept = [each for each in own if not f"admin/{each.pattern}".startswith(route)]
        monkeypatch.setattr(admin_urls, "urlpatterns", kept)
        monkeypatch.setitem(vars(resolver), "url_patterns", kept)
        with without_kept_addresses():
            wrong = "\n".join(walk(world, "bo", route))
        assert f"reads yuqi's {mark}" in wrong

    def test_a_form_that_takes_any_number(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pages, "_choosers", dict)
        wrong = "\n".join(walk(world, "mei", "admin/pages/<int:page_id>/edit/"))
        assert "(yuqi notice_draft): w, not x" in wrong

    def test_a_right_on_a_page_of_others(self, world: World) -> None:
        with transaction.atomic():
            change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
            group = world.town.school.role_groups.get(role=Role.COORDINATOR).group
            page = Page.objects.get(pk=world.sides["yuqi"].numbers["notices"])
            GroupPagePermission.objects.create(group=group, page=page, permission=change)
            # What is compared with is how it stood before this, so the grant itself shows as a table.
            world.before["wagtailcore_grouppagepermission"] = walking.rows()["wagtailcore_grouppagepermission"]
            wrong = "\n".join(walk(world, "bo", "admin/pages/<int:page_id>/edit/"))
            transaction.set_rollback(True)
        assert "(yuqi notice_draft): w, not x" in wrong
        assert "reads yuqi's portal.NoticePage.summary (page)" in wrong
        assert "something of ['yuqi'] was written" in wrong

    def test_unpublished_titles(self, world: World) -> None:
        """Without the rule by which a page is known, Wagtail names a live page by its newest title."""
        page = world.sides["yuqi"].pages["notice_live"]
        with transaction.atomic():
            newest = page.get_latest_revision().content["title"]
            Page.objects.filter(pk=page.pk).update(draft_title=newest)
            wrong = "\n".join(walk(world, "bo", "admin/choose-page/"))
            transaction.set_rollback(True)
        assert "reads yuqi's Page.title (page)" in wrong

    def test_a_new_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(ADMIN, "admin/sprite/")
        with pytest.raises(AssertionError):
            test_every_admin_address_has_a_row()

    def test_an_address_that_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(ADMIN, "admin/gone/", [])
        with pytest.raises(AssertionError):
            test_every_admin_address_has_a_row()

    def test_a_field_without_a_mark(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        given = {word: mark for word, mark in world.marks.given.items() if mark.label != "portal.NoticePage.summary"}
        monkeypatch.setattr(world.marks, "given", given)
        with pytest.raises(AssertionError, match=r"portal\.NoticePage\.summary"):
            test_every_field_has_its_mark(world)


@contextmanager
def without_kept_addresses() -> Iterator[None]:
    """Django keeps what it resolved; now and afterwards it must look again."""
    kept = [each for each in get_resolver().url_patterns if isinstance(each, URLResolver)]
    clear_url_caches()
    for each in kept:
        each.__dict__.pop("_populated", None)
    yield
    clear_url_caches()
