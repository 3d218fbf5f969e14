"""Organisations are asked to join in, answer with a word, leave; who has not said yes is nobody's business."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from communities import founding, membership
from communities.models import Organisation, User
from communities.roles import Role
from events import calling_off, parties, permits, posting, publishing, removing, shifts
from events.models import WORD_LENGTH, Action, Party, Post, Shift
from events.shifts import Hours
from kit import times
from kit.refusals import Refused
from tests import cast
from tests.cast import Town
from updates.messages import Words, words
from updates.models import Message, Outgoing, Update

State = Party.State
SECRET = "只给被邀请的人看"


def asked(town: Town, action: Action | None = None, organisation: Organisation | None = None) -> Party:
    """The school is asked by mei, in words that nobody else may read."""
    action = action or cast.announced(town)
    return parties.invite(action=action, organisation=organisation or town.school, asked_for=SECRET, by=town.mei)


def joined(town: Town, action: Action | None = None) -> Party:
    return parties.accept(party=asked(town, action), word="我们带二十人来", by=town.bo)


def refused(deed: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        deed(**given)
    return refusal.value


def told(topic: str) -> list[str]:
    return list(Update.objects.filter(topic__name=topic).order_by("seq").values_list("verb", flat=True))


def heard(kind: str) -> dict[str, Words]:
    """Who was told so, and what, in English."""
    with translation.override("en"):
        return {
            message.person.username: words(message.kind, message.payload, timezone.now())
            for message in Message.objects.filter(kind=kind).select_related("person").order_by("pk")
        }


# --- asking ------------------------------------------------------------------------------------------------------------


def test_who_answers_for_it_is_asked_at_once_even_for_a_draft(town: Town) -> None:
    membership.join(person=town.chen, organisation=town.school, role=Role.LEADER, by=town.bo)
    party = asked(town, cast.draft(town, title="还没公布的除雪"))
    assert (party.state, party.asked_for, party.invited_by) == (State.INVITED, SECRET, town.mei)
    assert list(heard("party_invited")) == ["bo"]
    said = heard("party_invited")["bo"]
    assert said.title == "Yuqi Community invites Model Middle School: 还没公布的除雪"
    assert SECRET in said.text
    assert said.url == f"/my/invitations/{party.pk}/"


def test_asked_again_it_is_the_invitation_as_it_stands(town: Town) -> None:
    party = asked(town)
    assert parties.invite(action=party.action, organisation=town.school, asked_for="别的话", by=town.mei) == party
    parties.accept(party=party, by=town.bo)
    assert parties.invite(action=party.action, organisation=town.school, by=town.mei).state == State.JOINED
    assert Party.objects.get().asked_for == SECRET
    assert Message.objects.filter(kind="party_invited").count() == 1


def test_who_said_no_may_be_asked_once_more(town: Town) -> None:
    party = parties.decline(party=asked(town), by=town.bo)
    again = asked(town, party.action)
    assert again != party
    assert [row.state for row in Party.objects.all()] == [State.DECLINED, State.INVITED]
    assert Message.objects.filter(kind="party_invited", person=town.bo).count() == 2


@pytest.mark.parametrize(
    ("who", "draft", "announced"), [("yan", True, False), ("bo", False, False), ("mei", True, True)]
)
def test_who_rewrites_the_action_asks(town: Town, who: str, draft: bool, announced: bool) -> None:
    for action, may in ((cast.draft(town), draft), (cast.announced(town), announced)):
        given = {"action": action, "organisation": town.enterprise, "by": town.people[who]}
        if may:
            parties.invite(**given)
        else:
            assert refused(parties.invite, **given).status == 403
        assert action.parties.exists() == may


def test_only_verified_organisations_with_a_public_page_are_asked_and_never_the_host(town: Town) -> None:
    action = cast.announced(town)
    new = founding.found(name="刚成立的队", kind=Organisation.Kind.GROUP, coordinator=town.zhou, by=town.admin)
    town.enterprise.section.specific.unpublish()
    codes = [
        refused(parties.invite, action=action, organisation=organisation, by=town.mei).code
        for organisation in (new, town.enterprise, town.yuqi)
    ]
    assert codes == ["not_to_be_asked", "not_to_be_asked", "itself"]
    assert not Party.objects.exists()


def test_nobody_is_asked_to_what_is_over(town: Town) -> None:
    past, off = cast.announced(town), cast.announced(town)
    cast.put_back(past, timedelta(days=9))
    calling_off.call_off(action=off, reason="雪停了", by=town.mei)
    for action in (past, off):
        assert refused(parties.invite, action=action, organisation=town.school, by=town.mei).code == "over"


def test_an_action_has_so_many_partners_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parties, "MOST", 1)
    party = asked(town)
    given = {"action": party.action, "organisation": town.enterprise, "by": town.mei}
    assert refused(parties.invite, **given).code == "too_many"
    parties.take_back(party=party, by=town.mei)
    parties.invite(**given)


def test_words_have_their_length(town: Town) -> None:
    long = "字" * (WORD_LENGTH + 1)
    action = cast.announced(town)
    refusal = refused(parties.invite, action=action, organisation=town.school, asked_for=long, by=town.mei)
    assert refusal.code == "asked_for_too_long"
    party = asked(town, action)
    for deed in (parties.accept, parties.decline):
        assert refused(deed, party=party, word=long, by=town.bo).code == "word_too_long"
    assert Party.objects.get().state == State.INVITED


# --- answering ---------------------------------------------------------------------------------------------------------


def test_a_yes_is_signed_and_told_where_the_action_is_followed(town: Town) -> None:
    party = joined(town)
    action = party.action
    assert (party.state, party.word, party.answered_by) == (State.JOINED, "我们带二十人来", town.bo)
    topics = (
        f"action:{action.pk}",
        f"desk:{action.pk}",
        f"organisation:{town.yuqi.pk}",
        f"organisation:{town.school.pk}",
        "town",
    )
    for topic in topics:
        assert told(topic)[-1] == "party_joined", topic
    line = Update.objects.get(topic__name="town", verb="party_joined")
    assert line.actor == {
        "organisation": town.school.pk,
        "name": "示范初级中学",
        "name_en": "Model Middle School",
        "person": "柏川",
    }
    assert line.payload["word"] == "我们带二十人来"
    assert line.payload["action"]["id"] == action.pk


def test_a_yes_to_a_draft_stays_between_those_who_know_it(town: Town) -> None:
    party = joined(town, cast.draft(town))
    assert told(f"action:{party.action_id}") == told(f"desk:{party.action_id}")[-1:] == ["party_joined"]
    assert "party_joined" not in told("town")
    assert told(f"organisation:{town.school.pk}") == []


def test_a_no_is_for_the_host_alone(town: Town) -> None:
    party = parties.decline(party=asked(town), word="期中考试", by=town.bo)
    assert party.state == State.DECLINED
    assert told(f"desk:{party.action_id}")[-1] == "changed"
    assert not Update.objects.filter(payload__icontains="期中考试").exists()
    assert not Update.objects.filter(payload__icontains=SECRET).exists()
    assert "party_left" not in told("town")


def test_the_inviter_and_those_who_run_it_learn_the_answer_once(town: Town) -> None:
    membership.join(person=town.lan, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
    action = cast.draft(town, by=town.yan)
    party = parties.invite(action=action, organisation=town.school, by=town.yan)
    for _twice in range(2):
        parties.accept(party=party, word="带铁锹来", by=town.bo)
    said = heard("party_answered")
    assert sorted(said) == ["lan", "mei", "yan"]
    assert said["mei"].title.startswith("Model Middle School takes part")
    assert "带铁锹来" in said["mei"].text
    assert said["mei"].url == f"/desk/{action.pk}/"
    assert said["yan"].url == action.get_absolute_url(), "an editor runs no desk"
    assert told(f"action:{action.pk}").count("party_joined") == 1


def test_answering_otherwise_says_how_it_stands(town: Town) -> None:
    party = joined(town)
    refusal = refused(parties.decline, party=party, by=town.bo)
    assert refusal.code == "answered"
    assert "柏川" in refusal.sentence
    assert parties.accept(party=party, word="另一句话", by=town.bo).word == "我们带二十人来"


@pytest.mark.parametrize("who", ["mei", "chen", "dana", "qiang"])
@pytest.mark.parametrize("deed", [parties.accept, parties.decline, parties.leave])
def test_only_who_answers_for_it_answers(town: Town, who: str, deed: Any) -> None:
    membership.join(person=town.chen, organisation=town.school, role=Role.LEADER, by=town.bo)
    party = joined(town) if deed is parties.leave else asked(town)
    before = Party.objects.values().get()
    assert refused(deed, party=party, by=town.people[who]).status == 403
    assert Party.objects.values().get() == before


def test_what_is_over_is_answered_and_left_no_more(town: Town) -> None:
    waiting, there = asked(town), joined(town)
    for party in (waiting, there):
        cast.put_back(party.action, timedelta(days=9))
    assert refused(parties.accept, party=waiting, by=town.bo).code == "over"
    assert refused(parties.decline, party=waiting, by=town.bo).code == "over"
    assert refused(parties.leave, party=there, by=town.bo).code == "over"
    assert refused(parties.let_go, party=there, word="x", by=town.mei).code == "over"


# --- when the action changes -------------------------------------------------------------------------------------------


def all_sorts_of_partners(town: Town, action: Action) -> Party:
    """The school takes part, the enterprise said no, the volunteers have not answered."""
    parties.decline(party=asked(town, action, town.enterprise), by=town.qiang)
    asked(town, action, town.group)
    return joined(town, action)


def moved_by(hours: int, shift: Shift, by: User) -> None:
    begin = shift.starts_at + timedelta(hours=hours)
    shifts.change(shift=shift, hours=Hours(begin, begin + timedelta(hours=2), 20), by=by)


def test_who_answers_for_a_partner_learns_once_that_it_is_called_off(town: Town, settings: Any) -> None:
    settings.SMS_CARRIER = "file"
    membership.join(person=town.chen, organisation=town.school, role=Role.LEADER, by=town.bo)
    action = cast.announced(town, title="振祁路扫雪")
    party = all_sorts_of_partners(town, action)

    for _again in range(2):
        calling_off.call_off(action=action, reason="暴雪", by=town.mei)

    (spoken,) = heard("party_called_off").values()
    assert list(heard("party_called_off")) == ["bo"]
    assert spoken.title == "Called off: 振祁路扫雪"
    assert spoken.text.endswith("it does not take place, and Model Middle School need not come. The reason: 暴雪")
    assert spoken.url == f"/my/invitations/{party.pk}/"
    (letter,) = Outgoing.objects.filter(message__kind="party_called_off")
    assert (letter.message.person, "暴雪" in letter.body) == (town.bo, True)


@pytest.mark.parametrize("is_announced", [True, False])
def test_who_answers_for_a_partner_learns_of_other_hours(town: Town, is_announced: bool) -> None:
    action = cast.draft(town, title="振祁路扫雪")
    shift = shifts.add(action=action, hours=cast.in_hours(72), by=town.mei)
    party = all_sorts_of_partners(town, action)
    if is_announced:
        publishing.announce(action=action, by=town.mei)

    moved_by(24, shift, town.mei)
    moved_by(24, shift, town.mei)  # as it is already: nothing is moved

    assert list(heard("party_moved")) == ["bo"]
    spoken = heard("party_moved")["bo"]
    assert spoken.title == "Other hours: 振祁路扫雪"
    with translation.override("en"):
        before = times.day_words(shift.starts_at, shift.ends_at, now=timezone.now())
    assert f"before it was {before}." in spoken.text
    assert spoken.text.endswith("Model Middle School takes part: please tell your people.")
    assert spoken.url == f"/my/invitations/{party.pk}/"


@pytest.mark.parametrize("end", ["leave", "let_go", "take_back"])
def test_who_takes_part_no_longer_is_told_no_more(town: Town, end: str) -> None:
    action = cast.announced(town)
    if end == "take_back":
        parties.take_back(party=asked(town, action), by=town.mei)
    else:
        by = town.bo if end == "leave" else town.mei
        getattr(parties, end)(party=joined(town, action), word="再见", by=by)
    moved_by(24, action.shifts.get(), town.mei)
    calling_off.call_off(action=action, reason="暴雪", by=town.mei)
    assert (heard("party_moved"), heard("party_called_off")) == ({}, {})


def test_who_has_a_place_too_is_told_of_that_alone(town: Town) -> None:
    action = cast.announced(town)
    joined(town, action)
    cast.sign_up(town.bo, action.shifts.get())
    moved_by(24, action.shifts.get(), town.mei)
    calling_off.call_off(action=action, reason="暴雪", by=town.mei)
    assert (list(heard("moved")), list(heard("called_off"))) == (["bo"], ["bo"])
    assert (heard("party_moved"), heard("party_called_off")) == ({}, {})


def test_who_answers_for_two_partners_is_told_once_and_who_calls_it_off_not_at_all(town: Town) -> None:
    for person in (town.bo, town.mei):
        membership.join(person=person, organisation=town.enterprise, role=Role.COORDINATOR, by=town.qiang)
    action = cast.announced(town)
    first = joined(town, action)
    parties.accept(party=asked(town, action, town.enterprise), by=town.qiang)
    calling_off.call_off(action=action, reason="暴雪", by=town.mei)
    assert set(heard("party_called_off")) == {"bo", "qiang"}
    assert heard("party_called_off")["bo"].url == f"/my/invitations/{first.pk}/"


def test_telling_partners_asks_no_more_for_three_than_for_one(town: Town) -> None:
    answers = {town.school: town.bo, town.enterprise: town.qiang, town.group: town.admin}
    costs = []
    for count in (3, 1):
        action = cast.announced(town)
        for organisation in list(answers)[:count]:
            parties.accept(party=asked(town, action, organisation), by=answers[organisation])
        with CaptureQueriesContext(connection) as queries:
            told = permits.who_answers_for_partners(action)
        costs.append((len(told), len(queries)))
    assert costs == [(3, 2), (1, 2)]


# --- ending ------------------------------------------------------------------------------------------------------------


def test_a_partner_leaves_with_a_word(town: Town) -> None:
    party = joined(town)
    left = parties.leave(party=party, word="老师都病了", by=town.bo)
    assert parties.leave(party=party, word="另一句话", by=town.bo) == left
    left.refresh_from_db()
    assert (left.state, left.word, left.parting, left.ended_by) == (
        State.LEFT,
        "我们带二十人来",
        "老师都病了",
        town.bo,
    )
    for topic in (f"action:{party.action_id}", f"organisation:{town.school.pk}", "town"):
        assert told(topic).count("party_left") == 1
    assert "老师都病了" in heard("party_answered")["mei"].text
    assert refused(parties.leave, party=asked(town), by=town.bo).code == "not_in"


def test_the_host_goes_on_without_a_partner_and_says_why(town: Town) -> None:
    party = joined(town)
    assert refused(parties.let_go, party=party, word=" ", by=town.mei).code == "word_missing"
    assert refused(parties.let_go, party=party, word="x", by=town.yan).status == 403
    assert refused(parties.let_go, party=party, word="x", by=town.bo).status == 403
    gone = parties.let_go(party=party, word="改由社区自己做", by=town.mei)
    assert (gone.state, gone.ended_by) == (State.LEFT, town.mei)
    line = Update.objects.get(topic__name="town", verb="party_left")
    assert (line.actor["name"], line.actor["person"], line.payload["party"]["name"]) == (
        "玉祁社区",
        "梅芳",
        "示范初级中学",
    )
    assert list(heard("party_let_go")) == ["bo"]
    assert "改由社区自己做" in heard("party_let_go")["bo"].text


def test_an_invitation_is_taken_back_while_nobody_answered(town: Town) -> None:
    party = asked(town)
    assert refused(parties.take_back, party=party, by=town.bo).status == 403
    for _twice in range(2):
        assert parties.take_back(party=party, by=town.mei).state == State.WITHDRAWN
    assert refused(parties.accept, party=party, by=town.bo).code == "taken_back"
    there = joined(town)
    assert refused(parties.take_back, party=there, by=town.mei).code == "answered"
    assert told(f"desk:{party.action_id}")[-1] == "changed"


def test_a_draft_goes_with_its_invitations_but_not_with_a_partner(town: Town) -> None:
    party = joined(town, cast.draft(town))
    assert refused(removing.remove, action=party.action, by=town.mei).code == "has_partners"
    parties.let_go(party=party, word="不办了", by=town.mei)
    asked(town, party.action, town.enterprise)
    removing.remove(action=party.action, by=town.mei)
    assert not Party.objects.exists()


def test_announcing_does_not_wait(town: Town) -> None:
    from_draft = cast.draft(town)
    shifts.add(action=from_draft, hours=cast.in_hours(72), by=town.mei)
    party = asked(town, from_draft)
    publishing.announce(action=from_draft, by=town.mei)
    assert parties.accept(party=party, by=town.bo).state == State.JOINED
    assert told("town")[-2:] == ["opened", "party_joined"]


# --- speaking ----------------------------------------------------------------------------------------------------------


def test_leaders_of_a_partner_speak_in_its_name_while_it_takes_part(town: Town) -> None:
    membership.join(person=town.chen, organisation=town.school, role=Role.LEADER, by=town.bo)
    party = asked(town)
    given: dict[str, Any] = {"action": party.action, "text": "我们到了", "organisation": town.school, "by": town.chen}
    assert refused(posting.post, **given).code == "no_right"
    parties.accept(party=party, by=town.bo)
    post = posting.post(**given)
    line = Update.objects.get(topic__name="town", verb="posted")
    assert (line.actor["name"], line.actor["person"]) == ("示范初级中学", "陈晨")
    assert post.organisation == town.school
    for who in ("mei", "qiang", "dana"):
        assert refused(posting.post, **{**given, "by": town.people[who]}).code == "no_right", who
    assert refused(posting.post, **{**given, "organisation": None}).code == "no_right", "the host's name is the host's"
    parties.leave(party=party, by=town.bo)
    assert refused(posting.post, **{**given, "text": "还没走"}).code == "no_right"
    assert Post.objects.count() == 1


@pytest.mark.parametrize(("who", "may"), [("mei", True), ("bo", True), ("qiang", False), ("yan", False)])
def test_host_and_speaker_take_a_post_back_also_when_the_partner_is_gone(town: Town, who: str, may: bool) -> None:
    party = joined(town)
    post = posting.post(action=party.action, text="写错了", organisation=town.school, by=town.bo)
    parties.leave(party=party, by=town.bo)
    if may:
        posting.withdraw(post=post, by=town.people[who])
    else:
        assert refused(posting.withdraw, post=post, by=town.people[who]).status == 403
    assert (Post.objects.get().withdrawn_at is not None) == may


def test_a_partner_does_not_take_back_what_the_host_said(town: Town) -> None:
    party = joined(town)
    post = posting.post(action=party.action, text="主办说的", by=town.mei)
    assert refused(posting.withdraw, post=post, by=town.bo).status == 403
