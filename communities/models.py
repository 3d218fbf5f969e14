"""Accounts, organisations and who belongs to them in which role."""

from django.contrib.auth.models import AbstractUser, Group
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import Collection, Page

from .roles import Right, Role


class User(AbstractUser):
    """A person with an account: staff of an organisation, volunteer, resident or operator (``is_superuser``)."""

    display_name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(
        _("mobile number"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        help_text=_("With country code, as in +8613800000000."),
        validators=[RegexValidator(r"^\+[1-9][0-9]{6,14}$", _("Please write the number with its country code."))],
    )
    language = models.CharField(
        _("language"), max_length=8, blank=True, choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    is_demo = models.BooleanField(default=False, editable=False)
    # Raised whenever the person may do less or more than before, or a session or token ends: whoever keeps a connection
    # open for the person sees it within a second and asks again. Written by people.rights_changed alone.
    rights_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            # E.164; the application writes it normalised, and two spellings of one number must never be two people.
            models.CheckConstraint(
                name="communities_user_phone_e164",
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
            ),
            # Nobody can tell Mei from mei in a list of who comes.
            models.UniqueConstraint(
                Lower("username"),
                name="communities_user_name_whatever_case",
                violation_error_message=_("There is an account with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def verified(self) -> "OrganisationQuerySet":
        return self.filter(verified_at__isnull=False)


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

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    short = models.CharField(_("badge"), max_length=1, help_text=_("One character that stands for the name."))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    phone = models.CharField(_("public phone"), max_length=24, blank=True)
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


class Token(models.Model):
    """A key with which a person's own program speaks for the person. Only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Suspension(models.Model):
    """The operator keeps a person out, from–until. An ended one stays."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(_("reason"), max_length=200)
    began_at = models.DateTimeField(auto_now_add=True)
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="communities_suspension_one_open"
            ),
            models.CheckConstraint(name="communities_suspension_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="communities_suspension_period",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("began_at"), ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason}"


class OrganisationIndexPage(Page):
    """The directory of organisations; every organisation's section lies below it."""

    max_count = 1
    template = "communities/organisation_index_page.html"

    class Meta:
        verbose_name = _("directory of organisations")


class OrganisationPage(Page):
    """The root of an organisation's own section and its face. Which one it is, ``Organisation.section`` says."""

    intro = models.TextField(_("who we are"), max_length=400, blank=True)
    intro_en = models.TextField(_("who we are, in English"), max_length=800, blank=True)

    parent_page_types = ["communities.OrganisationIndexPage"]
    # Made by founding an organisation, never by the add button: a section without an organisation belongs to nobody.
    is_creatable = False
    template = "communities/organisation_page.html"

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("intro_en")]

    class Meta:
        verbose_name = _("page of an organisation")
