"""Addresses of the book in the API; ``portal`` says where it begins."""

from django.urls import path

from . import api

urlpatterns = [path("updates/<str:topic>/", api.updates, name="updates")]
