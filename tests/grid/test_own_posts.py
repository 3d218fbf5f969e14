"""What the chain keeps about a person, and what becomes of the posts when the account is closed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from communities import closing, own_data
from grid.chain import cards, integrity
from grid.chain import own as own_posts
from grid.models import Deputy, Post, TeamMember
from tests.cast import Town
from tests.grid import chains
from tests.grid.chains import Net
from updates.models import Message

Role = Post.Role


@pytest.fixture
def net(town: Town) -> Net:
    return chains.lay(town)


def test_a_person_reads_posts_deputyships_absences_and_the_team(town: Town, net: Net) -> None:
    held = chains.post(town, Role.CELL_WORKER, net.cell, town.lu, duty_phone="12345", handover="钥匙")
    chains.away(held)
    chains.deputy(chains.post(town, Role.CELL_WORKER, net.street_cell, town.chen), town.lu)
    TeamMember.objects.create(person=town.lu, since=chains.long_ago(), taken_in_by=town.admin)
    kept = own_data.file_of(town.lu)
    assert [entry["duty_phone"] for entry in kept["posts_held"]] == ["12345"]
    assert [len(kept[key]) for key in ("deputyships", "absences", "grid_team", "cards_issued")] == [1, 1, 1, 0]
    assert town.chen.name not in str(own_posts.told(town.lu))
    cards.issue(place=net.cell, extent="a", duty="b", task="c", reward="d", by=town.admin)
    assert [entry["version"] for entry in own_data.file_of(town.admin)["cards_issued"]] == [1]


def test_posts_end_with_the_account_and_the_gap_is_told_and_shown(town: Town, net: Net) -> None:
    today = timezone.localdate()
    head = chains.post(town, Role.ZONE_HEAD, net.north, town.yan)
    held = chains.post(town, Role.CELL_WORKER, net.cell, town.lu, duty_phone="13800001111")
    coming = chains.post(town, Role.ROAD_CHIEF, net.road, town.lu, level=3, since=today + timedelta(days=9))
    stood_in = chains.deputy(head, town.lu)
    member = TeamMember.objects.create(person=town.lu, since=chains.long_ago(), taken_in_by=town.admin)

    closing.close(person=town.lu)

    held.refresh_from_db()
    coming.refresh_from_db()
    assert (held.until, held.duty_phone, coming.until) == (today, "", coming.since)
    assert Deputy.objects.get(pk=stood_in.pk).until == today
    assert TeamMember.objects.get(pk=member.pk).until == today
    assert Message.objects.filter(kind="post_empty", person=town.admin).count() == 2
    assert Message.objects.filter(kind="post_empty", person=town.yan).count() == 1, "the head fills cells only"
    assert net.cell in [each.place for each in integrity.empty_places(today)]


def test_handing_over_to_nobody_new_keeps_the_name_out(town: Town, net: Net, client: Client) -> None:
    name = town.chen.name
    chains.post(town, Role.CELL_WORKER, net.cell, town.chen)
    closing.close(person=town.chen)
    client.force_login(town.admin)
    page = client.get("/operator/grid/posts/?when=all").content.decode()
    assert name not in page
