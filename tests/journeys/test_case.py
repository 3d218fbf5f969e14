"""A resident follows a report by its receipt code: sees the answer come without loading the page anew, rates it, asks again once."""

import pytest
from playwright.sync_api import expect

from tests import running
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.journey

BEGIN = """
from types import SimpleNamespace
from tests import cast
from tests.grid import cases
from grid.reports import receipts
from grid.models import Case, Post
from grid.rules.transitions import Deed
town = cast.gather()
nowhere = SimpleNamespace(road=None, first=None, street_cell=None)
scene = cases.Scene(town, nowhere, cases.a_standard(), town.lu)
from grid.models import Area
top = Area.objects.filter(level="town").order_by("code").first()
for role, person in ((Post.Role.ACCEPTOR, town.mei), (Post.Role.DISPATCHER, town.yan)):
    Post.objects.create(role=role, area=top, person=person, since=top.since, appointed_by=town.admin)
case = cases.a_case(scene, anonymous=True, receipt=receipts.hashed("ABCD1234"))
print(case.number)
"""
GO_ON = """
from tests import cast
from tests.grid import cases
from grid.cases import moving
from grid.models import Case, FilingStandard
town = cast.gather()
scene = cases.Scene(town, None, FilingStandard.objects.get(category__code="E9901"), town.lu)
case = Case.objects.get(number="{number}")
for deed, by, particulars in list(cases.path_to(scene, Case.State.CLOSED))[{start}:]:
    case = moving.move(case=case, deed=deed, by=by, **particulars)
"""


def test_from_the_code_to_the_answer_and_once_more(site: running.Site, enter: Enter) -> None:
    number = site.tell(BEGIN)
    resident = enter()
    page = resident.go("/cases/find/")
    page.locator("[name=code]").fill("abcd-1234")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**/cases/{number}/")
    expect(page.locator("live-line")).to_have_attribute("data-state", "live")
    page.evaluate("window.neverReloaded = true")

    site.tell(GO_ON.format(number=number, start=0))
    expect(page.locator("#answer")).to_be_visible(timeout=30_000)
    expect(page.locator("#case-top")).to_contain_text("修好了")
    expect(page.locator("#case-line li")).to_have_count(6)
    assert page.evaluate("window.neverReloaded === true")

    page.locator(f'a[href="/cases/{number}/rate/"]').click()
    page.locator("label", has=page.locator('[name=rating][value="2"]')).click()
    page.locator('form[action$="/rate/"] button[type=submit]').click()
    expect(page.locator(f'a[href="/cases/{number}/rate/"]')).to_have_count(0)

    page.locator(f'a[href="/cases/{number}/again/"]').click()
    page.locator("[name=reason]").fill("第二天又满了")
    page.locator('form[action$="/again/"] button[type=submit]').click()
    expect(page.locator(f'a[href="/cases/{number}/again/"]')).to_have_count(0)
    assert "rework" in site.tell(f'from grid.models import Case; print(Case.objects.get(number="{number}").state)')

    site.tell(GO_ON.format(number=number, start=2))
    expect(page.locator("#answer")).to_be_visible(timeout=30_000)
    expect(page.locator(f'a[href="/cases/{number}/again/"]')).to_have_count(0)
    assert resident.complaints_besides() == []

    stranger = enter().go(f"/cases/{number}/")
    expect(stranger.locator("#answer")).to_be_visible()
    expect(stranger.locator("#case-own")).to_be_empty()
