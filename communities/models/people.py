"""People: their accounts, what they agreed to, and how they are kept out."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.names import NAME_LENGTH
from communities.numbers import E164


class Theme(models.TextChoices):
    """Which colours a person wants on the screen."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Mode(models.TextChoices):
    """How large a person wants the print."""

    STANDARD = "standard", _("Standard print")
    ELDER = "elder", _("Large print")


class User(AbstractUser):
    """A person with an account: staff of an organisation, volunteer, resident or operator (``is_superuser``)."""

    display_name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    phone = models.CharField(
        _("mobile number"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        help_text=_("With country code, as in +8613800000000."),
        validators=[RegexValidator(E164, _("Please write the number with its country code."))],
    )
    language = models.CharField(
        _("language"), max_length=8, blank=True, choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    # Empty until the person chooses; then the choice goes along to every browser in which the person signs in.
    theme = models.CharField(_("colours"), max_length=8, blank=True, choices=Theme.choices, editable=False)
    mode = models.CharField(_("size of print"), max_length=8, blank=True, choices=Mode.choices, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    # The person closed the account: what names the person is gone, what counts stays (closing.py).
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Raised whenever the person may do less or more than before, or a session or token ends: whoever keeps a connection
    # open for the person sees it within a second and asks again. Written by people.rights_changed alone.
    rights_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            # E.164; the application writes it normalised, and two spellings of one number must never be two people.
            models.CheckConstraint(
                name="communities_user_phone_e164",
                condition=Q(phone__isnull=True) | Q(phone__regex=E164),
            ),
            models.CheckConstraint(name="communities_user_theme", condition=Q(theme__in=["", *Theme.values])),
            models.CheckConstraint(name="communities_user_mode", condition=Q(mode__in=["", *Mode.values])),
            # Nobody can tell Mei from mei in a list of who comes.
            models.UniqueConstraint(
                Lower("username"),
                name="communities_user_name_whatever_case",
                violation_error_message=_("There is an account with this name already."),
            ),
            models.CheckConstraint(
                name="communities_user_closed_is_nobody",
                condition=Q(closed_at__isnull=True) | Q(is_active=False, phone__isnull=True, display_name="", email=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name that others see."""
        if self.closed_at is not None:
            return gettext("closed account")
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self) -> "ConsentQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """A person agreed to one version of the privacy notice, from–until. One that was withdrawn stays (PIPL 14–16)."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="communities_consent_one_live_per_version",
            ),
            models.CheckConstraint(
                name="communities_consent_period",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"


TOKEN_NAME_LENGTH = 60


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens by whether they hold."""

    def live(self) -> "TokenQuerySet":
        """Those that were not revoked."""
        return self.filter(revoked_at__isnull=True)


class Token(models.Model):
    """A key with which a person's own program speaks for the person. Only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=TOKEN_NAME_LENGTH)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # A form that was sent twice makes one key, and two that hold can be told apart when one must end.
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=Q(revoked_at__isnull=True),
                name="communities_token_one_live_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def live(self) -> "SuspensionQuerySet":
        """Those that keep somebody out."""
        return self.filter(ended_at__isnull=True)


class Suspension(models.Model):
    """The operator keeps a person out, from–until. An ended one stays."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(_("reason"), max_length=200)
    began_at = models.DateTimeField(auto_now_add=True)
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = SuspensionQuerySet.as_manager()

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
