"""What can be followed, and by whom. The rooms above register their families of topics in ``apps.ready()``.

A topic is a family and mostly a key: ``action:42``, ``desk:42``, ``organisation:7``, ``person:12``; ``town`` has no key.
"""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

Person = AbstractBaseUser | AnonymousUser
"""Whoever asks; this room knows accounts only as Django does."""

MayFollow = Callable[[Any, str], bool]
"""May this person follow the topic with this key? Asked again whenever rights or the audience have changed."""

WRITTEN = re.compile(r"(?P<family>[a-z]{2,20})(?::(?P<key>[A-Za-z0-9_-]{1,40}))?")

_families: dict[str, MayFollow] = {}


def register(family: str, may_follow: MayFollow) -> None:
    """Let topics of this family be followed by whom ``may_follow`` says; the same family again takes its place."""
    _families[family] = may_follow


def families() -> tuple[tuple[str, MayFollow], ...]:
    """Every family with the rule of who may follow it, in the order of registration."""
    return tuple(_families.items())


def may_follow(person: Person, topic: str) -> bool:
    """May this person follow this topic? What is no topic nobody may follow."""
    written = WRITTEN.fullmatch(topic)
    if written is None or written["family"] not in _families:
        return False
    return _families[written["family"]](person, written["key"] or "")
