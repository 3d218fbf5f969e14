"""Addresses of the grid in the API; ``portal`` says where it begins."""

from django.urls import path

from . import report_api

urlpatterns = [path("cases/", report_api.report, name="cases")]
