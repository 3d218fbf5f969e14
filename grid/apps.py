from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, own_data  # app ready: models can be imported only now
        from updates import messages as personal
        from updates import topics, verbs
        from volunteers.panels import register_lines

        from . import case_messages, chain_panels, own_posts, panels, permits, post_messages, telling  # app ready

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        verbs.register(telling.CASE)
        for kind, speak in {**post_messages.KINDS, **case_messages.KINDS}.items():
            personal.register(kind, speak)
        own_data.register(own_posts.told)
        closing.register(within=own_posts.forget)
        register_lines(chain_panels.own_lines)
        panels.road_panels.register(chain_panels.road_papers)
        panels.area_panels.register(chain_panels.area_papers)
