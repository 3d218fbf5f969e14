from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, own_data  # app ready: models can be imported only now
        from updates import messages, topics, verbs  # app ready
        from volunteers.panels import register_lines  # app ready

        from . import case_messages, entering, own_reports, permits, telling  # app ready

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        verbs.register(telling.CASE)
        for kind, speak in case_messages.KINDS.items():
            messages.register(kind, speak)
        own_data.register(own_reports.told)
        closing.register(within=own_reports.forget)
        register_lines(entering.own_lines)
