"""Addresses of a person's own page."""

from django.urls import path

from . import views

app_name = "volunteers"

urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/edit/", views.edit, name="edit"),
]
