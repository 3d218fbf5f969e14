"""A new notice in one step, in the section of the organisation for which it is written."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.models import PageQuerySet
from wagtail.permissions import page_permission_policy

from communities import ground
from communities.permits import Person
from portal.models import NoticeIndexPage


def indexes(person: Person) -> PageQuerySet:
    """The indexes in which this person may write notices."""
    allowed = page_permission_policy.instances_user_has_permission_for(person, "add")
    return NoticeIndexPage.objects.filter(pk__in=allowed.values("pk")).order_by("path")


@require_admin_access
@require_safe
def write(request: HttpRequest) -> HttpResponse:
    """To the empty notice, or first to the choice for which organisation it is."""
    mine = list(indexes(request.user))
    if not mine:
        raise PermissionDenied(_("There is no organisation for which you may write notices."))
    if len(mine) == 1:
        return redirect("wagtailadmin_pages:add", "portal", "noticepage", mine[0].pk)
    owners = ground.owners(mine)
    choices = [{"index": index, "organisation": owners[index.pk]} for index in mine if index.pk in owners]
    return render(request, "portal/admin/write.html", {"choices": choices})
