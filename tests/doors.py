"""Sessions that stand ready in the demo town, so that who walks in need not be asked for the password again.

A password is made to be slow to try, which a run of many windows pays for each time. The sessions are made by the same call
with which the login page ends, once for all copies of the town; each is given away once, as a login gives one.
"""

import json
import sys

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest

from communities.demo import CAST
from communities.models import User

EACH = 40
"""Sessions of each person: more than any module opens windows; who asks for another one logs in by the form."""


def open_all() -> None:
    """Make the sessions and say their keys, as JSON in the last line: ``{name: [key, …]}``."""
    with transaction.atomic():
        keys = {person.username: [_opened(person.username) for _ in range(EACH)] for person in CAST}
    sys.stdout.write(f"\n{json.dumps(keys)}\n")


def _opened(name: str) -> str:
    request = HttpRequest()
    request.session = SessionStore()
    auth.login(request, User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return str(request.session.session_key)
