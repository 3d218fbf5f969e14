from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Joint actions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import panels as places  # app ready: models can be imported only now
        from communities import sections
        from updates import messages as personal
        from updates import topics, verbs
        from volunteers.panels import record_panels

        from . import messages, models, panels, permits, publishing, telling  # app ready

        sections.register(models.ActionIndexPage, publishing.make_index, publishing.INDEX_RIGHTS)
        places.organisation_panels.register(panels.coming_actions)
        record_panels.register(panels.own_record)
        topics.register("action", permits.may_follow_action)
        topics.register("desk", permits.may_follow_desk)
        for verb in (telling.OPENED, telling.MOVED, telling.CALLED_OFF, telling.CLOSED, telling.POSTED):
            verbs.register(verb, template=f"events/updates/_{verb}.html")
        for verb in (telling.CHANGED, telling.PLACES):
            verbs.register(verb)
        for kind, speak in messages.KINDS.items():
            personal.register(kind, speak)
