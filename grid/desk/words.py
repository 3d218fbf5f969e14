"""A case in the words of those who work on it: what, where and who, in full; and the templates with which answers begin."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grid.models import Case, ReplyTemplate
from grid.telling import words as case_words
from grid.telling.words import kind_of


def place_of(case: Case, *, inside: bool = True) -> str:
    """Where it is, with everything that is known: road, house, words, cell; not ``inside`` only what everybody reads."""
    if not inside:
        return case_words.place_of(case).words or _("Place not known")
    road = case.road.spoken_name if case.road else ""
    if road and case.house_number:
        road = _("%(road)s No. %(number)s") % {"road": road, "number": case.house_number}
    cell = case.cell.spoken_name if case.cell else ""
    words = [part for part in (road, case.address) if part]
    return " · ".join(words) or cell or _("Place not known")


def title_of(case: Case) -> str:
    """What and where, for headings and choices."""
    return f"{kind_of(case)}, {place_of(case)}"


def templates_for(case: Case) -> QuerySet[ReplyTemplate]:
    """The templates of its kind of problem, and those for all."""
    code = case.category.code if case.category is not None else ""
    fitting = [template.pk for template in ReplyTemplate.objects.all() if code.startswith(template.categories)]
    return ReplyTemplate.objects.filter(pk__in=fitting)


def filled(template: ReplyTemplate, case: Case) -> str:
    """The words of a template, with what is known of the case in the places that are left for it; others stay as they are."""
    words = template.words
    for name, value in (
        ("number", case.number),
        ("what", case.category.name if case.category else ""),
        ("where", " ".join(filter(None, (case.road.name if case.road else "", case.address)))),
        ("unit", case.unit.name if case.unit else ""),
    ):
        words = words.replace(f"{{{name}}}", value) if value else words
    return words
