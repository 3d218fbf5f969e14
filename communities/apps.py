from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunitiesConfig(AppConfig):
    name = "communities"
    verbose_name = _("Organisations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from updates import messages as personal
        from updates import topics

        from . import (  # app ready: models can be imported only now
            messages,
            models,
            permits,
            review_messages,
            reviewing,
        )

        topics.register("town", permits.may_follow_town)
        topics.register("organisation", permits.may_follow_organisation)
        topics.register("person", permits.may_follow_person)
        models.ReviewTask.reviewing = reviewing
        for kind, speak in {**messages.KINDS, **review_messages.KINDS}.items():
            personal.register(kind, speak)
