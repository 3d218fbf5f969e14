"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from . import feeds
from .views import case_at_desk, case_desk, case_photos, cases, net, own_cases, report, subscriptions

app_name = "grid"

urlpatterns = [
    path("report/", report.report, name="report"),
    path("report/for/", report.report_for_others, name="report_for_others"),
    path("report/same/", report.same, name="same"),
    path("report/where/", report.where, name="where"),
    path("report/<uuid:key>/", report.reported, name="reported"),
    path("report/<uuid:key>/pictures/<int:pk>/", report.draft_picture, name="draft_picture"),
    # Where staff work on cases.
    path("cases/desk/", case_desk.case_desk, name="case_desk"),
    path("cases/desk/send-out/", case_desk.send_out, name="case_batch"),
    path("cases/desk/<str:number>/", case_at_desk.case_at_desk, name="case_at_desk"),
    path("cases/desk/<str:number>/note/", case_at_desk.case_note, name="case_note"),
    path("cases/desk/<str:number>/contact/", case_at_desk.case_contact, name="case_contact"),
    path("cases/desk/<str:number>/photos/<int:pk>/blur/", case_photos.blur, name="case_photo_blur"),
    path("cases/desk/<str:number>/photos/<int:pk>/show/", case_photos.show, name="case_photo_show"),
    path("cases/desk/<str:number>/<slug:deed>/", case_at_desk.case_deed, name="case_deed"),
    path("grid/", net.overview, name="overview"),
    path("grid/net.geojson", net.net, name="net"),
    path("grid/<slug:code>/", net.area, name="area"),
    path("roads/", net.roads, name="roads"),
    path("roads/<slug:code>/", net.road, name="road"),
    # What everybody sees of cases.
    path("cases/", cases.cases, name="cases"),
    path("cases/find/", own_cases.find, name="find_case"),
    path("cases/forget/", own_cases.forget, name="forget_receipts"),
    path("cases/<slug:number>/", cases.case, name="case"),
    path("cases/<slug:number>/photos/<int:pk>/<slug:size>.jpg", cases.photo, name="case_photo"),
    path("cases/<slug:number>/support/", cases.support, name="support_case"),
    # One's own, by account or receipt code.
    path("cases/<slug:number>/questions/<int:pk>/", own_cases.answer, name="answer_question"),
    path("cases/<slug:number>/rate/", own_cases.rate, name="rate_case"),
    path("cases/<slug:number>/again/", own_cases.reopen, name="reopen_case"),
    path("my/cases/", own_cases.mine, name="my_cases"),
    # Hearing of things.
    path("follow/<slug:what>/<slug:key>/", subscriptions.follow, name="follow"),
    path("subscriptions/confirm/<str:token>/", subscriptions.confirm, name="confirm_subscription"),
    path("subscriptions/<uuid:key>/end/", subscriptions.end, name="end_subscription"),
    path("feeds/cases/", feeds.cases, name="cases_feed"),
    path("feeds/cases/roads/<slug:key>/", feeds.road, name="road_cases_feed"),
    path("feeds/cases/areas/<slug:key>/", feeds.area, name="area_cases_feed"),
    path("feeds/cases/organisations/<slug:key>/", feeds.unit, name="unit_cases_feed"),
]
