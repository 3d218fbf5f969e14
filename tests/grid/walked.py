"""Two cases for the walks, written as rows: one that everybody sees, and one that is kept inside and marked."""

import uuid
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.utils import timezone

from communities.models import User
from grid.models import Case, Photo, Question, Reporter, Subscription
from grid.reports import receipts
from tests.cast import Town
from tests.grid import cases


class Walked(NamedTuple):
    shown: Case
    hidden: Case
    photo: Photo
    hidden_photo: Photo
    question: Question
    subscription: Subscription


def two_cases(town: Town, reporter: User, mark: str) -> Walked:
    """What the addresses of cases are about; ``mark`` stands in what only the reporter and those who work on it read."""
    shown, hidden = (
        Case.objects.create(
            number=number,
            receipt=receipts.hashed(uuid.uuid4().hex),
            reported_at=timezone.now(),
            description=words,
            is_public=is_public,
            channel=Case.Channel.HOTLINE,  # staff has seen its pictures
        )
        for number, words, is_public in (("YQ209901010001", "x", True), ("YQ209901010002", mark, False))
    )
    for case in (shown, hidden):
        Reporter.objects.create(case=case, person=reporter, name=mark)
    # By one who walks nowhere: what one asked one may read oneself.
    question = Question.objects.create(case=shown, words=mark, asked_by=town.qiang)
    subscription = Subscription.objects.create(mail="zq@example.org", case=shown, confirmed_at=timezone.now())
    return Walked(shown, hidden, _photo(shown), _photo(hidden), question, subscription)


def _photo(case: Case) -> Photo:
    photo = Photo(case=case)
    photo.small.save("s.jpg", ContentFile(cases.a_picture().small), save=False)
    photo.file.save("l.jpg", ContentFile(cases.a_picture().small), save=False)
    photo.width = photo.height = 1
    photo.save()
    return photo
