"""Everything below ``/api/v1/``: the rooms' own addresses, put together."""

from django.urls import include, path

from portal import api, notice_api

app_name = "api"

urlpatterns = [
    path("", api.root, name="root"),
    path("schema/", api.schema, name="schema"),
    path("notices/", notice_api.notices, name="notices"),
    path("notices/<int:pk>/", notice_api.notice, name="notice"),
    path("", include("communities.api_urls")),
    path("", include("events.api_urls")),
    path("", include("grid.api_urls")),
    path("", include("updates.api_urls")),
]
