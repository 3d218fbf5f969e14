"""Every page in English: see ``every_page``."""

import pytest

from tests import grounds
from tests.journeys.every_page import EveryPage

pytestmark = [pytest.mark.journey, pytest.mark.web_alone]


@pytest.fixture(scope="module")
def ground() -> str:
    return grounds.with_stage()


class TestEveryPageInEnglish(EveryPage):
    language = "en"
