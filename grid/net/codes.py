"""How the parts of the net are numbered.

Areas begin with the code of their town: county (6 digits) and subdistrict (3). A community grid adds the community (3), and
its unit cells their serial (2 digits, or 3 where there are many), from left to right and from top to bottom (domain 1.3,
after CJ/T 213 and CJ/T 349). Street-front grids stand beside that standard: R and the number of the road, and their cells
the number of the stretch. A zone has a short name of its own behind a hyphen.
"""

import re

from django.utils.translation import gettext as _

from grid.models import Area
from kit.refusals import Refused

Level, Kind = Area.Level, Area.Kind

_TOWN = re.compile(r"\d{9}", re.ASCII)
_OF_ROADS = re.compile(r"R\d{3}", re.ASCII)
_OF_POINTS = re.compile(r"P\d{3,6}", re.ASCII)

_BEHIND_ITS_PARENT: dict[tuple[str, str], str] = {
    (Level.ZONE, ""): r"-[A-Z0-9]{1,4}",
    (Level.GRID, Kind.COMMUNITY): r"\d{3}",
    (Level.GRID, Kind.STREET): r"R\d{3}",
    (Level.CELL, Kind.COMMUNITY): r"\d{2,3}",
    (Level.CELL, Kind.STREET): r"\d{2,3}",
}


def demand_area_code(code: str, *, level: str, kind: str, parent: Area | None) -> None:
    """Raise ``Refused("code_unfit", 422)`` for a code that does not say where in the net the area stands."""
    if parent is None:
        if not _TOWN.fullmatch(code):
            raise _unfit(_("The code of a town has nine digits, such as 320206005."))
        return
    # A grid is numbered in its town, whichever zone it is in.
    above = parent.parent if level == Level.GRID and parent.parent is not None else parent
    if not re.fullmatch(re.escape(above.code) + _BEHIND_ITS_PARENT[level, kind], code, re.ASCII):
        raise _unfit(
            _("Here the code begins with %(above)s, followed by %(form)s.")
            % {"above": above.code, "form": _form(level, kind)}
        )


def demand_road_code(code: str) -> None:
    """Raise ``Refused("code_unfit", 422)`` for what is not the code of a road."""
    if not _OF_ROADS.fullmatch(code):
        raise _unfit(_("The code of a road is R and three digits, such as R007."))


def demand_point_code(code: str) -> None:
    """Raise ``Refused("code_unfit", 422)`` for what is not the code of a point of interest."""
    if not _OF_POINTS.fullmatch(code):
        raise _unfit(_("The code of a point is P and three to six digits, such as P012."))


def _form(level: str, kind: str) -> str:
    match level, kind:
        case Level.ZONE, _kind:
            return _("a hyphen and one to four capital letters or digits")
        case Level.GRID, Kind.STREET:
            return _("R and the three digits of the road")
        case Level.GRID, _kind:
            return _("the three digits of the community")
        case _:
            return _("a serial of two or three digits")


def _unfit(sentence: str) -> Refused:
    return Refused("code_unfit", sentence, status=422, field="code")
