"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from . import feeds
from .views import cards, cases, integrity, net, own_cases, own_places, posts, report, subscriptions, team

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
    path("grid/integrity/", integrity.board, name="integrity"),
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
    path("grid/<slug:code>/board/", cards.area_board, name="area_board"),
    path("grid/<slug:code>/card/", cards.area_card, name="area_card"),
    path("grid/<slug:code>/card/issue/", cards.issue_area_card, name="issue_area_card"),
    path("roads/<slug:code>/board/", cards.road_board, name="road_board"),
    path("roads/<slug:code>/card/", cards.road_card, name="road_card"),
    path("roads/<slug:code>/card/issue/", cards.issue_road_card, name="issue_road_card"),
    path("my/places/", own_places.my_places, name="my_places"),
    path("my/places/away/", own_places.away, name="away"),
    path("my/places/there-again/", own_places.there_again, name="there_again"),
    path("my/places/<int:pk>/absence/", own_places.absence, name="absence"),
    path("my/absences/<int:pk>/back/", own_places.come_back, name="come_back"),
    path("operator/grid/posts/", posts.posts, name="posts"),
    path("operator/grid/posts/appoint/", posts.appoint, name="appoint"),
    path("operator/grid/posts/<int:pk>/", posts.post, name="post"),
    path("operator/grid/posts/<int:pk>/hand-over/", posts.hand_over, name="hand_over"),
    path("operator/grid/posts/<int:pk>/relieve/", posts.relieve, name="relieve"),
    path("operator/grid/posts/<int:pk>/phone/", posts.duty_phone, name="duty_phone"),
    path("operator/grid/posts/<int:pk>/deputy/", posts.deputy, name="deputy"),
    path("operator/grid/posts/<int:pk>/deputy/dismiss/", posts.dismiss_deputy, name="dismiss_deputy"),
    path("operator/grid/team/", team.members, name="team"),
    path("operator/grid/team/<int:pk>/let-go/", team.let_go, name="let_go_of_team"),
]
