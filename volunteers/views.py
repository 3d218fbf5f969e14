"""A person's own page, and where it is changed."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from communities import belongings
from communities.models import User
from kit.web import FORM_AND_DEED

from . import panels, profiles
from .forms import ProfileForm


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I belong to and what I have done; for a visitor, why one would sign in."""
    if not request.user.is_authenticated:
        return render(request, "volunteers/profile.html")
    person = request.user
    context = {
        "person": person,
        "volunteer": profiles.profile_of(person),
        "language": dict(settings.LANGUAGES).get(person.language or translation.get_language() or ""),
        "belongings": belongings.of(person),
        "requests": belongings.requests_of(person),
        "applications": person.applications.open().order_by("pk"),
        "lines": panels.lines_of(person),
        "panels": panels.record_panels.of(request, person),
    }
    return render(request, "volunteers/profile.html", context)


@login_required
@require_http_methods(FORM_AND_DEED)
def edit(request: HttpRequest) -> HttpResponse:
    """Change name, language and emergency contact."""
    person = cast("User", request.user)
    form = ProfileForm.of(request, initial=_as_it_is(person))
    if form.is_valid():
        with form.taking_refusals():
            profiles.keep(person=person, **form.cleaned_data)
            return _saved(request, form.cleaned_data["language"])
    return render(request, "volunteers/edit.html", {"form": form}, status=form.status)


def _as_it_is(person: User) -> dict[str, str]:
    volunteer = profiles.profile_of(person)
    return {
        "display_name": person.display_name,
        "language": person.language or translation.get_language() or settings.LANGUAGE_CODE,
        "emergency_name": volunteer.emergency_name,
        "emergency_phone": volunteer.emergency_phone,
    }


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    address = reverse("volunteers:profile")
    has_new_words = language != translation.get_language()
    with translation.override(language):
        messages.success(request, _("Saved."))
    # A page that htmx only fills anew would keep the old language on <html>.
    response = (
        HttpResponseClientRedirect(address)
        if has_new_words and request.headers.get("HX-Request")
        else redirect(address)
    )
    # The language stays when the person signs out on this phone.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
