"""The site's own pages, what is found by searching, and the signs of life of its processes."""

from portal.models.beats import Beat, BeatQuerySet
from portal.models.home import HomePage
from portal.models.notices import (
    NoticeAttachment,
    NoticeIndexPage,
    NoticePage,
    NoticeQuerySet,
    attach_organisations,
)
from portal.models.standard import StandardPage
from portal.models.texts import PageText

__all__ = [
    "Beat",
    "BeatQuerySet",
    "HomePage",
    "NoticeAttachment",
    "NoticeIndexPage",
    "NoticePage",
    "NoticeQuerySet",
    "PageText",
    "StandardPage",
    "attach_organisations",
]
