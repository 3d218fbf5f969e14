"""Addresses of the grid: the net and the chain, cases, and the operator's tools."""

from django.urls import URLPattern

app_name = "grid"

urlpatterns: list[URLPattern] = []
