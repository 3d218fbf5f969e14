from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from updates import messages, topics, verbs  # app ready: models can be imported only now

        from . import case_messages, permits, telling  # app ready

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        topics.register(telling.CASES, permits.may_follow_cases)
        verbs.register(telling.CASE)
        verbs.register(telling.CASES)
        for kind, speak in case_messages.KINDS.items():
            messages.register(kind, speak)
