"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import net, report

app_name = "grid"

urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/for/", report.report_for_others, name="report_for_others"),
    path("report/same/", report.same, name="same"),
    path("report/where/", report.where, name="where"),
    path("report/<uuid:key>/", report.reported, name="reported"),
    path("report/<uuid:key>/pictures/<int:pk>/", report.draft_picture, name="draft_picture"),
    path("grid/", net.overview, name="overview"),
    path("grid/net.geojson", net.net, name="net"),
    path("grid/<slug:code>/", net.area, name="area"),
    path("roads/", net.roads, name="roads"),
    path("roads/<slug:code>/", net.road, name="road"),
]
