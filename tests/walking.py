"""What the walks share: marks in every field of somebody's things, and what an answer and the database say.

A mark is a word that stands in one field of one row and nowhere else in the world. Whoever finds it in an answer has read
that field. Which fields there are is asked of the models, so a new model or field has its mark or fails
``test_every_field_has_its_mark``.
"""

import io
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from PIL import Image as Picture
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import Image
from wagtail.models import Collection, Comment, CommentReply, Page, TaskState, UploadedFile, Workflow
from wagtail.search.index import insert_or_update_object

from communities.models import (
    Application,
    Consent,
    Following,
    Invitation,
    JoinRequest,
    Organisation,
    OrganisationIndexPage,
    Suspension,
    Token,
    User,
)
from communities.roles import Role
from events import posting
from events.models import Action, ComposerDraft, Party, PhoneLook, Shift
from grid.models import (
    Area,
    Card,
    Case,
    FilingStandard,
    FormerWords,
    Holiday,
    Limit,
    Note,
    Post,
    Question,
    ReplyTemplate,
    Reporter,
    Step,
    Subscription,
)
from portal.models import HomePage, NoticeAttachment, NoticeIndexPage, NoticePage, StandardPage
from tests import cast, grounds
from tests.cast import Town
from updates.models import Message, Outgoing, Topic, Update
from volunteers.models import Volunteer

M = TypeVar("M", bound=models.Model)

# --- marks ------------------------------------------------------------------------------------------------------------

TREE = "the tree of pages writes it itself"
PUBLIC: dict[str, str] = {
    "grid.DraftPhoto.digest": "what a file hashes to, for a week at most",
    "communities.Organisation": "everybody may read what an organisation is",
    "grid.Card.extent": "stands on the card that everybody reads",
    "grid.Card.duty": "stands on the card that everybody reads",
    "grid.Card.task": "stands on the card that everybody reads",
    "grid.Post.duty_phone": "stands on the notice board",
    "grid.Case.withheld": "the numbers of steps whose words were taken down",
    "grid.Step.deed": "a word of the program",
    "grid.Step.before": "a word of the program",
    "grid.Step.by_role": "a word of the program",
    **dict.fromkeys(
        ("grid.Area", "grid.Boundary", "grid.Road", "grid.Segment", "grid.PointOfInterest", "grid.SentFile"),
        "everybody may read the net",
    ),
    **dict.fromkeys(
        ("grid.BigClass", "grid.Category", "grid.FilingStandard", "grid.Holiday", "grid.Limit", "grid.ReplyTemplate"),
        "everybody may read by what rules problems are handled",
    ),
    "portal.Beat": "names of processes",
    "portal.PageText": "the words of live pages, which are in the pages",
    "communities.ReviewTask": "the one task of the site",
    "updates.Topic.name": "a word of the program; whether it may be followed is the walk's question",
    "updates.Update.verb": "a word of the program",
    "updates.Message.kind": "a word of the program",
    "wagtailcore.Collection.path": TREE,
    "wagtailcore.Comment.contentpath": "the field that is spoken of",
    "wagtailcore.Comment.position": "where in the field",
    "Page.path": TREE,
    "Page.url_path": TREE,
    "Page.draft_title": "written with every revision; its mark is that of the title",
}
"""Models and fields without a mark, and why."""

OF_WAGTAIL = (Image, Document, Collection, Comment, CommentReply, TaskState, UploadedFile)
"""Models of Wagtail that hold what people of an organisation write, besides its pages and their revisions."""

SOUGHT = "zusammen"
"""A word that every title has, to search for: what was asked stands in the answer, too."""

WORD = re.compile(r"zq\d{5}x|139[ -]?770\d[ -]?\d{4}", re.IGNORECASE)


class Mark(NamedTuple):
    """Where a mark stands: on whose side, in which field, and who the row is about."""

    side: str
    label: str
    kind: str

    def __str__(self) -> str:
        return f"{self.side}'s {self.label} ({self.kind})"


@dataclass
class Marks:
    """All marks that were given out."""

    given: dict[str, Mark] = field(default_factory=dict)

    def word(self, mark: Mark, field_of: models.Field[Any, Any] | None = None) -> str:
        """A new word for this place, of a form that its field takes."""
        number = len(self.given)
        if field_of is not None and "phone" in field_of.name:
            word = f"139770{number:05d}"
            self.given[word] = mark
            return f"+86{word}"
        word = f"zq{number:05d}x"
        self.given[word] = mark
        return f"{word}@example.org" if isinstance(field_of, models.EmailField) else word

    def found_in(self, text: str) -> set[Mark]:
        """Whose fields can be read in this text?"""
        words = (re.sub(r"[ -]", "", word).lower() for word in WORD.findall(text))
        return {self.given[word] for word in words if word in self.given}

    def fill(self, row: models.Model, side: str, kind: str, *, image: Image | None = None, but: str = "") -> None:
        """Put a mark into every field of ``row`` that takes words, but not into those named in ``but``."""
        for each in text_fields(type(row)):
            if each.name in but.split():
                continue
            mark = Mark(side, label_of(each), kind)
            setattr(row, each.attname, self._value(each, getattr(row, each.attname), mark, image))

    def _value(self, of: models.Field[Any, Any], now: Any, mark: Mark, image: Image | None) -> Any:
        def word() -> str:
            return self.word(mark)

        if isinstance(of, StreamField):
            return json.dumps(self._block(of.stream_block, word, image))
        if isinstance(of, models.JSONField):
            return {**{key: word() if value == "x" else value for key, value in (now or {}).items()}, "mark": word()}
        if isinstance(of, RichTextField):
            return f"<p>{word()}</p>"
        if of.name == "title":
            return f"{word()} {SOUGHT}"
        return self.word(mark, of)

    def _block(self, block: blocks.Block, word: Callable[[], str], image: Image | None) -> Any:
        match block:
            case blocks.BaseStreamBlock():
                return [
                    {"type": name, "value": self._block(child, word, image), "id": str(uuid.uuid4())}
                    for name, child in block.child_blocks.items()
                ]
            case blocks.ListBlock():
                value = self._block(block.child_block, word, image)
                return [{"type": "item", "value": value, "id": str(uuid.uuid4())}]
            case blocks.BaseStructBlock():
                return {name: self._block(child, word, image) for name, child in block.child_blocks.items()}
            case blocks.RichTextBlock():
                return f"<p>{word()}</p>"
            case ImageChooserBlock():
                return image.pk if image else None
            case DocumentChooserBlock() | blocks.PageChooserBlock():
                return None
            case blocks.CharBlock() | blocks.TextBlock():
                return word()
        raise AssertionError(f"{block!r} is a block that takes no mark yet")


def label_of(of: models.Field[Any, Any]) -> str:
    """How a field is named here; those that every page has, once for all pages."""
    model = of.model
    return f"{'Page' if model is Page else model._meta.label}.{of.name}"


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model that take words of somebody's own, files left out: their names are given by their maker."""
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, (models.CharField, models.TextField, models.JSONField, StreamField))
        and not each.choices
        and (each.max_length is None or each.max_length >= 10)
        and label_of(each) not in PUBLIC
        and model._meta.label not in PUBLIC
    ]


def marked_models() -> Iterator[type[models.Model]]:
    """Every model of the rooms, and what Wagtail keeps beside them."""
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in grounds.ROOMS:
            yield model
    yield from OF_WAGTAIL


# --- somebody's things ------------------------------------------------------------------------------------------------


@dataclass
class Side:
    """An organisation with one of everything, each field marked."""

    name: str
    host: Organisation
    coordinator: User
    volunteer: User
    image: Image
    document: Document
    pages: dict[str, Page]
    action: Action
    draft: Action
    numbers: dict[str, object]


def picture(name: str) -> ContentFile[bytes]:
    drawn = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(drawn, "PNG")
    return ContentFile(drawn.getvalue(), f"{name}.png")


def words(name: str) -> ContentFile[bytes]:
    return ContentFile(b"words", f"{name}.txt")


def furnish(town: Town, marks: Marks, name: str, host: Organisation, by: User, volunteer: User) -> Side:
    """Give an organisation one of everything. Live things keep the words that everybody may read, and have newer ones."""
    image, document = _media(marks, name, host, by)
    pages = _pages(marks, name, host, by, image, document)
    action, draft = _actions(town, marks, name, host, by, image)
    pages |= {"action_live": action.page, "action_draft": draft.page}
    numbers = _people(town, marks, name, host, by, volunteer, action, draft)
    _reported(marks, name, by, volunteer)
    _book(marks, name, action, draft, volunteer)
    for page in pages.values():
        page.refresh_from_db()
        insert_or_update_object(page)  # a worker does it on the site
    review = pages["notice_review"].current_workflow_state
    assert review is not None
    scheduled = pages["notice_live"].scheduled_revision
    assert scheduled is not None
    uploads = {
        f"uploaded_{kind}": UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=make(marks.word(Mark(name, "wagtailcore.UploadedFile.file", "media"))),
            uploaded_by_user=by,
        ).pk
        for kind, model, make in (("image", Image, picture), ("document", Document, words))
    }
    numbers |= {
        **uploads,
        "image": image.pk,
        "document": document.pk,
        "collection": host.collection_id,
        "host": host.pk,
        "coordinator": by.pk,
        "workflow_state": review.pk,
        "task_state": review.current_task_state_id,
        "task": review.current_task_state.task_id,
        "workflow": review.workflow_id,
        "scheduled": scheduled.pk,
        **{thing: page.pk for thing, page in pages.items()},
        **{f"{thing}_revision": page.latest_revision_id or 0 for thing, page in pages.items()},
    }
    return Side(name, host, by, volunteer, image, document, pages, action, draft, numbers)


def furnish_the_site(marks: Marks) -> dict[str, Page]:
    """The pages of the whole site: what is written of them and not published yet is the operator's."""
    home, directory = HomePage.objects.get(), OrganisationIndexPage.objects.get()
    draft = StandardPage(title="x", live=False)
    marks.fill(draft, "site", "page")
    home.add_child(instance=draft)
    for page in (home, directory):
        marks.fill(page, "site", "page", but="slug")
        page.save_revision()
    return {"home": home, "directory": directory, "site_draft": draft, "root": Page.objects.get(depth=1)}


def rules() -> dict[str, int]:
    """One of each list by which problems are handled; they are nobody's but the operator's to change."""
    standard = FilingStandard.objects.filter(category__code="E0110").latest("since")
    found = {"standard": standard.pk, "category": standard.category_id, "big_class": standard.category.big_class_id}
    lists = (("limit", Limit), ("holiday", Holiday), ("template", ReplyTemplate))
    return found | {name: model.objects.earliest("pk").pk for name, model in lists}


def _media(marks: Marks, name: str, host: Organisation, by: User) -> tuple[Image, Document]:
    assert host.collection is not None
    marks.fill(host.collection, name, "collection", but="path")
    host.collection.save()
    image = Image(collection=host.collection, uploaded_by_user=by, width=4, height=4)
    image.file = picture(marks.word(Mark(name, "wagtailimages.Image.file", "media")))
    document = Document(collection=host.collection, uploaded_by_user=by)
    file = marks.word(Mark(name, "wagtaildocs.Document.file", "media"))
    document.file = ContentFile(b"words", f"{file}.txt")
    for row in (image, document):
        row.save()
        marks.fill(row, name, "media")
        row.tags.add(marks.word(Mark(name, "taggit.Tag.name", "media")))
        row.save()
        insert_or_update_object(row)
    image.get_file_size()
    document.get_file_size()
    return image, document


def _pages(marks: Marks, name: str, host: Organisation, by: User, image: Image, document: Document) -> dict[str, Page]:
    assert host.section is not None
    section = host.section.specific
    index = NoticeIndexPage.objects.child_of(section).get()
    pages: dict[str, Page] = {
        "section": section,
        "notices": index,
        "actions": section.get_children().get(slug="actions").specific,
    }
    for page in list(pages.values()):
        marks.fill(page, name, "page", but="slug")
        page.save_revision(user=by)
    for thing in ("notice_draft", "notice_review", "notice_locked"):
        pages[thing] = _notice(marks, name, index, by, image, document)
    live = index.add_child(instance=NoticePage(title="公告", slug="live", summary="x", owner=by))
    live.save_revision(user=by).publish()
    pages["notice_live"] = live = NoticePage.objects.get(pk=live.pk)
    marks.fill(live, name, "page", image=image, but="slug")
    live.go_live_at = timezone.now() + timedelta(days=3)
    live.save_revision(user=by, approved_go_live_at=live.go_live_at)
    marks.fill(live, name, "page", image=image, but="slug")
    live.go_live_at = None
    live.save_revision(user=by)
    _discuss(marks, name, pages["notice_draft"], by)
    workflow = Workflow.objects.get()
    workflow.start(pages["notice_review"], by)
    for state in TaskState.objects.filter(workflow_state__object_id=str(pages["notice_review"].pk)):
        _mark(marks, state, name, "page")
    locked = pages["notice_locked"]
    locked.locked, locked.locked_by, locked.locked_at = True, by, timezone.now()
    locked.save()
    return pages


def _notice(marks: Marks, name: str, index: NoticeIndexPage, by: User, image: Image, document: Document) -> NoticePage:
    page = NoticePage(live=False, owner=by)
    marks.fill(page, name, "page", image=image)
    index.add_child(instance=page)
    attached = NoticeAttachment(page=page, document=document)
    marks.fill(attached, name, "page")
    page.attachments.add(attached)
    page.save_revision(user=by)
    return page


def _discuss(marks: Marks, name: str, page: Page, by: User) -> None:
    comment = Comment(page=page, user=by, contentpath="title", revision_created=page.latest_revision)
    marks.fill(comment, name, "page", but="contentpath position")
    comment.save()
    reply = CommentReply(comment=comment, user=by)
    marks.fill(reply, name, "page")
    reply.save()


def _actions(town: Town, marks: Marks, name: str, host: Organisation, by: User, image: Image) -> tuple[Action, Action]:
    action = cast.announced(town, host=host, by=by)
    page = action.page
    marks.fill(page, name, "page", but="slug")
    page.save_revision(user=by)
    # Whom to call is said to those who come.
    Action.objects.filter(pk=action.pk).update(
        contact_phone=marks.word(
            Mark(name, "events.Action.contact_phone", "people"), Action._meta.get_field("contact_phone")
        )
    )
    draft = cast.draft(town, host=host, by=by)
    page = draft.page
    marks.fill(page, name, "page")
    page.save()
    page.save_revision(user=by)
    _mark(marks, draft, name, "page")
    hours = action.shifts.get()
    shift = Shift.objects.create(action=draft, starts_at=hours.starts_at, ends_at=hours.ends_at)
    shift.allotments.create(capacity=3)
    _mark(marks, shift, name, "page")
    for each in Action.objects.filter(pk=draft.pk):
        Action.objects.filter(pk=each.pk).update(starts_at=hours.starts_at, ends_at=hours.ends_at)
    # Asked and not joined: between the two organisations.
    for asked, state in ((town.chengguan, Party.State.INVITED), (town.group, Party.State.DECLINED)):
        answered = {} if state == Party.State.INVITED else {"answered_at": timezone.now(), "answered_by": town.admin}
        party = Party.objects.create(action=action, organisation=asked, state=state, invited_by=by, **answered)
        _mark(marks, party, name, "page")
    return action, draft


def _people(
    town: Town,
    marks: Marks,
    name: str,
    host: Organisation,
    by: User,
    volunteer: User,
    action: Action,
    draft: Action,
) -> dict[str, object]:
    """A volunteer of whom everything is known that the site may know."""
    profile, _is_new = Volunteer.objects.get_or_create(person=volunteer)
    sign_up = cast.sign_up(volunteer, action.shifts.get())
    look = PhoneLook.objects.create(sign_up=sign_up, looked_by=by)
    message = Message.objects.create(person=volunteer, kind="called_off", payload={"reason": "x"})
    later = timezone.now() + timedelta(days=7)
    made_by = {"made_by": by, "expires_at": later}
    join_request = JoinRequest.objects.create(person=volunteer, organisation=host)
    invitation = Invitation.objects.create(organisation=host, role=Role.MEMBER, phone="+8613900000000", **made_by)
    application = Application.objects.create(applicant=volunteer, kind=Organisation.Kind.OTHER, name="x", about="x")
    token = Token.objects.create(person=volunteer, name="x", digest=uuid.uuid4().hex)
    consent = Consent.objects.create(person=volunteer, version="x")
    post = posting.post(action=action, text="Es geht los.", by=by)
    withdrawn = posting.post(action=action, text="x", by=by)
    posting.withdraw(post=withdrawn, by=by)
    suspended = Suspension.objects.create(
        person=volunteer, reason="x", began_by=town.admin, ended_at=later, ended_by=town.admin
    )
    outgoing = Outgoing.objects.create(message=message, channel="mail", address="x", due_at=later)
    Following.objects.create(person=volunteer, organisation=host)
    # At a desk: who answers for a road is named on its board.
    post_held = Post.objects.create(
        role=Post.Role.ACCEPTOR,
        area=Area.objects.get(level=Area.Level.TOWN),
        person=volunteer,
        since=timezone.localdate(),
        appointed_by=town.admin,
    )
    card = Card.objects.create(area=post_held.area, version=host.pk, issued_by=by)
    typed = ComposerDraft.objects.create(person=by, action=draft, typed={"title": "x", "summary": "x"})
    rows = (volunteer, profile, sign_up, message, join_request, invitation, application)
    for row in (*rows, token, consent, suspended, outgoing, typed, post_held, card):
        _mark(marks, row, name, "people")
    _mark(marks, withdrawn, name, "people")
    User.objects.filter(pk=volunteer.pk).update(
        is_demo=False
    )  # those of the demonstration are named where one signs in
    volunteer.refresh_from_db()
    return {
        "action_id": action.pk,
        "draft_id": draft.pk,
        "shift_id": action.shifts.get().pk,
        "sign_up_id": sign_up.pk,
        "phone_look_id": look.pk,
        "message_id": message.pk,
        "join_request_id": join_request.pk,
        "invitation_id": invitation.pk,
        "application_id": application.pk,
        "token_id": token.pk,
        "volunteer_id": volunteer.pk,
        "post_key": post.key,
    }


def _reported(marks: Marks, name: str, by: User, volunteer: User) -> None:
    """A problem that the volunteer reported and that is kept inside, with all that is said about it, and what is followed."""
    case = Case.objects.create(number=name, receipt=name, reported_at=timezone.now(), is_public=False)
    rows = (
        case,
        Reporter.objects.create(case=case, person=volunteer),
        Note.objects.create(case=case, words="x", by=by),
        Question.objects.create(case=case, words="x", asked_by=by, reply="x", replied_at=timezone.now()),
        Subscription.objects.create(case=case, mail=f"{name}@example.org"),
    )
    for row in rows:
        _mark(marks, row, name, "people")
    step = Step(case=case, number=1, deed="report", after=Case.State.REPORTED, at=timezone.now(), by=volunteer)
    marks.fill(step, name, "people")  # a step that is written stays as it is
    step.save()
    _mark(marks, FormerWords.objects.create(step=step), name, "people")


def _book(marks: Marks, name: str, action: Action, draft: Action, volunteer: User) -> None:
    """Something said in every topic that is not for everybody."""
    for topic, kind in (
        (f"desk:{action.pk}", "people"),
        (f"person:{volunteer.pk}", "people"),
        (f"action:{draft.pk}", "page"),
        (f"desk:{draft.pk}", "people"),
    ):
        row, _is_new = Topic.objects.get_or_create(name=topic)
        row.head += 1
        row.save()
        update = Update.objects.create(topic=row, seq=row.head, verb="posted", at=timezone.now(), payload={"text": "x"})
        _mark(marks, update, name, kind)


def _mark(marks: Marks, row: models.Model, name: str, kind: str) -> None:
    """Mark a row that the database has already, past all deeds."""
    marks.fill(row, name, kind)
    values = {each.attname: getattr(row, each.attname) for each in text_fields(type(row))}
    type(row)._base_manager.filter(pk=row.pk).update(**values)


# --- addresses and answers --------------------------------------------------------------------------------------------


def routes(patterns: Sequence[Any], prefix: str = "") -> Iterator[str]:
    """Every address of the resolver, as the tables name it."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def sign_in(person: User | None) -> Client:
    """A browser in which this person is signed in; None is a visitor."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def everything_in(response: Any) -> str:
    """An answer, whole: its body, its headers, and the sentences that wait for the next page."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    sentences = [message for message, _tone in said(response)]
    return "\n".join((body.decode("utf-8", "replace"), str(response.headers), *sentences))


def said(response: Any) -> list[tuple[str, str]]:
    """The sentences that the next page will show, each with its tone."""
    request = getattr(response, "wsgi_request", None)
    if request is None or not hasattr(request, "_messages"):
        return []
    return [(str(message), message.level_tag) for message in [*get_messages(request)._queued_messages]]


# --- the database -----------------------------------------------------------------------------------------------------

NOISE: dict[str, str] = {
    "django_session": "who is signed in, and the sentence for the next page",
    "django_content_type": "filled when it is first asked for",
    "auth_permission": "the same",
    "wagtailadmin_editingsession": "who else has the page open; kept for every page that one may edit",
    "wagtailimages_rendition": "sizes of a picture, made when they are first looked at",
    "wagtailcore_pagesubscription": "whether somebody hears of comments; made when the page is first edited",
    "wagtailusers_userprofile": "how somebody likes the admin; made at the first look",
}
"""Tables that may change when nothing of anybody's was changed, and why."""

WRITING = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+[\"`]?(\w+)", re.IGNORECASE)


class Writes:
    """Listens to what is asked of the database, so that comparing it whole is needed only where something was written."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written = WRITING.match(sql)
        if written is not None and written[2] not in NOISE:
            self.tables.add(written[2])
        return execute(sql, params, many, context)


def rows(tables: Iterable[str] = ()) -> dict[str, list[Any]]:
    """Everything in the database but noise, or in these tables."""
    told = {}
    with connection.cursor() as cursor:
        for table in sorted(tables or connection.introspection.table_names()):
            if table not in NOISE:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – the names are the database's own
                told[table] = sorted(map(repr, cursor.fetchall()))
    return told


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    """The tables in which something was changed."""
    return [table for table, told in after.items() if told != before[table]]
