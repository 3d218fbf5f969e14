"""Addresses of actions and shifts in the API; ``portal`` says where it begins."""

from django.urls import path

from . import api

urlpatterns = [
    path("actions/", api.actions, name="actions"),
    path("actions/<int:pk>/", api.action, name="action"),
    path("shifts/", api.shifts, name="shifts"),
    path("shifts/<int:pk>/", api.shift, name="shift"),
    path("shifts/<int:pk>/sign-up/", api.sign_up, name="sign_up"),
]
