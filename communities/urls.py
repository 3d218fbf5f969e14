"""Addresses for coming in and going out."""

from django.urls import path

from . import views

app_name = "communities"

urlpatterns = [
    path("account/login/", views.login, name="login"),
    path("account/logout/", views.logout, name="logout"),
]
