"""Every page and state that people look at: who opens it, where, and what must have happened in the town before."""

import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page
from wagtail.images.models import Image

from communities import applying, describing, following, inviting, joining
from communities.models import Organisation, User
from communities.roles import Role
from events import calling_off, parties, posting, publishing, seats, shifts
from events.kinds import Kind
from grid.cases import moving, reporting
from grid.models import Absence, Case, Category
from grid.reports.placing import Spot
from grid.rules.transitions import Deed
from portal.models import NoticePage
from tests import cast
from tests.cast import Town
from tests.communities.test_reviewing import handed_in
from tests.grid.walked import two_cases
from tests.journeys.conftest import Person

LONG_TITLE = "玉祁社区、示范初级中学、聚力暖橙志愿队联合开展冬季背街里巷环境卫生整治与楼道堆物清理暨“犄角旮旯”清扫日第十二次集中行动（东片区）"


@dataclass(frozen=True)
class Look:
    """A window and what its person chose."""

    name: str
    viewport: dict[str, int]
    theme: str = "light"
    mode: str = "standard"
    language: str = "zh-hans"

    @property
    def cookies(self) -> dict[str, str]:
        return {"theme": self.theme, "mode": self.mode, "django_language": self.language}


def dress(person: Person, look: Look) -> None:
    """Let this person's window show the site in this look from now on."""
    person.page.set_viewport_size(look.viewport)
    person.context.add_cookies(
        [{"name": name, "value": value, "url": person.site.url} for name, value in look.cookies.items()]
    )


# Title of the picture, who looks, the address (in braces: what ``stage`` made), and the status of the answer.
VIEWS = (
    ("home", "", "/", 200),
    ("home-offered", "zhou", "/", 200),
    ("actions", "", "/actions/", 200),
    ("actions-none", "", "/actions/?when=weekend&kind=forum&free=1", 200),
    ("action", "", "{long}", 200),
    ("action-waiting", "zhou", "{full}", 200),
    ("action-called-off", "", "{called_off}", 200),
    ("action-over", "", "{past}", 200),
    ("action-pictured", "", "{pictured}", 200),
    ("action-draft", "mei", "{draft}", 200),
    ("sign-up", "zhou", "{long}sign-up/", 200),
    ("sign-up-visitor", "", "{long}sign-up/", 200),
    ("sign-up-sheet", "zhou", "{long}", 200),
    ("login-wrong", "", "/account/login/", 200),
    ("login", "", "/account/login/", 200),
    ("signed-up", "zhou", "/my/sign-ups/{confirmed}/", 200),
    ("waiting", "zhou", "/my/sign-ups/{waiting}/", 200),
    ("cancel", "zhou", "/my/sign-ups/{confirmed}/cancel/", 200),
    ("my-activities", "zhou", "/my/activities/", 200),
    ("me", "mei", "/me/", 200),
    ("me-edit", "zhou", "/me/edit/", 200),
    ("organisations", "", "/organisations/", 200),
    ("organisation", "", "/organisations/yu-qi-cheng-guan/", 200),
    ("organisation-asked", "dana", "/organisations/yu-qi-she-qu/", 200),
    ("organisation-own", "mei", "/organisations/yu-qi-she-qu/", 200),
    ("apply", "zhou", "/my/organisations/apply/", 200),
    ("members", "mei", "/my/organisations/{yuqi}/members/", 200),
    ("member", "mei", "/my/organisations/{yuqi}/members/{member}/", 200),
    ("decline", "mei", "/my/organisations/{yuqi}/requests/{request}/decline/", 200),
    ("invite", "mei", "/my/organisations/{yuqi}/invite/", 200),
    ("invitation", "mei", "/my/organisations/{yuqi}/invitations/{invitation}/", 200),
    ("invited", "", "/join/{code}/", 200),
    ("invited-zhou", "zhou", "/join/{code}/", 200),
    ("leave", "mei", "/my/organisations/{yuqi}/leave/", 200),
    ("describe", "mei", "/my/organisations/{yuqi}/page/", 200),
    ("operator-organisations", "admin", "/operator/organisations/", 200),
    ("operator-rename", "admin", "/operator/organisations/{yuqi}/", 200),
    ("operator-application", "admin", "/operator/applications/{application}/", 200),
    ("operator-people", "admin", "/operator/people/?q=陈", 200),
    ("drawing", "admin", "/operator/grid/", 200),
    ("drawing-area", "admin", "/operator/grid/areas/320206005001/", 200),
    ("drawing-outline", "admin", "/operator/grid/areas/32020600500101/outline/", 200),
    ("drawing-new-area", "admin", "/operator/grid/areas/new/?in=320206005-N", 200),
    ("drawing-roads", "admin", "/operator/grid/roads/", 200),
    ("drawing-road", "admin", "/operator/grid/roads/R001/", 200),
    ("drawing-stretch", "admin", "/operator/grid/roads/R001/2/", 200),
    ("drawing-points", "admin", "/operator/grid/points/?q=公交", 200),
    ("drawing-point", "admin", "/operator/grid/points/P001/", 200),
    ("drawing-gaps", "admin", "/operator/grid/gaps/", 200),
    ("drawing-files", "admin", "/operator/grid/files/", 200),
    ("reviews", "mei", "/review/", 200),
    ("review", "mei", "/review/{review}/", 200),
    ("partner-invitations", "bo", "/my/invitations/", 200),
    ("partner-invitation", "bo", "/my/invitations/{party}/", 200),
    ("share", "mei", "/desk/{full_desk}/share/", 200),
    ("poster-action", "", "/share/actions/{full_desk}/", 200),
    ("poster-notice", "", "/share/notices/{notice_pk}/", 200),
    ("poster-organisation", "", "/share/organisations/{yuqi}/", 200),
    ("search", "", "/search/", 200),
    ("search-found", "", "/search/?q=玉祁", 200),
    ("search-none", "", "/search/?q=查无此词", 200),
    ("grid", "", "/grid/", 200),
    ("report", "", "/report/", 200),
    ("report-for-others", "admin", "/report/for/", 200),
    ("reported", "", "/report/{reported}/", 200),
    ("grid-day", "", "/grid/320206005-N/?on=2024-01-01", 200),
    ("cell", "", "/grid/32020600500101/", 200),
    ("cases", "", "/cases/", 200),
    ("cases-none", "", "/cases/?q=查无此词", 200),
    ("case", "", "/cases/{case}/", 200),
    ("case-own", "zhou", "/cases/{case}/", 200),
    ("case-add", "zhou", "/cases/{case}/add/", 200),
    ("case-question", "zhou", "/cases/{case}/questions/{case_question}/", 200),
    ("case-find", "", "/cases/find/", 200),
    ("case-follow", "", "/follow/case/{case}/", 200),
    ("my-cases", "zhou", "/my/cases/", 200),
    ("roads", "", "/roads/", 200),
    ("roads-none", "", "/roads/?class=lane&q=查无此路", 200),
    ("road", "", "/roads/R001/", 200),
    ("road-board", "", "/roads/R001/board/", 200),
    ("cell-board", "", "/grid/32020600500101/board/", 200),
    ("road-card", "admin", "/roads/R001/card/", 200),
    ("cell-card", "", "/grid/32020600500101/card/", 200),
    ("issue-card", "admin", "/roads/R001/card/issue/", 200),
    ("integrity", "admin", "/grid/integrity/", 200),
    ("my-places", "lu", "/my/places/", 200),
    ("away", "lu", "/my/places/away/", 200),
    ("posts", "admin", "/operator/grid/posts/", 200),
    ("posts-none", "admin", "/operator/grid/posts/?who=查无此人", 200),
    ("appoint", "admin", "/operator/grid/posts/appoint/?role=cell_worker&place=32020600500101", 200),
    ("post-held", "admin", "/operator/grid/posts/{held}/", 200),
    ("hand-over", "admin", "/operator/grid/posts/{held}/hand-over/", 200),
    ("relieve", "admin", "/operator/grid/posts/{held}/relieve/", 200),
    ("deputy", "admin", "/operator/grid/posts/{held}/deputy/", 200),
    ("duty-phone", "admin", "/operator/grid/posts/{held}/phone/", 200),
    ("absence", "admin", "/my/places/{held}/absence/", 200),
    ("grid-team", "admin", "/operator/grid/team/", 200),
    ("search-places", "", "/search/?q=振祁路&kind=place", 200),
    ("privacy", "", "/privacy/", 200),
    ("my-data", "zhou", "/me/data/", 200),
    ("keys", "zhou", "/me/keys/", 200),
    ("close", "zhou", "/me/close/", 200),
    ("phone", "zhou", "/account/phone/", 200),
    ("password", "zhou", "/account/password/", 200),
    ("notices", "", "/notices/", 200),
    ("notices-none", "", "/notices/?tab=works&by=shi-fan-chu-ji-zhong-xue", 200),
    ("notices-own", "", "/organisations/yu-qi-she-qu/notices/", 200),
    ("notice", "", "{notice}", 200),
    ("notice-repealed", "mei", "{repealed}", 200),
    ("about", "", "/about/", 200),
    ("help", "", "/help/", 200),
    ("desks", "mei", "/desk/", 200),
    ("desk", "mei", "/desk/{full_desk}/", 200),
    ("desk-long", "mei", "/desk/{long_desk}/", 200),
    ("sign-in-list", "mei", "/desk/{full_desk}/sign-in-list/", 200),
    ("composer", "mei", "/desk/new/", 200),
    ("composer-empty", "mei", "/desk/new/", 200),
    ("composer-change", "mei", "/desk/{full_desk}/edit/", 200),
    ("post", "mei", "/desk/{full_desk}/post/", 200),
    ("withdraw", "mei", "/desk/{full_desk}/posts/{post}/withdraw/", 200),
    ("stream", "", "/updates/", 200),
    ("stream-mine", "zhou", "/updates/?of=mine", 200),
    ("stream-none", "yan", "/updates/?of=mine", 200),
    ("inbox", "zhou", "/my/messages/", 200),
    ("inbox-empty", "chen", "/my/messages/", 200),
    ("call-off", "mei", "/desk/{full_desk}/call-off/", 200),
    ("not-found", "", "/nowhere/", 404),
    ("forbidden", "yan", "/desk/{full_desk}/call-off/", 403),
    ("case-desk", "lu", "/cases/desk/", 200),
    ("case-desk-all", "admin", "/cases/desk/?list=all", 200),
    ("case-desk-send", "admin", "/cases/desk/?list=send", 200),
    ("case-desk-none", "admin", "/cases/desk/?q=%E6%B2%A1%E6%9C%89&zone=x", 200),
    ("case-send-out", "admin", "/cases/desk/send-out/?number={case_filed}", 200),
    ("case-at-desk", "lu", "/cases/desk/{case_in_hand}/", 200),
    ("case-at-desk-chief", "zhou", "/cases/desk/{case_handled}/", 200),
    ("case-submit", "lu", "/cases/desk/{case_in_hand}/submit/", 200),
    ("case-file", "admin", "/cases/desk/{case_new}/file/", 200),
    ("case-correct", "admin", "/cases/desk/{case_new}/correct/", 200),
    ("case-spot", "lu", "/cases/desk/{case_new}/solve-on-the-spot/", 200),
    ("case-close", "admin", "/cases/desk/{case_handled}/close/", 200),
    ("case-hide", "admin", "/cases/desk/{case_handled}/hide/", 200),
    ("case-taken-down", "", "/cases/{case_taken_down}/", 410),
    ("case-blur", "admin", "/cases/desk/{case_new}/photos/{case_photo}/blur/", 200),
)


def _open_sheet(page: Page) -> None:
    page.locator("a.btn.main[data-sheet]:visible").first.click()
    page.locator("dialog.sheet h1").wait_for()


def _sign_in_wrongly(page: Page) -> None:
    page.locator("[name=username]").fill("zhou")
    page.locator("[name=password]").fill("not-the-password")
    page.locator("[name=password]").press("Enter")
    page.locator(".error-summary, .msg.bad").first.wait_for()


def _announce_nothing(page: Page) -> None:
    page.locator("button[value=announce]").click()
    page.locator(".error-summary").wait_for()


# What happens on a page before its picture is taken.
STEPS: dict[str, Callable[[Page], None]] = {
    "sign-up-sheet": _open_sheet,
    "login-wrong": _sign_in_wrongly,
    "composer-empty": _announce_nothing,
}


def stage() -> None:
    """Make what the demo town does not show; run once for all by ``grounds.with_stage``, it says the addresses."""
    town = cast.gather()
    neighbours = list(town.neighbours())

    full = cast.announced(town, cast.in_hours(330, capacity=2, task="二区北门到菜场"), title="二区楼道口清扫")
    shift = full.shifts.get()
    for person in neighbours[:2]:
        cast.sign_up(person, shift)
    waiting = cast.sign_up(town.zhou, shift)
    cast.sign_up(neighbours[2], shift)
    seats.cancel(sign_up=cast.sign_up(neighbours[3], shift), by=neighbours[3])

    short = cast.announced(town, cast.in_hours(1.5, 0.25, capacity=1), title="给岗亭送热饮", kind=Kind.CARE)
    first = cast.sign_up(town.qiang, short.shifts.get())
    cast.sign_up(town.zhou, short.shifts.get())
    seats.cancel(sign_up=first, by=town.qiang, reason="孩子发烧")

    free = cast.announced(town, cast.in_hours(340), title="学校门口护学", kind=Kind.OTHER)
    called_off = cast.announced(town, cast.in_hours(350), title="周末除雪备勤", kind=Kind.SNOW)
    calling_off.call_off(action=called_off, reason="雪停了，道路已通，谢谢大家。", by=town.mei)
    past = cast.announced(town, cast.in_hours(300), title="湖西路清扫")
    cast.sign_up(town.dana, past.shifts.get())
    cast.put_back(past, timedelta(hours=400))
    rows = [cast.in_hours(400 + 4 * each, task=f"第 {each + 1} 段：湖西路口到海瑞路口") for each in range(12)]
    long = cast.announced(town, *rows, title=LONG_TITLE)
    body = f'<p>去年这里是这样的：</p><embed embedtype="image" id="{Image.objects.get().pk}" format="fullwidth" alt="绕行图"/>'
    pictured = cast.announced(town, cast.in_hours(510), title="河边捡垃圾", body=body)
    draft = publishing.draft(host=town.yuqi, details=cast.details(title="还没写完的草稿", risks=""), by=town.mei)
    shifts.add(action=draft, hours=cast.in_hours(500), by=town.mei)

    posting.withdraw(post=posting.post(action=full, text="写错了", by=town.mei), by=town.mei)
    post = posting.post(action=full, text="到了二十人，还缺两把铲子。\n楼道口先不要停车，谢谢大家！", by=town.mei)
    moved = cast.announced(town, cast.in_hours(520), title="河道清漂", kind=Kind.FLOOD)
    cast.sign_up(town.zhou, moved.shifts.get())
    shifts.change(shift=moved.shifts.get(), hours=cast.in_hours(530, task="湖西路桥下"), by=town.mei)

    sys.stdout.write(
        json.dumps(
            {
                **stage_belonging(town),
                "reported": str(stage_report().request_key),
                "party": parties.invite(
                    action=full, organisation=town.school, asked_for="带二十把铁锹", by=town.mei
                ).pk,
                "review": handed_in(town).pk,
                "held": Absence.objects.earliest("pk").post_id,
                "full": full.get_absolute_url(),
                "full_desk": full.pk,
                "post": str(post.key),
                "waiting": waiting.pk,
                "confirmed": cast.sign_up(town.zhou, free.shifts.get()).pk,
                "called_off": called_off.get_absolute_url(),
                "past": past.get_absolute_url(),
                "long": long.get_absolute_url(),
                "long_desk": long.pk,
                "pictured": pictured.get_absolute_url(),
                "draft": draft.get_absolute_url(),
                "notice": (notice := NoticePage.objects.get(kind="roadworks")).url,
                "notice_pk": notice.pk,
                **stage_desk(),
                "repealed": NoticePage.objects.get(validity="repealed").url,
            }
        )
    )


def stage_desk() -> dict[str, object]:
    """Cases of the demo town, as they wait at the desk."""
    in_hand = Case.objects.filter(handler__username="lu", state=Case.State.HANDLING).order_by("pk")[0]
    new = Case.objects.filter(state=Case.State.REPORTED, photos__isnull=False).order_by("pk")[0]
    filed = Case.objects.filter(state=Case.State.FILED).order_by("pk")[0]
    handled = Case.objects.filter(state=Case.State.FEEDBACK, road__code="R001").order_by("pk")[0]
    operator = User.objects.get(username="admin")
    closed = Case.objects.public().filter(state=Case.State.CLOSED).order_by("-pk")[0]
    moving.move(case=closed, deed=Deed.HIDE, by=operator, reason="写了别人的电话", whole=True)
    return {
        "case_in_hand": in_hand.number,
        "case_new": new.number,
        "case_filed": filed.number,
        "case_handled": handled.number,
        "case_taken_down": closed.number,
        "case_photo": new.photos.all()[0].pk,
    }


def stage_report() -> Case:
    """A report of a broken wire, by nobody one knows."""
    wire = Category.objects.on(timezone.localdate()).filter(is_dangerous=True).exclude(picture="").order_by("code")[0]
    spot = Spot(words="振祁路88号")
    return reporting.report(request_key=uuid.uuid4(), spot=spot, category=wire, description="电线垂到路上").case


def stage_belonging(town: Town) -> dict[str, object]:
    """Who asks to belong, who is invited, who applies, and what the operator said."""
    neighbours = list(town.neighbours())
    waits = joining.ask(organisation=town.yuqi, by=town.dana, note="我住玉祁二区，去年冬天一起扫过雪，想继续帮忙。")
    for person in neighbours[1:8]:
        joining.accept(request=joining.ask(organisation=town.yuqi, by=person), by=town.mei)
    joining.assign(person=neighbours[2], organisation=town.yuqi, roles=[Role.LEADER, Role.EDITOR], by=town.mei)
    following.follow(organisation=town.yuqi, by=town.zhou)
    describing.describe(
        organisation=town.yuqi,
        by=town.mei,
        name_en="Yuqi Community",
        phone="0510-83880000",
        intro="玉祁社区居委会，服务二区、三区四千户居民。\n每周二、四上午 9 点到 11 点在居委会一楼接待。",
        intro_en="",
    )
    shop = applying.apply(
        name="湖西路商户组",
        kind=Organisation.Kind.MERCHANTS,
        about="我在湖西路开面馆，和街上十二家店一起想参加门前三包。\n可以打社区电话核实。",
        by=town.zhou,
        phone="0510-83880011",
    )
    advert = applying.apply(name="某某推广公司", kind=Organisation.Kind.ENTERPRISE, about="打广告", by=town.zhou)
    applying.refuse(application=advert, by=town.admin, word="这里只接受一起做事的单位，不做广告。")
    by_number = inviting.invite(organisation=town.yuqi, role=Role.LEADER, by=town.mei, phone="+8613812345678")
    by_name = inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, person=town.zhou)
    walked = two_cases(town, town.zhou, "垃圾桶在东门还是西门？")
    return {
        "case": walked.shown.number,
        "case_question": walked.question.pk,
        "yuqi": town.yuqi.pk,
        "member": neighbours[2].pk,
        "request": waits.pk,
        "invitation": by_number.pk,
        "code": inviting.code_of(by_name),
        "application": shop.pk,
    }
