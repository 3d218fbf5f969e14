"""How often a program may ask: counted per person when signed in, per address only when not."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module


class PersonRateThrottle(UserRateThrottle):
    """One person's requests, from wherever they come. A school is one address and hundreds of people."""

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        if not request.user.is_authenticated:
            return None
        return super().get_cache_key(request, view)
