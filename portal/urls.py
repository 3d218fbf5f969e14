"""The table of contents of the site."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal import errors, feeds, health, look, media, notice_pages, search, short_links, sitemap, writing
from portal.posters import views as posters
from portal.specimen import specimen
from portal.stream import stream

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("look/", look.change, name="look"),
    path("api/v1/", include("portal.api_urls")),
    # Accounts and groups are not for Wagtail's forms, and its own pages to sign in do not count wrong passwords.
    re_path(r"^admin/(?:users|groups)/", errors.nothing_here),
    path("_util/login/", RedirectView.as_view(pattern_name="communities:login", query_string=True)),
    path("admin/notices/write/", writing.write, name="write_notice"),
    path("admin/", include("communities.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("updates/", stream, name="stream"),
    path("notices/", notice_pages.notices, name="notices"),
    path("notices/<int:pk>/", notice_pages.notice, name="notice"),
    path("q/<str:code>", short_links.follow, name="short_link"),
    path("share/actions/<int:pk>/", posters.share_action, name="share_action"),
    path("share/notices/<int:pk>/", posters.share_notice, name="share_notice"),
    path("share/organisations/<int:pk>/", posters.share_organisation, name="share_organisation"),
    path("posters/actions/<int:pk>.png", posters.action_poster, name="action_poster"),
    path("posters/notices/<int:pk>.png", posters.notice_poster, name="notice_poster"),
    path("posters/organisations/<int:pk>.png", posters.organisation_poster, name="organisation_poster"),
    path("search/", search.search, name="search"),
    path("feeds/notices/", feeds.notices, name="notices_feed"),
    path("feeds/actions/", feeds.actions, name="actions_feed"),
    path("feeds/organisations/<int:pk>/", feeds.organisation, name="organisation_feed"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("media/images/<path:path>", media.picture, name="picture"),
    path("", include("events.urls")),
    path("", include("grid.urls")),
    path("", include("volunteers.urls")),
    path("", include("communities.urls")),
    path("", include("updates.urls")),
]

if settings.DEBUG:
    urlpatterns += [path("ui/", specimen, name="specimen")]
if settings.DEBUG_TOOLBAR:
    urlpatterns += [path("__debug__/", include("debug_toolbar.urls"))]

# Whatever no room claims may be a page.
urlpatterns += [path("", include(wagtail_urls))]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
