"""Addresses in Wagtail's admin that we answer ourselves; included before Wagtail's own."""

from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .narrowed import bulk, choosers, closed, deleting, pages, tags

WORKFLOW = "<int:page_id>/<slug:action_name>/<int:task_state_id>/"
KIND = "<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/"
OWN_PAGES_ONLY = (
    ("<int:page_id>/edit/", "edit"),
    ("<int:page_id>/edit/preview/", "preview_on_edit"),
    ("<int:page_id>/revisions/<int:revision_id>/revert/", "revisions_revert"),
    (f"add/{KIND}", "add"),
    (f"add/{KIND}preview/", "preview_on_add"),
    ("<int:page_id>/copy/", "copy"),
    ("<int:page_id>/lock/", "lock"),
    ("<int:page_id>/unlock/", "unlock"),
    ("<int:page_to_move_id>/set_position/", "set_page_position"),
    ("create/<slug:app_label>/<slug:model_name>", "choose_parent"),
    (f"workflow/action/{WORKFLOW}", "workflow_action"),
    (f"workflow/collect_action_data/{WORKFLOW}", "collect_workflow_action_data"),
    ("workflow/confirm_cancellation/<int:page_id>/", "confirm_workflow_cancellation"),
    ("workflow/preview/<int:page_id>/<int:task_id>/", "workflow_preview"),
)

urlpatterns = decorate_urlpatterns(
    [
        path("choose-page/chosen-multiple/", choosers.ChosenPages.as_view()),
        path("images/chooser/chosen-multiple/", choosers.chosen_images),
        path("documents/chooser/chosen-multiple/", choosers.chosen_documents),
        path("images/chooser/<int:image_id>/select_format/", choosers.image_format),
        path("images/<int:image_id>/delete/", deleting.delete_image),
        path("images/multiple/<int:image_id>/delete/", deleting.delete_uploaded_image),
        path("documents/delete/<int:document_id>/", deleting.delete_document),
        path("documents/multiple/<int:doc_id>/delete/", deleting.delete_uploaded_document),
        path("reports/page-types-usage/", closed.page_types_usage),
        path("reports/page-types-usage/results/", closed.page_types_usage, {"results_only": True}),
        path("tag-autocomplete/", tags.tags),
        path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", tags.tags),
        path("images/", tags.ImageList.as_view()),
        path("images/results/", tags.ImageList.as_view(results_only=True)),
        path("images/chooser/", tags.choose_image),
        path("documents/", tags.DocumentList.as_view()),
        path("documents/results/", tags.DocumentList.as_view(results_only=True)),
        path("bulk/<str:app_label>/<str:model_name>/<str:action>/", bulk.bulk),
        *(path(f"pages/{route}", pages.own_pages_only(name)) for route, name in OWN_PAGES_ONLY),
        path("failwhale/", closed.nothing_here),
        path("test404/", closed.nothing_here),
    ],
    require_admin_access,
)

# Wagtail's own page to sign in, on which nobody counts wrong passwords.
urlpatterns += [path("login/", closed.to_login)]
