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

        from . import panels, permits
        from .cases import panels as case_panels
        from .chain import messages as post_messages
        from .chain import own as own_posts
        from .chain import panels as chain_panels
        from .desk import own as desk_own
        from .desk import panels as desk_panels
        from .reports import entering
        from .reports import own as own_reports
        from .telling import book as telling
        from .telling import follow_messages
        from .telling import messages as case_messages
        from .telling import own as own_following

        topics.register("case", permits.may_follow_case)
        topics.register("road", permits.may_follow_road)
        topics.register(telling.CASES, permits.may_follow_cases)
        verbs.register(telling.CASE)
        verbs.register(telling.CASES)
        for kind, speak in {**post_messages.KINDS, **case_messages.KINDS}.items():
            personal.register(kind, speak)
        for kind, speak in follow_messages.KINDS.items():
            personal.register(kind, speak, is_quiet=kind in follow_messages.QUIET)
        for tell in (own_posts.told, own_reports.told, own_following.told, desk_own.told):
            own_data.register(tell)
        for forget in (own_posts.forget, own_reports.forget, own_following.forget):
            closing.register(within=forget)
        for lines in (case_panels.own_lines, chain_panels.own_lines, desk_panels.own_lines, entering.own_lines):
            register_lines(lines)
        organisation_panels.register(case_panels.cases_in_hand)
        panels.road_panels.register(chain_panels.road_papers)
        panels.area_panels.register(chain_panels.area_papers)
        panels.road_panels.register(case_panels.history_of_road)
        panels.area_panels.register(case_panels.history_of_area)
