"""The roof of the house."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import checks


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import sections
        from portal import models, notices, publishing  # app ready: models can be imported only now

        sections.register(models.NoticeIndexPage, notices.make_index, notices.INDEX_RIGHTS)
        checks.register()
        publishing.connect()
