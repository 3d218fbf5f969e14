"""By the keyboard alone: found, signed in, signed up, told. At each step the focus is seen, and no bar lies over it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.grounds import PASSWORD
from tests.journeys.conftest import DESKTOP, WINDOWS, Enter

pytestmark = pytest.mark.journey

# A ring on the element, or on the box that stands for it; and some part of it that nothing covers.
HOW_FOCUSED = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const label = focused.labels && focused.labels[0];
    const rings = [focused, focused.nextElementSibling].filter(Boolean).map(each => getComputedStyle(each));
    const box = (label || focused).getBoundingClientRect();
    const own = focused.getBoundingClientRect();
    const covered = (x, y) => {
        const top = document.elementFromPoint(x, y);
        return !top || !(focused.contains(top) || (label && label.contains(top)) || top.contains(focused));
    };
    const places = [.5, .2, .8].flatMap(part => [
        [own.left + own.width * part, own.top + own.height * part], [box.left + box.width / 2, box.top + box.height * part]]);
    return {
        name: (focused.ariaLabel || (label ? label.innerText : "") || focused.innerText || focused.name || "").trim(),
        role: focused.localName,
        inSheet: Boolean(focused.closest("dialog")),
        ringed: rings.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
        hidden: places.every(([x, y]) => covered(x, y)),
    };
}"""


class Keys:
    """Somebody at a page who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def focused(self) -> dict[str, object]:
        """What has the focus, having seen that everybody can tell so."""
        how = self.page.evaluate(HOW_FOCUSED)
        if how is None:
            return {"name": "", "role": "body", "inSheet": False}
        assert how["ringed"], f"no ring around {how}"
        assert not how["hidden"], f"something lies over {how}"
        return dict(how)

    def tab_to(self, name: str, role: str = "", most: int = 120) -> None:
        """Press Tab until something with this name (a pattern) has the focus."""
        passed = []
        for _ in range(most):
            self.press("Tab")
            how = self.focused()
            if re.search(name, str(how["name"])) and role in ("", how["role"]):
                return
            passed.append(how["name"])
        raise AssertionError(f"{name} is never reached: {passed}")


@WINDOWS
@pytest.mark.parametrize("viewport", [None, DESKTOP], ids=["phone", "desktop"])
def test_signed_up_by_keyboard(enter: Enter, with_script: bool, viewport: dict[str, int] | None) -> None:
    """From the first page to the place, signing in on the way."""
    name = {(True, False): "zhou", (False, False): "lan", (True, True): "chen", (False, True): "lu"}[
        with_script, viewport is not None
    ]
    person = enter(name, script=with_script, logged_in=False, **({"viewport": viewport} if viewport else {}))
    page, keys = person.go("/"), Keys(person.page)

    keys.press("Tab")
    assert keys.focused()["name"] == "跳到正文"
    keys.press("Enter")
    keys.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), "the link did not skip"

    keys.tab_to("振祁路夜间除雪防冻", "a")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("振祁路夜间除雪防冻")
    keys.tab_to("报名|候补", "a")
    keys.press("Enter")
    expect(page.locator("#sheet-title")).to_be_visible()
    keys.tab_to("18|成年", "input")
    keys.press("Space")
    keys.tab_to("^下一步", "button")
    keys.press("Enter")

    expect(page).to_have_url(re.compile("/account/login/"))
    if not page.locator("[name=password]").is_visible():
        keys.tab_to("密码", "summary")
        keys.press("Enter")
    keys.tab_to("用户名|账号|登录名", "input")
    page.keyboard.type(name)
    keys.tab_to("密码", "input")
    page.keyboard.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("报名成功|候补"))
    assert person.complaints == []


def test_the_sheet_keeps_the_focus_and_gives_it_back(enter: Enter) -> None:
    person = enter()
    page, keys = person.go("/actions/"), Keys(person.page)
    keys.tab_to("振祁路夜间除雪防冻", "a")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("振祁路夜间除雪防冻")
    keys.tab_to("报名|候补", "a")
    opener = keys.focused()["name"]
    keys.press("Enter")
    expect(page.locator("dialog #sheet-title")).to_be_focused()

    # All around the sheet, forwards and backwards: never on the page behind it. The browser's own bar is outside of both.
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 12:
        keys.press(key)
        how = keys.focused()
        assert how["inSheet"] or how["role"] == "body", how

    keys.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert keys.focused()["name"] == opener

    # What is missing is said first, and leads to its field.
    keys.press("Enter")
    expect(page.locator("dialog #sheet-title")).to_be_focused()
    keys.tab_to("^下一步", "button")
    keys.press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    keys.press("Tab")
    assert keys.focused()["role"] == "a"
    keys.press("Enter")
    expect(page.locator("[name=is_adult]")).to_be_focused()
    keys.focused()

    assert person.complaints_besides(422) == []


def step_through(keys: Keys, ups: int) -> None:
    """Set the three parts of a day, or of a time, with the arrows: how many there are and in what order is the browser's."""
    for _part in range(3):
        for _ in range(ups):
            keys.press("ArrowUp")
        keys.press("ArrowRight")


def test_staff_tell_and_compose_by_keyboard(enter: Enter) -> None:
    mei = enter("mei")
    page, keys = mei.go("/desk/"), Keys(mei.page)
    keys.tab_to("振祁路夜间除雪防冻", "a")
    keys.press("Enter")
    expect(page.locator("#desk-head")).to_be_visible()
    keys.tab_to("发布动态|发动态|发一条", "a")
    keys.press("Enter")
    expect(page.locator("dialog #sheet-title")).to_be_focused()
    keys.tab_to("", "textarea")
    page.keyboard.type("到了二十人，键盘写的")
    keys.tab_to("^发布", "button")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("键盘写的")

    mei.go("/desk/")
    keys.tab_to("发起行动", "a")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/desk/new/"))
    keys.tab_to("除雪防冻", "input")
    keys.press("ArrowRight")
    assert keys.focused()["name"] == page.locator("[name=kind]:checked").evaluate(
        "each => each.labels[0].innerText.trim()"
    )
    keys.tab_to("标题", "input")
    page.keyboard.type("键盘上发起的行动")

    keys.tab_to("哪一天", "input")
    # In whatever order the browser has them: the second day of the second month of next year.
    step_through(keys, ups=2)
    keys.tab_to("几点开始", "input")
    step_through(keys, ups=1)
    keys.tab_to("几点结束", "input")
    step_through(keys, ups=3)
    keys.tab_to("^地点", "input")
    page.keyboard.type("海瑞路")
    keys.tab_to("一两句话|一句话", "textarea")
    keys.press("Control+a")
    page.keyboard.type("不碰鼠标，也能把行动发出来。")
    keys.tab_to("^发布", "button")
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/\d+/"))
    expect(page.locator(".messages")).to_be_visible()
    expect(page.locator("#desk-head")).to_contain_text("键盘上发起的行动")
    assert mei.complaints == []


def test_a_focus_that_is_not_seen_is_noticed(enter: Enter) -> None:
    """The twins: a ring taken away, and a bar laid over what has the focus."""
    page = enter().go("/actions/")
    keys = Keys(page)
    keys.tab_to("共治", "a")
    page.evaluate("document.activeElement.style.outline = 'none'")
    with pytest.raises(AssertionError, match="no ring"):
        keys.focused()
    page.reload()
    keys.tab_to("共治", "a")
    page.evaluate("Object.assign(document.querySelector('.bar').style, { top: 0, height: '844px' })")
    with pytest.raises(AssertionError, match="lies over"):
        keys.focused()
