from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from communities import closing, own_data  # app ready: models can be imported only now
        from communities.panels import organisation_panels
        from updates import messages as personal
        from updates import topics, verbs
        from volunteers.panels import register_lines

        from . import (  # app ready
            case_messages,
            case_panels,
            chain_panels,
            entering,
            follow_messages,
            own_following,
            own_posts,
            own_reports,
            panels,
            permits,
            post_messages,
            telling,
        )

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        verbs.register(telling.CASE)
        for kind, speak in {**post_messages.KINDS, **case_messages.KINDS}.items():
            personal.register(kind, speak)
        for kind, speak in follow_messages.KINDS.items():
            personal.register(kind, speak, is_quiet=kind in follow_messages.QUIET)
        for tell in (own_posts.told, own_reports.told, own_following.told):
            own_data.register(tell)
        for forget in (own_posts.forget, own_reports.forget, own_following.forget):
            closing.register(within=forget)
        for lines in (case_panels.own_lines, chain_panels.own_lines, entering.own_lines):
            register_lines(lines)
        organisation_panels.register(case_panels.cases_in_hand)
        panels.road_panels.register(chain_panels.road_papers)
        panels.area_panels.register(chain_panels.area_papers)
        panels.road_panels.register(case_panels.history_of_road)
        panels.area_panels.register(case_panels.history_of_area)
