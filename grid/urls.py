"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import path

from .views import drawing_areas, drawing_files, drawing_roads

app_name = "grid"

urlpatterns = [
    path("operator/grid/", drawing_areas.areas, name="drawing"),
    path("operator/grid/areas/new/", drawing_areas.new_area, name="drawing_new_area"),
    path("operator/grid/areas/<slug:code>/", drawing_areas.area, name="drawing_area"),
    path("operator/grid/areas/<slug:code>/words/", drawing_areas.change_area, name="drawing_change_area"),
    path("operator/grid/areas/<slug:code>/outline/", drawing_areas.outline, name="drawing_outline"),
    path("operator/grid/areas/<slug:code>/end/", drawing_areas.end_area, name="drawing_end_area"),
    path("operator/grid/around.json", drawing_areas.around_it, name="drawing_around"),
    path("operator/grid/roads/", drawing_roads.roads, name="drawing_roads"),
    path("operator/grid/roads/new/", drawing_roads.new_road, name="drawing_new_road"),
    path("operator/grid/roads/<slug:code>/", drawing_roads.road, name="drawing_road"),
    path("operator/grid/roads/<slug:code>/end/", drawing_roads.end_road, name="drawing_end_road"),
    path("operator/grid/roads/<slug:code>/<int:number>/", drawing_roads.segment, name="drawing_segment"),
    path("operator/grid/roads/<slug:code>/<int:number>/end/", drawing_roads.end_segment, name="drawing_end_segment"),
    path("operator/grid/points/", drawing_roads.points, name="drawing_points"),
    path("operator/grid/points/new/", drawing_roads.new_point, name="drawing_new_point"),
    path("operator/grid/points/<slug:code>/", drawing_roads.point, name="drawing_point"),
    path("operator/grid/points/<slug:code>/end/", drawing_roads.end_point, name="drawing_end_point"),
    path("operator/grid/gaps/", drawing_files.gap_report, name="drawing_gaps"),
    path("operator/grid/gaps.csv", drawing_files.gap_table, name="drawing_gap_table"),
    path("operator/grid/files/", drawing_files.files, name="drawing_files"),
    path("operator/grid/files/bring-in/", drawing_files.bring_in, name="drawing_bring_in"),
    path("operator/grid/files/export/", drawing_files.export, name="drawing_export"),
]
