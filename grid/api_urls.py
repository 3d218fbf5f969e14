"""Addresses of the grid in the API; ``portal`` says where it begins."""

from django.urls import path

from .cases import api as case_api
from .chain import api as net_api

urlpatterns = [
    path("cases/", case_api.cases, name="cases"),
    path("cases/<slug:number>/", case_api.case, name="case"),
    path("zones/", net_api.zones, name="zones"),
    path("zones/<int:pk>/", net_api.zone, name="zone"),
    path("cells/", net_api.cells, name="cells"),
    path("cells/<int:pk>/", net_api.cell, name="cell"),
    path("roads/", net_api.roads, name="roads"),
    path("roads/<int:pk>/", net_api.road, name="road"),
]
