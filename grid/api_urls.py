"""Addresses of the grid in the API; ``portal`` says where it begins."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
