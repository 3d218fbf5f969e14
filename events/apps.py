from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Joint actions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, kept, own_data, sections  # app ready: models can be imported only now
        from communities.panels import organisation_panels
        from grid.panels import road_panels
        from updates import messages as personal
        from updates import topics, verbs
        from volunteers.panels import record_panels, register_lines

        from . import messages, models, own, panels, permits, publishing, telling, wishes  # app ready

        sections.register(models.ActionIndexPage, publishing.make_index, publishing.INDEX_RIGHTS)
        organisation_panels.register(panels.coming_actions)
        organisation_panels.register(panels.joint_with)
        road_panels.register(panels.actions_on_road, last=True)
        register_lines(panels.own_lines)
        record_panels.register(panels.own_invitations)
        record_panels.register(panels.own_record)
        topics.register("action", permits.may_follow_action)
        topics.register("desk", permits.may_follow_desk)
        news = (telling.OPENED, telling.MOVED, telling.CALLED_OFF, telling.CLOSED, telling.POSTED)
        for verb in (*news, telling.PARTY_JOINED, telling.PARTY_LEFT):
            verbs.register(verb, template=f"events/updates/_{verb}.html", about="action")
        for verb in (telling.CHANGED, telling.PLACES):
            verbs.register(verb)
        for kind, speak in messages.KINDS.items():
            personal.register(kind, speak)
        kept.register(wishes.SIGN_UP, wishes.sign_up)
        own_data.register(own.told)
        closing.register(before=own.give_back, within=own.forget)
