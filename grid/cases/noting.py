"""Those who work on a case say something to each other. Notes are only ever added."""

from django.utils.translation import gettext as _

from communities.models import User
from grid import permits
from grid.models import OPINION_LENGTH, Case, Note
from kit.deeds import deed
from kit.refusals import as_written


@deed
def note(*, case: Case, words: str, by: User) -> Note:
    """Write a note on a case, for those who work on it; a slip of the pen is set right by another note.

    Raises ``Refused``: ``no_right`` (403), ``words_missing``, ``words_too_long`` (422).
    """
    permits.demand_working_on(by, case)
    words = as_written(words, most=OPINION_LENGTH, field="words", missing=_("Write what your colleagues should know."))
    return Note.objects.create(case=case, words=words, by=by)
