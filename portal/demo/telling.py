"""Issues the notices and adds the pages, by the deeds that people use."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image

from communities.models import Organisation, User
from communities.roles import Role
from events.models import ActionPage
from kit.deeds import deed
from portal import notices
from portal.models import HomePage, NoticeAttachment, NoticePage

from . import city_management, community, drawing, neighbours, site_pages
from .papers import Days, Paper

PAPERS = (*city_management.PAPERS, *community.PAPERS, *neighbours.PAPERS)
"""In this order: those that others refer to come first."""


def tell() -> None:
    """Tell the notices and the pages of the site from today's point of view; those that are there stay as they are."""
    days = Days(timezone.localdate())
    for paper in (write(days) for write in PAPERS):
        organisation = Organisation.objects.select_related("section").get(name=paper.host)
        if not NoticePage.objects.of(organisation).filter(title=paper.fields["title"]).exists():
            _issue(paper, organisation, days)
    home = HomePage.objects.get()
    for page in site_pages.pages():
        if not home.get_children().filter(slug=page.slug).exists():
            home.add_child(instance=page)
            page.save_revision().publish()


@deed
def _issue(paper: Paper, organisation: Organisation, days: Days) -> NoticePage:
    by = organisation.memberships.live().filter(role=Role.COORDINATOR).select_related("person")[0].person
    body = list(paper.fields.get("body", ()))
    if paper.picture:
        alt, caption, place = paper.picture
        body.insert(place, ("picture", {"image": _drawn(organisation, by, alt), "alt": alt, "caption": caption}))
    notice = NoticePage(**{**paper.fields, "body": body})
    if paper.action:
        notice.related_action = ActionPage.objects.filter(title=paper.action, live=True).first()
    if paper.replaced_by:
        notice.replaced_by = NoticePage.objects.of(organisation).filter(title=paper.replaced_by).first()
    for name, file_name, content in paper.files:
        notice.attachments.add(
            NoticeAttachment(document=_filed(organisation, by, name, file_name, content), title=name)
        )
    on = timezone.make_aware(datetime.combine(days.on(-paper.age), paper.at)) if paper.age else None
    return notices.issue(organisation=organisation, notice=notice, by=by, on=on)


def _filed(organisation: Organisation, by: User, name: str, file_name: str, content: bytes) -> Document:
    document = Document(
        title=name, file=ContentFile(content, name=file_name), **_of_the_collection(organisation, by, content)
    )
    document.save()
    return document


def _drawn(organisation: Organisation, by: User, title: str) -> Image:
    content = drawing.detour("PNG")
    file = ImageFile(ContentFile(content), name="detour.png")
    image = Image(title=title, file=file, **_of_the_collection(organisation, by, content))
    image.save()
    return image


def _of_the_collection(organisation: Organisation, by: User, content: bytes) -> dict[str, Any]:
    return {"file_size": len(content), "collection": organisation.collection, "uploaded_by_user": by}
