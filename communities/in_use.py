"""Pictures and documents that readers see: they are not thrown away from under a page."""

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from wagtail.models import Page, ReferenceIndex, get_default_page_content_type

from kit.web import is_id


def is_shown(thing: Model) -> bool:
    """Does a live page show this picture or document, or does a row hold on to it that the database would not let go?"""
    users = ReferenceIndex.get_references_to(thing).filter(base_content_type=get_default_page_content_type())
    pages = [int(pk) for pk in users.values_list("object_id", flat=True).distinct() if is_id(pk)]
    return Page.objects.filter(pk__in=pages, live=True).exists() or _is_held(thing)


def _is_held(thing: Model) -> bool:
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=thing).collect([thing])
    except (ProtectedError, RestrictedError):
        return True
    return False
