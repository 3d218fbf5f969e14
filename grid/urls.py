"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import report

app_name = "grid"

urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/for/", report.report_for_others, name="report_for_others"),
    path("report/same/", report.same, name="same"),
    path("report/where/", report.where, name="where"),
    path("report/<uuid:key>/", report.reported, name="reported"),
    path("report/<uuid:key>/pictures/<int:pk>/", report.draft_picture, name="draft_picture"),
]
