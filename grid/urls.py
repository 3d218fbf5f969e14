"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import cards, integrity, net, own_places, posts, team

app_name = "grid"

urlpatterns = [
    path("grid/", net.overview, name="overview"),
    path("grid/net.geojson", net.net, name="net"),
    path("grid/integrity/", integrity.board, name="integrity"),
    path("grid/<slug:code>/", net.area, name="area"),
    path("roads/", net.roads, name="roads"),
    path("roads/<slug:code>/", net.road, name="road"),
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
