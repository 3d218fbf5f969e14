"""Counting in the cache: on SQLite in each process, with Redis for the whole site."""

from django.core.cache import cache


def counted(key: str, seconds: float) -> int:
    """Count one more under ``key`` and return how many that makes; the first one is forgotten after so many seconds."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out, or was pushed out, between the two lines.
        cache.add(key, 0, seconds)
        return cache.incr(key)
