"""One report from end to end, each through the pages that are theirs: a resident without account, the desk, a merchant, the clock.

The resident reports rubbish on 振祁路 with a phone, follows it to the answer, asks again once and rates it; the merchant confirms
each time that it is gone; and while it waits a second time too long, it climbs to the head of the zone, once for each step.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from tests import running
from tests.journeys.conftest import PHONE, Enter, Person
from tests.journeys.test_report import a_picture, read_receipt, send

pytestmark = pytest.mark.journey

WORDS = "路口堆着半车装修垃圾，挡了人行道"
HEAD_OF_ZONE = "colleague11"

# Time passes: everything that the clock measures by lies further back. Then the clock goes, far more often than there are steps.
OVERDUE = """
import json
from datetime import timedelta
from grid.cases import climbing
from grid.models import Case
from updates.models import Message
case = Case.objects.get(number="{number}")
for _ in range(12):
    case.refresh_from_db()
    for name in ("due_at", "clock_since", "climbed_at", "dispatched_at"):
        if getattr(case, name) is not None:
            setattr(case, name, getattr(case, name) - timedelta(days=9))
    case.save()
    climbing.climb()
    climbing.climb()
told = Message.objects.filter(kind="case_overdue", payload__number="{number}")
print(json.dumps(sorted(told.values_list("person__username", flat=True))))
"""


def do(person: Person, number: str, deed: str, **said: str) -> Page:
    """One deed at the desk: the case, its button, and the form of what needs words; other deeds are one press."""
    page = person.go(f"/cases/desk/{number}/")
    if said:
        page.locator(f"a[href$='/{deed}/']:visible").first.click()
        for name, words in said.items():
            page.locator(f"textarea[name={name}]").fill(words)
        page.locator(".sheet-foot button").click()
    else:
        page.locator(f"form[action$='/{deed}/'] button:visible").first.click()
    expect(page.get_by_text("已完成").first).to_be_visible()
    return page


def test_rubbish_on_a_road_from_the_report_to_the_answer_and_once_more(enter: Enter, site: running.Site) -> None:
    resident, gu, xu, lu, zhou = (
        enter(viewport=PHONE),
        enter("gu"),
        enter("xu"),
        enter("lu"),
        enter("zhou", viewport=PHONE),
    )
    number = report(resident)
    resident.picture("reported")

    page = gu.go("/cases/desk/?list=take_in")
    expect(page.locator(f"[data-number='{number}']")).to_be_visible()
    page = gu.go(f"/cases/desk/{number}/file/")
    page.locator("[name=standard]").first.check()
    page.locator(".sheet-foot button").click()
    expect(page.get_by_text("已完成").first).to_be_visible()
    page = xu.go(f"/cases/desk/{number}/dispatch/")
    expect(page.locator("[name=unit]:checked")).to_have_count(1)
    xu.picture("suggested")
    page.locator("label", has_text="玉祁城管").locator("visible=true").first.click()
    page.locator(".sheet-foot button").click()
    expect(page.get_by_text("已完成").first).to_be_visible()

    page = resident.go(f"/cases/{number}/")
    expect(page.locator("live-line")).to_have_attribute("data-state", "live")
    expect(page.locator("#case-top")).to_contain_text("玉祁城管")
    page.evaluate("window.neverReloaded = true")
    handle(lu, number, "两车清完，人行道通了。")
    confirm(zhou, number)
    # Who sent it out does not close it: xu has no such button.
    expect(xu.go(f"/cases/desk/{number}/").locator("a[href$='/close/']")).to_have_count(0)
    do(gu, number, "close", word="已清运，并提醒了施工单位。")
    expect(page.locator("section", has=page.locator("#answer"))).to_contain_text("已清运")
    assert page.evaluate("window.neverReloaded === true"), "the answer came by itself"
    resident.picture("answered")

    page.locator(f'a[href="/cases/{number}/again/"]').click()
    page.locator("[name=reason]").fill("第二天又堆上了")
    page.locator('form[action$="/again/"] button[type=submit]').click()
    expect(page.locator("#case-top")).not_to_contain_text("已答复")

    told = json.loads(site.tell(OVERDUE.format(number=number)))
    assert told.count(HEAD_OF_ZONE) == 1
    assert len(told) == len(set(told)), "nobody hears of it twice"
    page = gu.go(f"/cases/desk/{number}/")
    climbs = page.locator("#case-history li", has_text="报上一级")
    assert climbs.count() >= 3
    gu.picture("climbed")

    handle(lu, number, "再次清完，装了摄像头。")
    confirm(zhou, number)
    do(gu, number, "close", word="再次清运，加了夜间巡查。")
    page = resident.go(f"/cases/{number}/")
    expect(page.locator("section", has=page.locator("#answer"))).to_contain_text("夜间巡查")
    expect(page.locator(f'a[href="/cases/{number}/again/"]')).to_have_count(0)
    page.locator(f'a[href="/cases/{number}/rate/"]').click()
    page.locator("label", has=page.locator('[name=rating][value="5"]')).click()
    page.locator('form[action$="/rate/"] button[type=submit]').click()
    expect(page.locator(f'a[href="/cases/{number}/rate/"]')).to_have_count(0)
    resident.picture("rated")
    for person in (resident, gu, xu, lu, zhou):
        assert person.complaints_besides(404) == [], person.name


def report(resident: Person) -> str:
    """From the first page to the number: a picture, the kind, one line, road and house. The page asks for nothing else."""
    page = resident.go("/")
    page.locator("main a[href='/report/']").click()
    page.locator("#album").set_input_files([a_picture(11)])
    page.locator("label", has_text="垃圾没人收").click()
    page.locator("#id_description").fill(WORDS)
    page.locator("[name=road]").select_option(label="振祁路")
    page.locator("[name=house_number]").fill("21")
    send(page)
    expect(page.locator("#similar, .receipt-code").first).to_be_visible()
    if page.locator("#similar").count():
        page.locator("#similar > p .btn.main").click()
    number, _code = read_receipt(page)
    return number


def handle(lu: Person, number: str, word: str) -> None:
    """Somebody of the unit takes it on, and says what was done."""
    do(lu, number, "take")
    do(lu, number, "submit", word=word)


def confirm(zhou: Person, number: str) -> None:
    """The merchant sees it from the shop."""
    do(zhou, number, "confirm", reason="我从店里看得到，干净了。")
