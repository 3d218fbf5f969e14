from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from updates import topics

        from . import permits  # app ready: models can be imported only now

        topics.register("road", permits.may_follow_road)
