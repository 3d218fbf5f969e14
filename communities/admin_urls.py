"""Addresses in Wagtail's admin that we answer ourselves; included before Wagtail's own."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import narrowed

urlpatterns = decorate_urlpatterns(
    [
        path("choose-page/chosen-multiple/", narrowed.ChosenPages.as_view()),
        path("images/chooser/chosen-multiple/", narrowed.chosen_images),
        path("documents/chooser/chosen-multiple/", narrowed.chosen_documents),
        path("images/chooser/<int:image_id>/select_format/", narrowed.image_format),
        path("reports/page-types-usage/", narrowed.page_types_usage),
        path("reports/page-types-usage/results/", narrowed.page_types_usage, {"results_only": True}),
        path("failwhale/", narrowed.nothing_here),
        path("test404/", narrowed.nothing_here),
    ],
    require_admin_access,
)

# Wagtail's own page to sign in, on which nobody counts wrong passwords.
urlpatterns += [path("login/", narrowed.to_login)]
