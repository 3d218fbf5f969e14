"""Addresses for coming in and going out."""

from django.urls import path

from .views import signing_in

app_name = "communities"

urlpatterns = [
    path("account/login/", signing_in.login, name="login"),
    path("account/logout/", signing_in.logout, name="logout"),
]
