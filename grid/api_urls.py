"""Addresses of the grid in the API; ``portal`` says where it begins."""

from django.urls import path

from . import case_api

urlpatterns = [
    path("cases/", case_api.cases, name="cases"),
    path("cases/<slug:number>/", case_api.case, name="case"),
]
