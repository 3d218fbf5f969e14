"""The composer's page: one form, kept as typed, announced by right."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import founding, membership
from communities.models import Organisation, User
from communities.roles import Role
from events import composing
from events.models import Action, ActionPage, Allotment, ComposerDraft, Shift
from tests import cast, reading
from tests.cast import Town
from tests.reading import page

NEW = "/desk/new/"


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(town: Town, **changes: str) -> dict[str, str]:
    """The form as somebody fills it in for tomorrow evening."""
    day = timezone.localdate() + timedelta(days=1)
    return {
        "key": str(uuid.uuid4()),
        "host": str(town.yuqi.pk),
        "kind": "snow",
        "title": "今晚一起扫雪",
        "summary": "把人行道扫出来。",
        "place": "振祁路",
        "meeting_point": "湖西路口",
        "risks": "路滑。",
        "bring": "手套",
        "adults_only": "on",
        "has_waiting_list": "on",
        "contact_name": "梅芳",
        "contact_phone": "0510-83880000",
        "cancel_hours": "2",
        "shifts-0-date": f"{day}",
        "shifts-0-starts": "19:00",
        "shifts-0-ends": "21:00",
        "shifts-0-capacity": "20",
        "shifts-0-least": "6",
        "shifts-0-task": "人行道",
        "do": "announce",
        **changes,
    }


def rows() -> dict[str, list[object]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values()) for model in (Action, ActionPage, Shift, Allotment)
    }


# --- who ---------------------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_log_in(visitor: Client) -> None:
    for address in (NEW, "/desk/", "/desk/1/", "/desk/1/edit/"):
        assert visitor.get(address).headers["Location"] == f"/account/login/?next={address}"


@pytest.mark.parametrize("who", ["dana", "zhou", "chen"])
def test_who_may_not_draft_is_told_why(town: Town, who: str) -> None:
    client, before = as_(town.people[who]), rows()
    for answer in (client.get(NEW), client.post(NEW, typed(town)), client.post(f"{NEW}autosave/", typed(town))):
        assert answer.status_code == 403
        assert "协调员" in answer.content.decode()
        assert "玉祁社区" not in answer.content.decode()
    assert rows() == before
    assert not ComposerDraft.objects.exists()


def test_an_editor_sees_no_announce_button_and_is_refused_all_the_same(town: Town) -> None:
    client, before = as_(town.yan), rows()
    page = client.get(NEW).content.decode()
    assert 'value="announce"' not in page
    assert "由玉祁社区的协调员发布" in page
    answer = client.post(NEW, typed(town))
    assert answer.status_code == 403
    assert "今晚一起扫雪" in answer.content.decode()
    assert rows() == before
    assert client.post(NEW, typed(town, do="draft")).status_code == 302
    assert Action.objects.get().state == Action.State.DRAFT


def test_an_unverified_host_may_only_draft(town: Town) -> None:
    new = founding.found(name="新成立的队", kind=Organisation.Kind.GROUP, coordinator=town.zhou, by=town.admin)
    client, before = as_(town.zhou), rows()
    assert "新成立的队还没有通过认证" in client.get(NEW).content.decode()
    answer = client.post(NEW, typed(town, host=str(new.pk)))
    assert answer.status_code == 403
    assert "新成立的队还没有通过认证" in answer.content.decode()
    assert rows() == before


def test_foreign_hosts_are_not_to_be_had(town: Town) -> None:
    client, before = as_(town.mei), rows()
    answer = client.post(NEW, typed(town, host=str(town.school.pk)))
    assert answer.status_code == 422
    assert "请选你自己的单位" in answer.content.decode()
    choices = page(answer).select("[name=host]")
    assert str(town.school.pk) not in {choice.get("value") for choice in choices if choice.get("type") != "hidden"}
    assert rows() == before
    assert client.get(f"{NEW}?host={town.school.pk}&kind=nonsense").status_code == 200


# --- suggestions -------------------------------------------------------------------------------------------------------


def test_the_kind_brings_its_texts_and_the_host_its_last_place(town: Town) -> None:
    cast.draft(town, place="海瑞路", meeting_point="海瑞路桥头", contact_name="严宁", contact_phone="0510-1234")
    form = as_(town.mei).get(f"{NEW}?kind=snow").context["form"]
    assert {name: form[name].value() for name in ("place", "meeting_point", "contact_name", "contact_phone")} == {
        "place": "海瑞路",
        "meeting_point": "海瑞路桥头",
        "contact_name": "严宁",
        "contact_phone": "0510-1234",
    }
    assert form["risks"].value()
    assert form["adults_only"].value() == "on"


def test_without_a_script_a_button_brings_the_texts_and_leaves_what_was_written(town: Town) -> None:
    client = as_(town.mei)
    snow = client.get(f"{NEW}?kind=snow").context["form"]
    sent = typed(
        town,
        do="texts",
        kind="cleanup",
        filled_kind="snow",
        summary=snow["summary"].value(),
        risks="自己写的风险",
        bring="",
    )
    before = rows()
    form = client.post(NEW, sent).context["form"]
    cleanup = client.get(f"{NEW}?kind=cleanup")  # the draft that was kept stands there
    assert form["summary"].value() != snow["summary"].value()
    assert form["risks"].value() == "自己写的风险"
    assert form["bring"].value()
    assert cleanup.context["form"]["risks"].value() == "自己写的风险"
    assert rows() == before


def test_without_a_script_buttons_add_remove_and_fill_shifts(town: Town, time_machine: Any) -> None:
    time_machine.move_to(timezone.make_aware(datetime(2026, 12, 5, 9, 0)), tick=False)
    client, before = as_(town.mei), rows()
    shown = client.post(NEW, typed(town, do="add")).context["composer"].rows
    assert [row["date"].value() for row in shown] == [typed(town)["shifts-0-date"]] * 2
    assert (shown[1]["starts"].value(), shown[1]["ends"].value(), shown[1]["capacity"].value()) == ("21:00", "", "20")
    shown = client.post(NEW, typed(town, do="tonight-0")).context["composer"].rows
    assert [shown[0][name].value() for name in ("date", "starts", "ends")] == ["2026-12-05", "19:00", "21:00"]
    shown = client.post(NEW, typed(town, do="remove-0")).context["composer"].rows
    assert [row["date"].value() for row in shown] == [None]
    assert rows() == before


def test_over_midnight_is_said_in_words(town: Town) -> None:
    client = as_(town.mei)
    page = client.post(NEW, typed(town, do="again", **{"shifts-0-starts": "22:00", "shifts-0-ends": "02:00"}))
    assert "第二天 02:00 结束" in page.content.decode()
    client.post(NEW, typed(town, **{"shifts-0-starts": "22:00", "shifts-0-ends": "02:00"}))
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=4)


# --- announcing --------------------------------------------------------------------------------------------------------


def test_one_form_makes_an_announced_action(town: Town) -> None:
    answer = as_(town.mei).post(NEW, typed(town), follow=True)
    action = Action.objects.get()
    assert answer.redirect_chain == [(f"/desk/{action.pk}/", 302)]
    assert "已发布，可以报名了。" in answer.content.decode()
    assert action.is_announced
    assert (action.host, action.kind, action.place, action.adults_only) == (town.yuqi, "snow", "振祁路", True)
    shift = action.shifts.with_places().get()
    assert (shift.capacity, shift.least, shift.task) == (20, 6, "人行道")
    assert timezone.localtime(shift.starts_at).strftime("%H:%M") == "19:00"


def test_sent_twice_it_is_one_action(town: Town) -> None:
    client, sent = as_(town.mei), typed(town)
    first, second = client.post(NEW, sent), client.post(NEW, sent, follow=True)
    assert Action.objects.count() == 1
    assert second.redirect_chain[0][0] == first.headers["Location"]
    assert "已经交过一次" in second.content.decode()


BAD = {
    "no title": ({"title": " "}, "叫什么？"),
    "no kind": ({"kind": ""}, "请选一类行动"),
    "made-up kind": ({"kind": "war"}, "请从这几类里选"),
    "garbage host": ({"host": "x' OR 1"}, "请选你自己的单位"),
    "host beyond all numbers": ({"host": "9" * 40}, "请选你自己的单位"),
    "10,000 characters": ({"title": "雪" * 10_000}, "60"),
    "10,000 characters of risks": ({"risks": "险" * 10_000}, "600"),
    "31 February": ({"shifts-0-date": "2027-02-31"}, "日历上没有这一天"),
    "year 9999": ({"shifts-0-date": "9999-12-31"}, "年份"),
    "year 1": ({"shifts-0-date": "0001-01-01"}, "年份"),
    "garbage date": ({"shifts-0-date": "明天"}, "日历上没有这一天"),
    "25 o'clock": ({"shifts-0-starts": "25:00"}, "19:00"),
    "no end": ({"shifts-0-ends": ""}, "几点结束"),
    "negative capacity": ({"shifts-0-capacity": "-3"}, "1"),
    "no capacity": ({"shifts-0-capacity": ""}, "最多人数"),
    "a million": ({"shifts-0-capacity": "1000000"}, "2000"),
    "words for a number": ({"shifts-0-capacity": "二十"}, "请写整数"),
    "cancel hours": ({"cancel_hours": "1000"}, "72"),
    "phone": ({"contact_phone": "问小王"}, "电话请写数字"),
    "foreign shift": ({"shifts-0-id": "1"}, "已经不在了"),
    "garbage shift": ({"shifts-0-id": "abc"}, ""),
    "too many shifts": ({f"shifts-{n}-task": "扫" for n in range(20)}, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_answered_beside_its_field_and_kept(town: Town, name: str) -> None:
    changes, sentence = BAD[name]
    client, before = as_(town.mei), rows()
    sent = typed(town, **changes)
    answer = client.post(NEW, sent)
    page = answer.content.decode()
    assert answer.status_code in (409, 422), page
    assert sentence in page
    assert 'id="errors"' in page
    for field in ("title", "risks", "shifts-0-date", "shifts-0-capacity", "shifts-0-task"):
        assert form_value(answer, field) == sent[field]
    assert rows() == before


def form_value(answer: object, name: str) -> object:
    composer = answer.context["composer"]
    if not name.startswith("shifts-"):
        return composer.form[name].value()
    return composer.rows[0][name.rpartition("-")[2]].value()


def test_a_nul_is_400(town: Town) -> None:
    before = rows()
    assert as_(town.mei).post(NEW, typed(town, title="雪\0")).status_code == 400
    assert rows() == before


def test_all_that_is_missing_is_said_at_once(town: Town) -> None:
    before = rows()
    empty = dict.fromkeys(typed(town), "") | {"do": "announce", "host": str(town.yuqi.pk), "cancel_hours": "2"}
    answer = as_(town.mei).post(NEW, empty | {"shifts-0-capacity": "20", "shifts-0-least": "1"})
    assert answer.status_code == 422
    assert {wrong.anchor for wrong in answer.context["wrong"]} == {
        "id_kind",
        "id_title",
        "id_summary",
        "id_risks",
        "id_place",
        "shifts",
    }
    assert not answer.context["composer"].rows[0].errors  # an empty row is not wrong
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "anchor", "sentence"),
    [
        ({"risks": ""}, "id_risks", "风险"),
        ({"place": ""}, "id_place", "线上"),
        ({"shifts-0-date": "", "shifts-0-starts": "", "shifts-0-ends": "", "shifts-0-task": ""}, "shifts", "至少"),
        ({"shifts-0-date": f"{timezone.localdate() - timedelta(days=1)}"}, "id_shifts-0-starts", "过去"),
        ({"shifts-0-least": "21"}, "id_shifts-0-least", "至少"),
    ],
)
def test_what_the_deed_refuses_stands_beside_its_field(
    town: Town, changes: dict[str, str], anchor: str, sentence: str
) -> None:
    client, before = as_(town.mei), rows()
    answer = client.post(NEW, typed(town, **changes))
    assert answer.status_code in (409, 422)
    assert [wrong.anchor for wrong in answer.context["wrong"]] == [anchor]
    assert f'href="#{anchor}"' in answer.content.decode()
    assert f'id="{anchor}"' in answer.content.decode()
    assert rows() == before


# --- autosave ----------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_kept_and_comes_back(town: Town) -> None:
    client = as_(town.mei)
    answer = client.post(f"{NEW}autosave/", typed(town, title="写到一半", **{"shifts-3-date": "2027-02-31"}))
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved_at"])
    page = client.get(NEW)
    assert "接着写" in page.content.decode()
    assert page.context["form"]["title"].value() == "写到一半"
    assert [row["date"].value() for row in page.context["composer"].rows][1] == "2027-02-31"
    assert not Action.objects.exists()
    assert "写到一半" not in as_(town.yan).get(NEW).content.decode()
    client.post(NEW, {"do": "restart"})
    assert "写到一半" not in client.get(NEW).content.decode()


def test_what_is_kept_has_bounds(town: Town) -> None:
    junk = {f"shifts-{n}-task": "x" * 5_000 for n in range(150)} | {f"junk{n}": "y" for n in range(50)}
    as_(town.mei).post(f"{NEW}autosave/", junk | {"title": "z" * 50_000})
    kept = ComposerDraft.objects.get().typed
    assert len(kept) < 250
    assert max(len(value) for value in kept.values()) == 4_000
    assert not any(name.startswith("junk") for name in kept)


def test_autosave_of_another_organisations_action_is_not_there(town: Town) -> None:
    action = cast.draft(town)
    for person, status in ((town.bo, 404), (town.dana, 404), (town.mei, 200)):
        assert as_(person).post(f"/desk/{action.pk}/edit/autosave/", {"title": "改"}).status_code == status
    assert [kept.person for kept in ComposerDraft.objects.all()] == [town.mei]


# --- rewriting ---------------------------------------------------------------------------------------------------------


def shown(client: Client, action: Action) -> dict[str, str]:
    """The form of an action as a browser would send it back untouched."""
    context = client.get(f"/desk/{action.pk}/edit/").context
    forms = [context["form"], *context["composer"].rows]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: "on" if value is True else str(value) for name, value in values.items() if value not in (None, False)}


def test_an_announced_action_is_rewritten_with_its_shifts(town: Town) -> None:
    action = cast.announced(town, cast.in_hours(72, capacity=10), cast.in_hours(96))
    client = as_(town.mei)
    sent = shown(client, action) | {"do": "save", "title": "改过的标题", "shifts-0-capacity": "12"}
    answer = client.post(f"/desk/{action.pk}/edit/", sent, follow=True)
    assert "改好了" in answer.content.decode()
    action.refresh_from_db()
    action.__dict__.pop("page", None)
    assert action.page.title == "改过的标题"
    assert [shift.capacity for shift in action.shifts.with_places()] == [12, 10]


def test_a_form_left_open_does_not_take_back_what_others_changed(town: Town) -> None:
    action = cast.announced(town, cast.in_hours(72, capacity=10), cast.in_hours(96))
    client = as_(town.mei)
    sent = shown(client, action)
    Allotment.objects.filter(shift=action.shifts.first()).update(capacity=30)
    client.post(f"/desk/{action.pk}/edit/", sent | {"do": "save", "shifts-1-capacity": "7"})
    assert [shift.capacity for shift in action.shifts.with_places()] == [30, 7]


def test_two_who_write_at_once_hear_of_each_other_and_lose_nothing(town: Town) -> None:
    action = cast.announced(town)
    address = f"/desk/{action.pk}/edit/"
    first, second = as_(town.mei), as_(town.admin)
    mine, others = shown(first, action), shown(second, action)
    second.post(address, others | {"do": "save", "title": "别人的标题"})
    answer = first.post(address, mine | {"do": "save", "title": "我的标题"})
    assert answer.status_code == 409
    assert "被改过" in reading.main(answer)
    assert ActionPage.objects.get(translation_key=action.key).title == "别人的标题"
    again = {field["name"]: field.get("value", "") for field in page(answer).select("#composer input[name]")}
    assert again["title"] == "我的标题"
    first.post(address, mine | {"edition": again["edition"], "do": "save", "title": "我的标题"})
    assert ActionPage.objects.get(translation_key=action.key).title == "我的标题"


def test_a_shift_is_marked_and_removed(town: Town) -> None:
    action = cast.announced(town, cast.in_hours(72), cast.in_hours(96))
    client = as_(town.mei)
    page = client.post(f"/desk/{action.pk}/edit/", shown(client, action) | {"do": "remove-1"})
    assert [row.is_removed for row in page.context["composer"].rows] == [False, True]
    assert action.shifts.count() == 2
    client.post(f"/desk/{action.pk}/edit/", shown(client, action) | {"do": "save", "shifts-1-removed": "1"})
    assert action.shifts.count() == 1


def test_a_shift_of_another_action_cannot_be_reached(town: Town) -> None:
    action, other = cast.announced(town), cast.a_shift(town, begin=200)
    client, before = as_(town.mei), rows()
    sent = shown(client, action) | {"do": "save", "shifts-0-id": str(other.pk), "shifts-0-capacity": "1"}
    answer = client.post(f"/desk/{action.pk}/edit/", sent)
    assert answer.status_code == 409
    assert rows() == before


@pytest.mark.parametrize(("who", "status"), [("dana", 404), ("bo", 404), ("yan", 403), ("mei", 200)])
def test_who_may_rewrite_what_is_announced(town: Town, who: str, status: int) -> None:
    action = cast.announced(town, title="秘密标题")
    before = rows()
    client = as_(town.people[who])
    sent = {"do": "save", "title": "改"}
    assert client.get(f"/desk/{action.pk}/edit/").status_code == status
    if status != 200:
        answer = client.post(f"/desk/{action.pk}/edit/", sent)
        assert answer.status_code == status
        assert "秘密标题" not in answer.content.decode()
        assert rows() == before


def test_what_is_over_cannot_be_rewritten(town: Town) -> None:
    action = cast.announced(town)
    client = as_(town.mei)
    client.post(f"/desk/{action.pk}/call-off/", {"reason": "雪停了"})
    before = rows()
    assert client.get(f"/desk/{action.pk}/edit/").headers["Location"] == f"/desk/{action.pk}/"
    client.post(f"/desk/{action.pk}/edit/", {"do": "save", "title": "改"})
    assert rows() == before


def test_numbers_out_of_all_bounds_are_not_there(town: Town) -> None:
    client = as_(town.mei)
    for address in ("/desk/{}/", "/desk/{}/edit/", "/desk/{}/call-off/", "/desk/{}/shifts/new/"):
        assert client.get(address.format("9" * 40)).status_code == 404


def test_a_shift_that_goes_may_carry_any_number(town: Town) -> None:
    client, before = as_(town.mei), rows()
    answer = client.post(NEW, typed(town, **{"shifts-1-id": "9" * 5000, "shifts-1-removed": "1"}))
    assert answer.status_code == 409
    assert "已经不在了" in answer.content.decode()
    assert rows() == before


def test_more_shifts_than_anybody_fills_in_are_not_read(town: Town) -> None:
    client, before = as_(town.mei), rows()
    answer = client.post(NEW, typed(town, **{f"shifts-{number}-task": "人行道" for number in range(1, 900)}))
    assert answer.status_code == 422
    assert "最多 12 班。" in answer.content.decode()
    assert len(answer.context["composer"].rows) == 24
    assert rows() == before


def test_several_hosts_bring_their_last_places_with_one_query(town: Town) -> None:
    membership.join(person=town.mei, organisation=town.school, role=Role.COORDINATOR, by=town.admin)
    client, counts = as_(town.mei), []
    for title in ("第一次", "第二次", "第三次"):
        cast.announced(town, title=title, place=f"{title}的地方")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(NEW)
        counts.append(len(asked))
        fills = page.context["form"].fields["host"].widget.fills
        assert fills[str(town.yuqi.pk)]["place"] == f"{title}的地方"
        assert fills[str(town.school.pk)] == {
            "place": "",
            "meeting_point": "",
            "contact_name": town.mei.name,
            "contact_phone": town.school.phone,
        }
    assert counts[0] == counts[1] == counts[2]


def test_the_page_asks_the_database_the_same_however_many_shifts_there_are(town: Town) -> None:
    counts = []
    for number in (1, 3, 12):
        action = cast.announced(town, *(cast.in_hours(72 + 24 * each) for each in range(number)))
        client = as_(town.mei)
        client.get(f"/desk/{action.pk}/edit/")
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/desk/{action.pk}/edit/")
        counts.append(len(counted))
    assert counts[0] == counts[1] == counts[2]


def test_nothing_of_a_draft_is_told_to_strangers(town: Town) -> None:
    action, _is_new = composing.compose(
        key=uuid.uuid4(), host=town.yuqi, details=cast.details(title="还没说的事"), rows=[], announce=False, by=town.mei
    )
    for address in (f"/desk/{action.pk}/", f"/desk/{action.pk}/edit/"):
        for person in (town.dana, town.bo):
            answer = as_(person).get(address)
            assert answer.status_code == 404
            assert "还没说的事" not in answer.content.decode()
