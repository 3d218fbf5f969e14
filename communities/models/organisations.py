"""Organisations, who belongs to them in which role, and the ways by which one comes to belong."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from wagtail.models import Collection, Page

from communities import numbers
from communities.models.people import User
from communities.roles import Right, Role
from communities.words import local_text

WORD_LENGTH = 200
"""Of a word that people say to each other with a request or its answer."""

ORGANISATION_NAME_LENGTH, ORGANISATION_NAME_EN_LENGTH = 80, 120
ABOUT_LENGTH = 600


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def verified(self) -> "OrganisationQuerySet":
        return self.filter(verified_at__isnull=False)

    def public(self) -> "OrganisationQuerySet":
        """Those that everybody sees: their own page is live."""
        return self.filter(section__live=True)

    def held(self, pk: int) -> "Organisation":
        """The organisation as it stands now, locked until the end of the deed.

        Locked after people and before what belongs to the organisation; of several the one with the smaller id first.
        Rows that merely name it do not wait. Raises ``Organisation.DoesNotExist``.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


class Organisation(models.Model):
    """A party of joint governance, of whatever kind; one model, no table per kind."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("community")
        DEPARTMENT = "department", _("department")
        SCHOOL = "school", _("school")
        ENTERPRISE = "enterprise", _("enterprise")
        MERCHANTS = "merchants", _("merchants' group")
        GROUP = "group", _("volunteer group")
        OTHER = "other", pgettext_lazy("kind of organisation", "other organisation")

    name = models.CharField(_("name"), max_length=ORGANISATION_NAME_LENGTH, unique=True)
    name_en = models.CharField(_("name in English"), max_length=ORGANISATION_NAME_EN_LENGTH, blank=True)
    short = models.CharField(_("badge"), max_length=1, help_text=_("One character that stands for the name."))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    phone = models.CharField(_("public phone"), max_length=numbers.MOST, blank=True)
    founded_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    section = models.OneToOneField(
        Page, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="organisation"
    )
    collection = models.OneToOneField(
        Collection, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="organisation"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        # Only the rights of roles.py may be granted; Django's own add/change/delete/view have no meaning here.
        default_permissions = ()
        permissions = [(right.value, right.label) for right in Right]
        constraints = [
            models.CheckConstraint(name="communities_organisation_short", condition=~Q(short="")),
            models.CheckConstraint(
                name="communities_organisation_verified",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language, for a sentence that is said to them."""
        return local_text(self.name, self.name_en).text

    @property
    def public_url(self) -> str:
        """The address of its own page; empty while that is offline."""
        return str(self.section.url or "") if self.section is not None and self.section.live else ""

    @property
    def as_actor(self) -> dict[str, Any]:
        """The organisation as it speaks in the book."""
        return {"organisation": self.pk, "name": self.name, "name_en": self.name_en}

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


class OrganisationGroupObjectPermission(GroupObjectPermissionBase):
    """What a role's group may do to one organisation. Written by ``membership`` alone."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class OrganisationUserObjectPermission(UserObjectPermissionBase):
    """Stays empty: rights come from roles. It is here so that guardian asks this table and no generic one."""

    content_object = models.ForeignKey(Organisation, on_delete=models.CASCADE)


class RoleGroup(models.Model):
    """The one Django group that carries the rights of a role in an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="role_groups")
    role = models.CharField(max_length=16, choices=Role.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="role_group")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role"], name="communities_one_group_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> "MembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person holds a role in an organisation, from–until. An ended one stays: it explains what was done under it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="communities_one_live_membership_per_role",
                violation_error_message=_("This person holds the role already."),
            ),
            models.CheckConstraint(name="communities_membership_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="communities_membership_period",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}: {self.get_role_display()}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        """Those that wait for the operator."""
        return self.filter(decided_at__isnull=True)


class Application(models.Model):
    """Somebody asks the operator for an organisation of their own. Accepted, it is founded; the row stays."""

    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="applications")
    name = models.CharField(_("name"), max_length=ORGANISATION_NAME_LENGTH)
    name_en = models.CharField(_("name in English"), max_length=ORGANISATION_NAME_EN_LENGTH, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Organisation.Kind.choices)
    phone = models.CharField(_("public phone"), max_length=numbers.MOST, blank=True)
    about = models.TextField(_("who you are, and how the operator can tell"), max_length=ABOUT_LENGTH)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="application"
    )
    word = models.CharField(_("word"), max_length=WORD_LENGTH, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "name"],
                condition=Q(decided_at__isnull=True),
                name="communities_application_one_open",
            ),
            models.CheckConstraint(
                name="communities_application_decided",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, organisation__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            # A no without a word helps nobody.
            models.CheckConstraint(
                name="communities_application_refused_with_word",
                condition=Q(decided_at__isnull=True) | Q(organisation__isnull=False) | ~Q(word=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def open(self) -> "JoinRequestQuerySet":
        """Those that wait for an answer."""
        return self.filter(answered_at__isnull=True)


class JoinRequest(models.Model):
    """A person asks to belong to an organisation. Answered ones stay."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="join_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="join_requests")
    note = models.CharField(_("a word about yourself"), max_length=WORD_LENGTH, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Null where the person took the request back.
    answered_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    was_accepted = models.BooleanField(default=False, editable=False)
    word = models.CharField(_("word"), max_length=WORD_LENGTH, blank=True, editable=False)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(answered_at__isnull=True),
                name="communities_joinrequest_one_open",
            ),
            models.CheckConstraint(
                name="communities_joinrequest_answered",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, was_accepted=False)
                | Q(answered_at__isnull=False, was_accepted=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False, was_accepted=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that somebody may still accept."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An organisation asks one person, known by account or by number, to take a role. Good once, and not for ever.

    Its link holds no secret of this table: it is signed with the site's key (:mod:`communities.inviting`).
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.MEMBER)
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    phone = models.CharField(_("mobile number"), max_length=16, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="communities_invitation_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="communities_invitation_for_one",
                condition=Q(person__isnull=False, phone="")
                | Q(person__isnull=True, phone__regex=numbers.E164)
                # Used by its number, and the account that used it was closed since.
                | Q(person__isnull=True, phone="", accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="communities_invitation_accepted",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.person or self.phone}"


class Following(models.Model):
    """A person wants to hear of an organisation without belonging to it."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, db_index=False, related_name="followings")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="followings")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="communities_following_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"
