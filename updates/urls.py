"""Addresses of the inbox."""

from django.urls import path

from . import views

app_name = "updates"

urlpatterns = [
    path("my/messages/", views.show_inbox, name="inbox"),
    path("my/messages/read/", views.read_all, name="read_all"),
    path("my/messages/<int:pk>/", views.open_message, name="open_message"),
]
