from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, own_data  # app ready: models can be imported only now
        from communities.panels import organisation_panels
        from updates import messages, topics, verbs
        from volunteers.panels import register_lines

        from . import (  # app ready
            case_messages,
            case_own,
            case_panels,
            chain_panels,
            desk_own,
            desk_panels,
            follow_messages,
            own_posts,
            panels,
            permits,
            post_messages,
            telling,
        )

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        topics.register(telling.CASES, permits.may_follow_cases)
        verbs.register(telling.CASE)
        verbs.register(telling.CASES)
        for kind, speak in case_messages.KINDS.items():
            messages.register(kind, speak)
        for kind, speak in follow_messages.KINDS.items():
            messages.register(kind, speak, is_quiet=kind in follow_messages.QUIET)
        register_lines(case_panels.own_lines)
        organisation_panels.register(case_panels.cases_in_hand)
        panels.road_panels.register(case_panels.history_of_road)
        panels.area_panels.register(case_panels.history_of_area)
        own_data.register(case_own.told)
        closing.register(within=case_own.forget)
        for kind, speak in post_messages.KINDS.items():
            messages.register(kind, speak)
        own_data.register(own_posts.told)
        own_data.register(desk_own.told)
        closing.register(within=own_posts.forget)
        register_lines(chain_panels.own_lines)
        register_lines(desk_panels.own_lines)
        panels.road_panels.register(chain_panels.road_papers)
        panels.area_panels.register(chain_panels.area_papers)
