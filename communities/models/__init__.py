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
from .people import TOKEN_NAME_LENGTH, Consent, Mode, Suspension, Theme, Token, TokenQuerySet, User

__all__ = [
    "TOKEN_NAME_LENGTH",
    "WORD_LENGTH",
    "Application",
    "Consent",
    "Following",
    "Invitation",
    "JoinRequest",
    "KnownByItsTitle",
    "Membership",
    "MembershipQuerySet",
    "Mode",
    "Organisation",
    "OrganisationGroupObjectPermission",
    "OrganisationIndexPage",
    "OrganisationPage",
    "OrganisationQuerySet",
    "OrganisationUserObjectPermission",
    "ReviewTask",
    "RoleGroup",
    "Suspension",
    "Theme",
    "Token",
    "TokenQuerySet",
    "User",
]
