from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Joint actions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import panels as places  # app ready: models can be imported only now
        from communities import sections
        from volunteers.panels import record_panels

        from . import models, panels, publishing  # app ready

        sections.register(models.ActionIndexPage, publishing.make_index, publishing.INDEX_RIGHTS)
        places.organisation_panels.register(panels.coming_actions)
        record_panels.register(panels.own_record)
