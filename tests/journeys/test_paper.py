"""What comes out of the printer: A4, black on white in every look, whole rows, nothing that only makes sense on a screen."""

import json
import re
import shutil
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from communities.models import User
from events.shifts import Hours
from portal.models import NoticePage
from tests import cast, running
from tests.conftest import needs
from tests.journeys.conftest import DESKTOP, Enter, Person

pytestmark = pytest.mark.journey

LOOKS = (("light", "standard"), ("dark", "standard"), ("dark", "elder"))
LONG_NAME = "欧阳慕容·阿不都热合曼"
A4 = "594.96 x 841.92"
"""Points, as Chromium rounds 210 × 297 mm."""

# Every piece of text that would be printed: its colour, and the first ground behind it that is not transparent.
INK = """() => {
    const clear = "rgba(0, 0, 0, 0)", found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const each = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !each.checkVisibility() || each.closest(".vh, script")) continue;
        let ground = each;
        while (ground && getComputedStyle(ground).backgroundColor === clear) ground = ground.parentElement;
        found.add(getComputedStyle(each).color + " on " + (ground ? getComputedStyle(ground).backgroundColor : clear));
    }
    return [...found];
}"""
BLACK_ON_WHITE = {f"rgb(0, 0, 0) on {ground}" for ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")}


def stage() -> None:
    """One shift with thirty people, one with one, one with nobody; a place of zhou's; run beside the site.

    All on one day at fixed hours: a shift that passes midnight has more words, and perhaps one more sheet.
    """
    town = cast.gather()
    morning = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=25), time(9)))
    begins = [morning + timedelta(hours=5 * each) for each in range(3)]
    hours = [
        Hours(begin, begin + timedelta(hours=2), capacity=40, least=1, task=f"第 {each} 段")
        for each, begin in enumerate(begins, 1)
    ]
    action = cast.announced(town, *hours, title="湖西路冬季大扫除", adults_only=False)
    full, single, _nobody = action.shifts.order_by("starts_at")
    for number in range(30):
        name = LONG_NAME if number == 0 else f"志愿者{number:02}"
        person = User.objects.create_user(f"sheet{number}", display_name=name, phone=f"+86139000088{number:02}")
        cast.sign_up(person, full)
    place = cast.sign_up(town.zhou, single)
    addresses = {
        "desk": f"/desk/{action.pk}/",
        "all": f"/desk/{action.pk}/sign-in-list/",
        **{
            name: f"/desk/{action.pk}/sign-in-list/?shift={shift.pk}"
            for name, shift in zip(("thirty", "one", "none"), action.shifts.order_by("starts_at"), strict=True)
        },
        "action": action.get_absolute_url(),
        "mine": f"/my/sign-ups/{place.pk}/",
        "notice": NoticePage.objects.get(kind="roadworks").url,
        "organisation": "/organisations/yu-qi-she-qu/",
    }
    sys.stdout.write(json.dumps(addresses))


@pytest.fixture(scope="module")
def addresses(site: running.Site) -> dict[str, str]:
    """What ``stage`` made."""
    said = site.tell("from tests.journeys import test_paper; test_paper.stage()")
    made: dict[str, str] = json.loads(said.strip().splitlines()[-1])
    return made


def printed(person: Person, address: str, title: str) -> tuple[list[str], str]:
    """The words of each page on paper, and the size of a sheet. The paper stays among the artefacts."""
    needs("pdftotext (poppler-utils)", shutil.which("pdftotext"))
    file: Path = person.artefacts / f"{title}.pdf"
    person.go(address)
    person.page.pdf(path=file, prefer_css_page_size=True, print_background=False)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout
    facts = subprocess.run(["pdfinfo", file], check=True, capture_output=True, text=True).stdout
    size = re.search(r"Page size:\s+([\d.]+ x [\d.]+)", facts)
    return text.split("\f")[:-1], size[1] if size else ""


def test_the_list_to_sign_on(addresses: dict[str, str], enter: Enter) -> None:
    mei = enter("mei", viewport=DESKTOP)
    pages, size = printed(mei, addresses["thirty"], "sign-in-list-30")
    assert (len(pages), size) == (2, A4)
    for number, text in enumerate(pages, 1):
        assert re.search(rf"{number} ?/ ?2\s*$", text)  # the margin box
        assert "签名" in text or "Signature" in text  # the head of the table, on every page
    whole = re.sub(r"\s+", "", "".join(pages))
    assert "演示" in whole
    assert "湖西路冬季大扫除" in whole
    assert "玉祁社区" in whole
    assert LONG_NAME in whole
    for number in range(1, 30):
        assert f"志愿者{number:02}" in whole
    assert "139****8829" in whole
    assert "+86139" not in whole
    assert not re.search(r"1390000\d{4}", whole)
    assert "退出" not in whole  # a button of the page's head
    assert len(printed(mei, addresses["one"], "sign-in-list-1")[0]) == 1
    assert len(printed(mei, addresses["none"], "sign-in-list-0")[0]) == 1
    assert len(printed(mei, addresses["all"], "sign-in-list-all")[0]) == 4  # every shift begins a sheet


@pytest.mark.parametrize("what", ["notice", "action", "organisation", "desk", "mine", "thirty"])
def test_paper_is_black_on_white_in_every_look(what: str, addresses: dict[str, str], enter: Enter) -> None:
    person = enter("zhou" if what == "mine" else "mei", viewport=DESKTOP)
    lengths = set()
    for theme, mode in LOOKS:
        cookies = {"theme": theme, "mode": mode}
        person.context.add_cookies(
            [{"name": name, "value": value, "url": person.site.url} for name, value in cookies.items()]
        )
        pages, size = printed(person, addresses[what], f"{what}-{theme}-{mode}")
        assert size == A4
        lengths.add(len(pages))
        person.page.emulate_media(media="print")
        assert set(person.page.evaluate(INK)) <= BLACK_ON_WHITE, (theme, mode)
        left = person.page.locator(".head, .bar, .foot, .btn, .chips, .tabs, .crumbs, live-line").locator(
            "visible=true"
        )
        assert left.count() == 0, left.all_inner_texts()
        person.page.emulate_media(media="null")
    assert max(lengths) <= 4
