"""The poster of a notice: what it is called, who issued it and when, and how it begins."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from communities.templatetags.organisations import local_name
from kit.times import lasting_date_words
from portal.models import NoticePage
from portal.posters.sheet import Fact, Sheet, badge_of


def sheet_of(notice: NoticePage, *, address: str) -> Sheet:
    """What stands on the poster of ``notice``, in the language of whoever asks."""
    owner = notice.organisation
    facts = [
        Fact("text", notice.local_summary.text, 4, size=54, most=6, least=2),
        Fact("calendar", _issued(notice), 2, most=1, least=1),
        Fact(
            "people",
            notice.issuer or local_name(owner).text,
            1,
            least=2,
            is_strong=True,
            badges=(badge_of(owner),),
        ),
    ]
    return Sheet(
        emblem="i-file",
        kind=capfirst(notice.get_kind_display()),
        title=notice.local_title.text,
        facts=tuple(facts),
        call=_("Scan to read it"),
        address=address,
    )


def _issued(notice: NoticePage) -> str:
    if notice.first_published_at is None:
        return ""
    day = timezone.localdate(notice.first_published_at)
    return _("Issued on %(day)s") % {"day": lasting_date_words(day, year=timezone.localdate().year)}
