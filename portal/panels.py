"""What this room shows on pages of the rooms below: what an organisation made known."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from communities.models import Organisation
from portal.models import NoticeIndexPage
from portal.notice_list import newest

MOST_NOTICES = 4


def newest_notices(request: HttpRequest, organisation: Organisation) -> SafeString:
    """The newest notices of an organisation, with the way to all of them; nothing where there is none."""
    rows = newest(request, MOST_NOTICES, organisation=organisation)
    if not rows:
        return SafeString()
    index = NoticeIndexPage.objects.child_of(organisation.section).get()
    context = {"rows": rows, "all_url": index.get_url(request), "level": 3, "is_own": True}
    return render_to_string("portal/_own_notices.html", context, request=request)
