"""What django-allauth asks of this site: how a number finds its person, and how a code leaves."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """allauth's adapter for the one user model."""
