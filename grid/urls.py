"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import net

app_name = "grid"

urlpatterns = [
    path("grid/", net.overview, name="overview"),
    path("grid/net.geojson", net.net, name="net"),
    path("grid/<slug:code>/", net.area, name="area"),
    path("roads/", net.roads, name="roads"),
    path("roads/<slug:code>/", net.road, name="road"),
]
