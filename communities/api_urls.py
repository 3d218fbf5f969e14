"""Addresses of organisations in the API; ``portal`` says where it begins."""

from django.urls import path

from . import api

urlpatterns = [
    path("organisations/", api.organisations, name="organisations"),
    path("organisations/<int:pk>/", api.organisation, name="organisation"),
]
