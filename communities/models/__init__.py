"""Accounts, organisations and who belongs to them in which role."""

from .organisations import (
    WORD_LENGTH,
    Application,
    Following,
    Invitation,
    JoinRequest,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationGroupObjectPermission,
    OrganisationQuerySet,
    OrganisationUserObjectPermission,
    RoleGroup,
)
from .pages import KnownByItsTitle, OrganisationIndexPage, OrganisationPage, ReviewTask
from .people import Consent, Suspension, Token, User

__all__ = [
    "WORD_LENGTH",
    "Application",
    "Consent",
    "Following",
    "Invitation",
    "JoinRequest",
    "KnownByItsTitle",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationGroupObjectPermission",
    "OrganisationIndexPage",
    "OrganisationPage",
    "OrganisationQuerySet",
    "OrganisationUserObjectPermission",
    "ReviewTask",
    "RoleGroup",
    "Suspension",
    "Token",
    "User",
]
