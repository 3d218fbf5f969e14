"""A person's own page: nobody else's, and changed by nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import membership
from communities.models import User
from communities.roles import Role
from kit.refusals import Refused
from tests import cast
from tests.cast import Town
from volunteers import profiles
from volunteers.models import Volunteer

ME, EDIT = "/me/", "/me/edit/"
WRITTEN = {
    "display_name": "陈晨",
    "language": "zh-hans",
    "emergency_name": "陈爸爸",
    "emergency_phone": "0510-8388 0000",
}


@pytest.fixture
def chen(town: Town) -> Client:
    client = Client()
    client.force_login(town.chen)
    return client


def test_a_visitor_is_told_what_this_page_is_for(town: Town, visitor: Client) -> None:
    response = visitor.get(ME)
    assert response.status_code == 200
    assert 'href="/account/login/?next=/me/"' in response.content.decode()


def test_a_visitor_changes_nothing(town: Town, visitor: Client) -> None:
    for response in (visitor.get(EDIT), visitor.post(EDIT, WRITTEN)):
        assert response["Location"] == f"/account/login/?next={EDIT}"


def test_the_own_number_is_shown_masked_on_both_pages(town: Town, chen: Client) -> None:
    for address in (ME, EDIT):
        text = chen.get(address).content.decode()
        assert "100****0007" in text
        assert "0000000007" not in text


def test_the_emergency_number_is_masked_until_one_edits(town: Town, chen: Client) -> None:
    assert "0000000107" not in chen.get(ME).content.decode()
    assert "+8610000000107" in chen.get(EDIT).content.decode()


def test_my_organisations_and_roles(town: Town, chen: Client) -> None:
    membership.join(person=town.chen, organisation=town.yuqi, role=Role.EDITOR, by=town.mei)
    text = chen.get(ME).content.decode()
    assert "聚力暖橙志愿队" in text
    assert "玉祁社区" in text
    membership.end(membership=town.chen.memberships.get(organisation=town.yuqi), by=town.chen)
    assert "玉祁社区" not in chen.get(ME).content.decode()


@pytest.mark.parametrize(
    ("name", "desk", "admin"),
    [("chen", False, False), ("lan", True, False), ("yan", True, True), ("mei", True, True), ("dana", False, False)],
)
def test_everybody_sees_the_doors_that_open(town: Town, name: str, desk: bool, admin: bool) -> None:
    client = Client()
    client.force_login(town.people[name])
    main = client.get(ME).content.decode().partition("<main")[2].partition("</main>")[0]
    assert ('href="/desk/"' in main) == desk
    assert ('href="/admin/"' in main) == admin
    assert 'href="/my/activities/"' in main
    assert 'action="/account/logout/"' in main


def test_what_i_write_is_kept(town: Town, chen: Client) -> None:
    response = chen.post(EDIT, {**WRITTEN, "display_name": "  小陈 "}, follow=True)
    assert response.redirect_chain == [(ME, 302)]
    assert "小陈" in response.content.decode()
    written = profiles.profile_of(User.objects.get(pk=town.chen.pk))
    assert (written.emergency_name, written.emergency_phone) == ("陈爸爸", "0510-8388 0000")
    assert written.is_adult  # nothing else was lost


def test_the_language_changes_at_once(town: Town, chen: Client) -> None:
    response = chen.post(EDIT, {**WRITTEN, "language": "en"}, follow=True)
    text = response.content.decode()
    assert '<html lang="en"' in text
    assert "Saved." in text
    assert User.objects.get(pk=town.chen.pk).language == "en"
    assert chen.cookies["django_language"].value == "en"


def test_a_page_that_is_only_filled_anew_is_loaded_whole_when_its_language_changes(town: Town, chen: Client) -> None:
    boosted = {"HX-Request": "true", "HX-Boosted": "true"}
    assert chen.post(EDIT, {**WRITTEN, "language": "en"}, headers=boosted)["HX-Redirect"] == ME
    assert chen.post(EDIT, {**WRITTEN, "language": "en"}, headers=boosted)["Location"] == ME


@pytest.mark.parametrize(
    ("half", "field"), [({"emergency_name": ""}, "emergency_name"), ({"emergency_phone": " "}, "emergency_phone")]
)
def test_half_an_emergency_contact_is_none(town: Town, chen: Client, half: dict[str, str], field: str) -> None:
    response = chen.post(EDIT, {**WRITTEN, "display_name": "小陈", **half})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="小陈"' in response.content.decode()
    assert profiles.profile_of(town.chen).emergency_name == "陈妈妈"
    assert User.objects.get(pk=town.chen.pk).display_name == "陈晨"


def test_no_emergency_contact_is_fine(town: Town, chen: Client) -> None:
    assert chen.post(EDIT, {**WRITTEN, "emergency_name": "", "emergency_phone": ""}).status_code == 302
    assert profiles.profile_of(town.chen).emergency_name == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "   "),
        ("display_name", "名" * 61),
        ("language", ""),
        ("language", "tlh"),
        ("emergency_name", "名" * 61),
        ("emergency_phone", "妈妈的电话"),
        ("emergency_phone", "1" * 25),
        ("emergency_phone", "12"),
        ("emergency_phone", "138 0000 0000<script>"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_nothing_changes(
    town: Town, chen: Client, field: str, value: str
) -> None:
    response = chen.post(EDIT, {**WRITTEN, "emergency_name": "陈爸爸", field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    text = response.content.decode()
    assert f'id="id_{field}_error"' in text
    assert "<script>" not in text.partition("<main")[2].partition("</main>")[0]
    assert profiles.profile_of(town.chen).emergency_name == "陈妈妈"


@pytest.mark.parametrize("name", ["名" * 60, "O'Hara <b>", "李 四", "😀" * 60, "a\tb"])
def test_names_are_as_people_write_them(town: Town, chen: Client, name: str) -> None:
    assert chen.post(EDIT, {**WRITTEN, "display_name": name}).status_code == 302
    assert User.objects.get(pk=town.chen.pk).display_name == name
    assert "<b>" not in chen.get(ME).content.decode().partition("<h1>")[2][:200]


def test_only_the_own_account_can_be_named(town: Town, chen: Client) -> None:
    """There is no number in the address and none in the form that anybody could change."""
    chen.post(
        EDIT,
        {**WRITTEN, "person": str(town.mei.pk), "pk": str(town.mei.pk), "phone": "+8613800000000", "is_superuser": "1"},
    )
    mei, me = User.objects.get(pk=town.mei.pk), User.objects.get(pk=town.chen.pk)
    assert mei.display_name == "梅芳"
    assert me.phone == "+8610000000007"
    assert not me.is_superuser


def test_the_deed_refuses_half_a_contact_too(town: Town) -> None:
    with pytest.raises(Refused) as refusal:
        profiles.keep(person=town.chen, display_name="陈", language="", emergency_name="妈妈", emergency_phone="")
    assert (refusal.value.code, refusal.value.field) == ("half_contact", "emergency_phone")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"display_name": "\u2800"}, "display_name_missing"),
        ({"display_name": "名" * 61}, "display_name_too_long"),
        ({"emergency_name": "名" * 61}, "emergency_name_too_long"),
        ({"emergency_phone": "妈妈的电话"}, "emergency_phone_unreadable"),
    ],
)
def test_the_deed_keeps_nothing_that_nobody_can_call(town: Town, changed: dict[str, str], code: str) -> None:
    written = {"display_name": "陈", "emergency_name": "妈妈", "emergency_phone": "0510 8388 0000", **changed}
    with pytest.raises(Refused) as refusal:
        profiles.keep(person=town.chen, language="", **written)
    assert (refusal.value.code, refusal.value.status) == (code, 422)
    assert User.objects.get(pk=town.chen.pk).display_name == "陈晨"


def test_somebody_without_a_profile_yet_sees_an_empty_one(town: Town) -> None:
    Volunteer.objects.filter(person=town.dana).delete()
    client = Client()
    client.force_login(town.dana)
    assert client.get(ME).status_code == 200
    assert client.get(EDIT).status_code == 200
    assert not Volunteer.objects.filter(person=town.dana).exists()


def test_my_record_counts_what_is_over_and_had_a_place(town: Town, chen: Client) -> None:
    def record() -> tuple[int, str]:
        text = chen.get(ME).content.decode().partition('aria-labelledby="record"')[2]
        first, second = text.split("<b>")[1:3]
        return int(first.partition("<")[0]), second.partition("<")[0]

    assert record() == (0, "0")
    done = cast.a_shift(town, length=1.5)
    cast.sign_up(town.chen, done)
    cast.sign_up(town.chen, cast.a_shift(town, begin=200))
    full = cast.a_shift(town, begin=100, capacity=1)
    cast.sign_up(town.zhou, full)
    cast.sign_up(town.chen, full)
    assert record() == (0, "0")
    cast.put_back(done.action, timedelta(days=30))
    cast.put_back(full.action, timedelta(days=30))
    assert record() == (1, "1.5")


def test_more_organisations_cost_no_more_queries(town: Town, chen: Client) -> None:
    chen.get(ME)
    with CaptureQueriesContext(connection) as few:
        chen.get(ME)
    for organisation in (town.yuqi, town.school, town.enterprise):
        membership.join(person=town.chen, organisation=organisation, role=Role.MEMBER, by=town.admin)
    with CaptureQueriesContext(connection) as more:
        chen.get(ME)
    assert len(more) == len(few)
