from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = _("Volunteers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, own_data  # app ready: models can be imported only now

        from . import own

        own_data.register(own.told)
        closing.register(within=own.forget)
