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
        from communities.panels import organisation_panels
        from portal import models, notices, panels, publishing  # app ready: models can be imported only now
        from updates import verbs

        sections.register(models.NoticeIndexPage, notices.make_index, notices.INDEX_RIGHTS)
        organisation_panels.register(panels.newest_notices)
        verbs.register(notices.NOTICE, template="portal/updates/_notice.html", about="notice")
        checks.register()
        publishing.connect()
