"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import case_at_desk, case_desk, case_photos, report

app_name = "grid"

urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/for/", report.report_for_others, name="report_for_others"),
    path("report/same/", report.same, name="same"),
    path("report/where/", report.where, name="where"),
    path("report/<uuid:key>/", report.reported, name="reported"),
    path("report/<uuid:key>/pictures/<int:pk>/", report.draft_picture, name="draft_picture"),
    path("cases/desk/", case_desk.case_desk, name="case_desk"),
    path("cases/desk/send-out/", case_desk.send_out, name="case_batch"),
    path("cases/desk/<str:number>/", case_at_desk.case_at_desk, name="case_at_desk"),
    path("cases/desk/<str:number>/note/", case_at_desk.case_note, name="case_note"),
    path("cases/desk/<str:number>/contact/", case_at_desk.case_contact, name="case_contact"),
    path("cases/desk/<str:number>/photos/<int:pk>/blur/", case_photos.blur, name="case_photo_blur"),
    path("cases/desk/<str:number>/photos/<int:pk>/show/", case_photos.show, name="case_photo_show"),
    path("cases/desk/<str:number>/<slug:deed>/", case_at_desk.case_deed, name="case_deed"),
]
