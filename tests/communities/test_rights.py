"""``manage.py rights``: every kind of difference is found, named and mended."""

import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from communities import founding, membership
from communities.models import Membership, Organisation, RoleGroup, User
from communities.roles import Right, Role
from tests.cast import Town


def group(town: Town, role: Role, organisation: Organisation | None = None) -> Group:
    return RoleGroup.objects.get(organisation=organisation or town.yuqi, role=role).group


def check() -> str:
    out = io.StringIO()
    call_command("rights", "--check", stdout=out)
    return out.getvalue()


def repair() -> str:
    out = io.StringIO()
    call_command("rights", "--repair", stdout=out)
    return out.getvalue()


def page_permission(codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailcore", content_type__model="page", codename=codename)


# Each plants one difference; the text is what --check must say about it.


def no_group(town: Town) -> str:
    RoleGroup.objects.get(organisation=town.yuqi, role=Role.EDITOR).delete()
    return "no group for the role editor"


def right_missing(town: Town) -> str:
    remove_perm(Right.RUN_ACTION, group(town, Role.LEADER), town.yuqi)
    return "the right run_action is missing"


def right_too_many(town: Town) -> str:
    assign_perm(Right.ANNOUNCE_ACTION, group(town, Role.MEMBER), town.yuqi)
    return "the right announce_action is granted without a reason"


def right_elsewhere(town: Town) -> str:
    assign_perm(Right.RUN_ACTION, group(town, Role.LEADER), town.school)
    return "rights in another organisation"


def entry_missing(town: Town) -> str:
    group(town, Role.EDITOR).permissions.clear()
    return "may not enter the admin"


def entry_for_members(town: Town) -> str:
    entry = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    group(town, Role.MEMBER).permissions.add(entry)
    return "carries access_admin"


def right_everywhere(town: Town) -> str:
    group(town, Role.COORDINATOR).permissions.add(page_permission("add_page"))
    return "carries add_page"


def page_right_missing(town: Town) -> str:
    GroupPagePermission.objects.filter(group=group(town, Role.COORDINATOR)).first().delete()
    return "is missing at page_id"


def page_right_on_the_whole_site(town: Town) -> str:
    root = Page.get_first_root_node()
    GroupPagePermission.objects.create(
        group=group(town, Role.EDITOR), page=root, permission=page_permission("publish_page")
    )
    return "publish_page is granted without a reason"


def picture_right_missing(town: Town) -> str:
    GroupCollectionPermission.objects.filter(group=group(town, Role.EDITOR), permission__codename="add_image").delete()
    return "add_image is missing"


def pictures_of_others(town: Town) -> str:
    GroupCollectionPermission.objects.create(
        group=group(town, Role.EDITOR),
        collection=town.school.collection,
        permission=Permission.objects.get(content_type__model="image", codename="choose_image"),
    )
    return "choose_image is granted without a reason"


def collection_itself(town: Town) -> str:
    GroupCollectionPermission.objects.create(
        group=group(town, Role.EDITOR),
        collection=town.yuqi.collection,
        permission=Permission.objects.get(content_type__model="collection", codename="delete_collection"),
    )
    return "delete_collection is granted without a reason"


def person_missing(town: Town) -> str:
    town.yan.groups.clear()
    return "yan is not in the group"


def person_too_many(town: Town) -> str:
    town.dana.groups.add(group(town, Role.COORDINATOR))
    return "dana is in the group without a membership"


def person_who_left(town: Town) -> str:
    Membership.objects.filter(person=town.yan).update(ended_at=timezone.now())
    return "yan is in the group without a membership"


def index_missing(town: Town) -> str:
    town.school.section.get_children().get(slug="actions").delete()
    return "示范初级中学: there is no"


def own_right_of_a_person(town: Town) -> str:
    assign_perm(Right.MANAGE_MEMBERS, town.dana, town.yuqi)
    return "dana has rights of one's own"


def django_right_of_a_person(town: Town) -> str:
    town.dana.user_permissions.add(page_permission("publish_page"))
    return "dana has rights of one's own"


def group_of_nobody(town: Town) -> str:
    stray = Group.objects.create(name="Editors")
    GroupPagePermission.objects.create(
        group=stray, page=Page.get_first_root_node(), permission=page_permission("add_page")
    )
    town.dana.groups.add(stray)
    return "the group “Editors” belongs to no role"


PLANTED = [
    no_group,
    right_missing,
    right_too_many,
    right_elsewhere,
    entry_missing,
    entry_for_members,
    right_everywhere,
    page_right_missing,
    page_right_on_the_whole_site,
    picture_right_missing,
    pictures_of_others,
    collection_itself,
    person_missing,
    person_too_many,
    person_who_left,
    index_missing,
    own_right_of_a_person,
    django_right_of_a_person,
    group_of_nobody,
]


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_difference_is_found_and_mended(town: Town, plant: Callable[[Town], str]) -> None:
    sentence = plant(town)
    out = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("rights", "--check", stdout=out)
    assert failed.value.returncode == 1
    assert sentence in out.getvalue()
    assert sentence in repair()
    assert "as the memberships say" in check()


def test_the_town_is_as_its_memberships_say(town: Town) -> None:
    assert "as the memberships say" in check()
    assert "Nothing to mend" in repair()


def test_check_is_clean_after_founding_joining_and_leaving(town: Town) -> None:
    new = founding.found(name="民主社区", kind=Organisation.Kind.COMMUNITY, coordinator=town.dana, by=town.admin)
    membership.join(person=town.zhou, organisation=new, role=Role.EDITOR, by=town.dana)
    row = membership.join(person=town.chen, organisation=new, role=Role.LEADER, by=town.dana)
    membership.end(membership=row, by=town.chen)
    assert "as the memberships say" in check()


def test_check_changes_nothing(town: Town) -> None:
    person_too_many(town)
    with pytest.raises(CommandError):
        check()
    assert town.dana.groups.exists()


def test_repair_gives_back_what_was_lost(town: Town) -> None:
    """Not only the list is clean afterwards: the people can do again what they could."""
    for role_group in RoleGroup.objects.all():
        role_group.group.permissions.clear()
        role_group.group.page_permissions.all().delete()
        role_group.group.collection_permissions.all().delete()
        role_group.group.user_set.clear()
    repair()
    mei = User.objects.get(pk=town.mei.pk)
    assert mei.has_perm("wagtailadmin.access_admin")
    assert mei.has_perm("communities.manage_members", town.yuqi)
    index = town.yuqi.section.get_children().get(slug="actions")
    assert index.permissions_for_user(mei).can_edit()
    assert not index.permissions_for_user(User.objects.get(pk=town.bo.pk)).can_edit()


def test_a_lost_group_is_found_again_by_its_name(town: Town) -> None:
    """The row that says whose group it is may be gone while the group is still there."""
    kept = group(town, Role.EDITOR)
    no_group(town)
    assert membership.repair(town.yuqi)
    assert group(town, Role.EDITOR) == kept
    assert list(membership.differences(town.yuqi)) == []


def test_joining_and_leaving_go_on_without_the_group(town: Town) -> None:
    no_group(town)
    row = membership.join(person=town.dana, organisation=town.yuqi, role=Role.EDITOR, by=town.mei)
    membership.end(membership=row, by=town.mei)
    repair()
    assert "as the memberships say" in check()


def test_one_of_the_two_must_be_said() -> None:
    with pytest.raises(CommandError):
        call_command("rights")


def test_the_queries_for_an_organisation_do_not_grow_with_its_people(town: Town, django_assert_num_queries) -> None:
    list(membership.differences(town.yuqi))  # content types are remembered from now on
    with CaptureQueriesContext(connection) as few:
        assert list(membership.differences(town.yuqi)) == []
    for person in town.neighbours():
        membership.join(person=person, organisation=town.yuqi, role=Role.MEMBER, by=town.mei)
    with django_assert_num_queries(len(few)):
        assert list(membership.differences(town.yuqi)) == []
