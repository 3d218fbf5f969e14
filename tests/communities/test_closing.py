"""An account is closed: who it was is gone, what counts stays, and whoever waits for a place gets it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from communities import accounts, applying, closing, inviting, joining, membership, reviewing, suspending, tokens
from communities.models import Application, Following, Invitation, JoinRequest, Organisation, User
from communities.roles import Role
from events import calling_off, own, parties, phones, posting, seats
from events import messages as told
from events.models import Allotment, ComposerDraft, SignUp
from kit.refusals import Refused
from tests.cast import Town, a_shift, notice, put_back, sign_up
from tests.communities.test_reviewing import handed_in
from tests.reading import main
from updates import inbox, messages
from updates.models import Message, Outgoing, Topic, Update
from volunteers.models import Volunteer

CLOSE = "/me/close/"


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


class TestWhatGoes:
    def test_nothing_is_left_that_names_the_person(self, town: Town) -> None:
        sign_up(town.chen, a_shift(town, begin=200))
        membership.join(person=town.chen, organisation=town.yuqi, role=Role.EDITOR, by=town.mei)
        token = tokens.issue(person=town.chen, name="mine")
        Following.objects.create(person=town.chen, organisation=town.school)
        JoinRequest.objects.create(person=town.chen, organisation=town.school)
        soon = timezone.now() + timedelta(days=3)
        invited = {"organisation": town.school, "made_by": town.bo, "expires_at": soon}
        Invitation.objects.create(person=town.chen, **invited)
        Invitation.objects.create(phone=town.chen.phone, **invited)
        Invitation.objects.create(phone=town.chen.phone, accepted_at=soon, accepted_by=town.chen, **invited)
        message = Message.objects.create(person=town.chen, kind="called_off", about="x", payload={"reason": "x"})
        Outgoing.objects.create(
            message=message, channel="sms", address=town.chen.phone, body="x", due_at=timezone.now()
        )
        ComposerDraft.objects.create(person=town.chen, typed={"contact_name": "陈晨"})

        closed = closing.close(person=town.chen)

        assert (closed.phone, closed.display_name, closed.email, closed.username) == (
            None,
            "",
            "",
            f"closed-{closed.pk}",
        )
        assert (closed.is_active, closed.has_usable_password()) == (False, False)
        assert "陈" not in closed.name
        assert not closed.memberships.live().exists()
        assert not closed.groups.exists()
        assert not closed.consents.filter(withdrawn_at=None).exists()
        assert closed.consents.exists(), "that there was a consent is kept"
        assert not Volunteer.objects.filter(person=closed).exists()
        assert not Following.objects.filter(person=closed).exists()
        assert not JoinRequest.objects.filter(person=closed, answered_at=None).exists()
        assert not Message.objects.filter(person=closed).exists()
        assert not ComposerDraft.objects.filter(person=closed).exists()
        assert tokens.live_token(token.encode()) is None
        assert list(Invitation.objects.values_list("phone", flat=True)) == ["", ""]
        assert holders_of("8610000000007") == []

    def test_what_was_posted_stays_without_the_name(self, town: Town, visitor: Client) -> None:
        membership.join(person=town.chen, organisation=town.yuqi, role=Role.LEADER, by=town.mei)
        action = a_shift(town).action
        posting.post(action=action, text="路口缺两把铲子", by=town.chen)
        posting.post(action=action, text="收到", by=town.mei)
        closing.close(person=town.chen)
        for address in (action.get_absolute_url(), "/updates/", f"/api/v1/updates/action:{action.pk}/"):
            text = visitor.get(address).content.decode()
            assert "路口缺两把铲子" in text
            assert "陈晨" not in text
            assert "梅芳" in text, "others keep their names"

    def test_others_no_longer_read_the_name_in_their_messages(self, town: Town) -> None:
        joining.ask(organisation=town.yuqi, by=town.chen, note="我住五号楼")
        asked = JoinRequest.objects.get()
        joining.decline(request=asked, word="陈晨你好", by=town.mei)
        membership.join(person=town.lan, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
        membership.join(person=town.chen, organisation=town.yuqi, role=Role.COORDINATOR, by=town.mei)
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.chen, person=town.dana)
        namesake = User.objects.create(username="another", display_name="陈晨", phone="+8610000009999")
        joining.ask(organisation=town.school, by=namesake)
        Outgoing.objects.filter(message__kind="asked_to_join").update(state="sent", sent_at=timezone.now())

        party = parties.invite(action=a_shift(town).action, organisation=town.school, by=town.mei)
        membership.join(person=town.chen, organisation=town.school, role=Role.COORDINATOR, by=town.bo)
        parties.accept(party=party, by=town.chen, word="我们来")

        closing.close(person=town.chen)

        told_mei = [inbox.told(message, timezone.now()).words for message in inbox.of(town.mei)]
        assert told_mei
        assert not any("陈晨" in words.title + words.text or "五号楼" in words.text for words in told_mei)
        invited = inbox.told(Message.objects.get(person=town.dana, kind="invited"), timezone.now()).words
        assert "陈晨" not in invited.text
        assert (
            "陈晨" in inbox.told(Message.objects.get(person=town.bo, kind="asked_to_join"), timezone.now()).words.text
        )
        assert not Outgoing.objects.filter(state="sent", message__person=town.mei).exists()
        asked.refresh_from_db()
        assert (asked.note, asked.word) == ("", "")

    def test_what_was_signed_for_an_organisation_stays_in_its_name_alone(self, town: Town) -> None:
        signed = {"organisation": town.school.pk, "name": town.school.name, "person": "王波"}
        topic = Topic.objects.create(name="test:1", head=3)
        for seq, actor in enumerate((signed, {**signed, "organisation": town.yuqi.pk}, {**signed, "person": "x"}), 1):
            Update.objects.create(topic=topic, seq=seq, verb="party_joined", at=timezone.now(), actor=actor)
        User.objects.filter(pk=town.lan.pk).update(display_name="王波")
        membership.join(person=town.lan, organisation=town.school, role=Role.LEADER, by=town.bo)
        closing.close(person=fresh(town.lan))
        assert [line.actor.get("person") for line in Update.objects.filter(topic=topic)] == [None, "王波", "x"]

    def test_no_earlier_name_stays_in_the_book_and_a_namesakes_does(self, town: Town) -> None:
        shift = a_shift(town)
        for person, organisation, by in ((town.chen, town.school, town.bo), (town.lan, town.enterprise, town.qiang)):
            party = parties.invite(action=shift.action, organisation=organisation, by=town.mei)
            membership.join(person=person, organisation=organisation, role=Role.COORDINATOR, by=by)
            User.objects.filter(pk=person.pk).update(display_name="陈晨")
            parties.accept(party=party, by=fresh(person), word="我们来")
        membership.join(person=town.chen, organisation=town.enterprise, role=Role.MEMBER, by=town.qiang)
        User.objects.filter(pk=town.chen.pk).update(display_name="小陈")
        User.objects.filter(pk=town.lan.pk).update(display_name="兰姐")

        def signed() -> set[tuple[int, str | None]]:
            lines = Update.objects.filter(verb="party_joined")
            return {(line.actor["organisation"], line.actor.get("person")) for line in lines}

        assert signed() == {(town.school.pk, "陈晨"), (town.enterprise.pk, "陈晨")}
        closing.close(person=fresh(town.chen))
        assert signed() == {(town.school.pk, None), (town.enterprise.pk, "陈晨")}
        assert not Update.objects.filter(speaker=town.chen).exists()

    def test_what_is_written_down_elsewhere_goes_too(self, town: Town) -> None:
        about = {"about": "我叫陈晨", "phone": "10000000007"}
        applying.apply(name="新社", kind=Organisation.Kind.GROUP, by=town.chen, **about)
        UserProfile.objects.create(user=town.chen)
        log(instance=town.chen, action="wagtail.edit", user=town.admin)
        tokens.issue(person=town.chen, name="陈晨的电脑")
        late = sign_up(town.chen, a_shift(town))
        seats.cancel(sign_up=late, by=town.chen, reason="孩子发烧")
        closing.close(person=town.chen)
        late.refresh_from_db()
        assert late.reason == ""
        assert [entry.label for entry in ModelLogEntry.objects.all()] == [f"closed-{town.chen.pk}"]
        assert town.chen.tokens.get().name == ""
        kept = Application.objects.get()
        assert (kept.name, kept.about, kept.phone) == ("新社", "", "")
        assert not UserProfile.objects.exists()

    def test_what_was_handed_in_is_decided_without_telling_nobody(self, town: Town) -> None:
        state = handed_in(town)
        closing.close(person=town.yan)
        reviewing.send_back(state=state, by=town.mei, word="再看看")
        assert not Message.objects.filter(person=town.yan).exists()

    def test_letters_to_the_number_go(self, town: Town) -> None:
        accounts.change_phone(person=town.chen, phone="+8610055550001")
        messages.write_to_number(number="+8610055550001", body="x")
        closing.close(person=town.chen)
        assert list(Outgoing.objects.values_list("address", flat=True)) == ["+8610000000007"]

    def test_a_program_of_the_person_gets_401(self, town: Town, visitor: Client) -> None:
        header = {"Authorization": f"Token {tokens.issue(person=town.chen, name='mine')}"}
        shift = a_shift(town)
        closing.close(person=town.chen)
        assert visitor.post(f"/api/v1/shifts/{shift.pk}/sign-up/", headers=header).status_code == 401

    def test_connections_are_told(self, town: Town) -> None:
        before = town.chen.rights_version
        closing.close(person=town.chen)
        assert fresh(town.chen).rights_version > before

    def test_again_changes_nothing(self, town: Town) -> None:
        first = closing.close(person=town.chen).closed_at
        assert closing.close(person=fresh(town.chen)).closed_at == first

    def test_the_database_keeps_a_closed_account_empty(self, town: Town) -> None:
        closing.close(person=town.chen)
        for change in ({"phone": "+8610000000007"}, {"display_name": "陈晨"}, {"is_active": True}, {"email": "a@b.cn"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                User.objects.filter(pk=town.chen.pk).update(**change)

    def test_the_number_is_free_for_a_new_beginning(self, town: Town) -> None:
        closing.close(person=town.chen)
        again = User.objects.create(username="again", phone="+8610000000007")
        assert again.pk != town.chen.pk


def holders_of(word: str) -> list[str]:
    """Tables in which this word stands anywhere; sessions and Wagtail's log of the words are the editor's."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table != "django_session":
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 – the names are the database's own
                if any(word in repr(row) for row in cursor.fetchall()):
                    found.append(table)
    return found


class TestPlaces:
    def test_what_lies_ahead_is_passed_on_to_the_next_in_line(self, town: Town) -> None:
        shift, other = a_shift(town, capacity=1), a_shift(town, begin=200, capacity=1)
        for each, next_one in ((shift, town.zhou), (other, town.dana)):
            sign_up(town.chen, each)
            sign_up(next_one, each)
        closing.close(person=town.chen)
        assert {(row.person, row.shift, row.state) for row in SignUp.objects.live()} == {
            (town.zhou, shift, "confirmed"),
            (town.dana, other, "confirmed"),
        }
        assert [allotment.taken for allotment in Allotment.objects.filter(shift__in=[shift, other])] == [1, 1]
        assert set(Message.objects.values_list("person", "kind")) == {
            (town.zhou.pk, told.PROMOTED),
            (town.dana.pk, told.PROMOTED),
        }

    def test_a_turn_in_the_line_and_a_late_place_go_without_a_reason(self, town: Town) -> None:
        soon = a_shift(town, begin=1)
        full = a_shift(town, begin=100, capacity=1)
        sign_up(town.zhou, full)
        for shift in (soon, full):
            sign_up(town.chen, shift)
        closing.close(person=town.chen)
        assert set(SignUp.objects.filter(person=town.chen).values_list("state", "cause")) == {("cancelled", "self")}

    def test_what_was_done_still_counts(self, town: Town) -> None:
        done = a_shift(town)
        sign_up(town.chen, done)
        put_back(done.action, timedelta(days=30))
        closing.close(person=town.chen)
        assert SignUp.objects.confirmed().filter(shift=done).count() == 1
        assert Allotment.objects.get(shift=done).taken == 1
        assert "陈晨" not in SignUp.objects.get(shift=done).person.name

    def test_what_was_taken_up_meanwhile_is_given_back_too(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another window signs up between giving back and closing."""
        shift = a_shift(town)
        rounds: list[User] = []

        def give_back_then_take(person: User) -> None:
            own.give_back(person)
            if not rounds:
                sign_up(person, shift)
            rounds.append(person)

        monkeypatch.setattr(closing, "_before", [give_back_then_take])
        closing.close(person=town.chen)
        assert len(rounds) == 2
        assert not SignUp.objects.live().exists()

    def test_twin_without_the_second_look_keeps_the_place(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        shift = a_shift(town)

        def give_back_then_take(person: User) -> None:
            own.give_back(person)
            sign_up(person, shift)

        monkeypatch.setattr(closing, "_before", [give_back_then_take])
        monkeypatch.setattr(closing, "_within", [])
        closing.close(person=town.chen)
        assert SignUp.objects.live().filter(person=town.chen).exists()

    def test_whoever_signs_up_without_end_is_told_to_try_again(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shift = a_shift(town)
        monkeypatch.setattr(closing, "_before", [lambda person: sign_up(person, shift)])
        with pytest.raises(Refused) as no:
            closing.close(person=town.chen)
        assert no.value.code == "busy"
        assert fresh(town.chen).closed_at is None


class TestWhoMayNot:
    def test_the_last_coordinator_and_nothing_is_given_up(self, town: Town) -> None:
        place = sign_up(town.bo, a_shift(town))
        with pytest.raises(Refused) as no:
            closing.close(person=town.bo)
        assert no.value.code == "last_coordinator"
        place.refresh_from_db()
        assert place.is_live
        assert fresh(town.bo).display_name == "柏川"
        membership.join(person=town.dana, organisation=town.school, role=Role.COORDINATOR, by=town.bo)
        assert closing.close(person=town.bo).closed_at

    def test_the_operator(self, town: Town) -> None:
        with pytest.raises(Refused) as no:
            closing.close(person=town.admin)
        assert no.value.code == "operator"


class TestThePage:
    def test_it_explains_and_wants_a_tick(self, town: Town, client: Client) -> None:
        client.force_login(town.chen)
        assert client.get(CLOSE).status_code == 200
        assert client.post(CLOSE).status_code == 422
        assert fresh(town.chen).closed_at is None

    def test_then_the_session_is_over(self, town: Town, client: Client) -> None:
        elsewhere = Client()
        for window in (client, elsewhere):
            window.force_login(town.chen)
        assert client.post(CLOSE, {"is_sure": "on"})["Location"] == "/"
        assert fresh(town.chen).closed_at
        for window in (client, elsewhere):
            assert window.get("/me/data/").status_code == 302

    def test_who_may_not_reads_why_at_once(self, town: Town, client: Client) -> None:
        client.force_login(town.bo)
        assert town.school.name in main(client.get(CLOSE))
        assert client.post(CLOSE, {"is_sure": "on"}).status_code == 409
        assert fresh(town.bo).closed_at is None


class TestOwnData:
    @pytest.fixture
    def much(self, town: Town) -> None:
        """What the site keeps about chen, and likewise about lan."""
        for person, mark in ((town.chen, "chens"), (town.lan, "lans")):
            place = sign_up(person, a_shift(town, title=f"{mark}-action"))
            phones.look_up(sign_up=place, by=town.mei)
            JoinRequest.objects.create(person=person, organisation=town.school, note=f"{mark}-note")
            tokens.issue(person=person, name=f"{mark}-token")
            off = sign_up(person, a_shift(town, begin=300, title=f"{mark}-off"))
            calling_off.call_off(action=off.shift.action, reason=f"{mark}-weather", by=town.mei)
            suspending.suspend(person=person, reason=f"{mark}-reason", by=town.admin)
            suspending.reinstate(person=person, by=town.admin)
        Volunteer.objects.filter(person=town.lan).update(emergency_name="lans-mother", emergency_phone="0510-1234567")

    def test_everything_of_ones_own_and_nothing_of_anybody_else(self, town: Town, client: Client, much: None) -> None:
        client.force_login(fresh(town.chen))
        file = client.get("/me/data.json")
        kept = file.json()
        assert kept["account"][0]["phone"] == "+8610000000007"
        assert [each["action"] for each in kept["sign_ups"]] == ["chens-off", "chens-action"]
        assert kept["phone_looks"][0]["looked_by"] == "梅芳"
        assert kept["join_requests"][0]["note"] == "chens-note"
        assert kept["tokens"][0]["name"] == "chens-token"
        assert kept["suspensions"][0]["reason"] == "chens-reason"
        assert kept["volunteer"][0]["emergency_name"] == "陈妈妈"
        assert "chens-weather" in kept["messages"][0]["text"]
        assert kept["invitations_made"] == []
        assert kept["edits"] == []
        assert kept["messages"][0]["left_for"] == "+8610000000007"
        assert "attachment" in file["Content-Disposition"]
        for answer in (file, client.get("/me/data/")):
            text = answer.content.decode()
            assert "chens-action" in text
            assert "lans-" not in text
            assert "8610000000006" not in text
            assert answer["Cache-Control"] == "private, no-store"

    def test_what_staff_did_is_theirs_too(self, town: Town, client: Client) -> None:
        inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone="+8610055550001")
        notice(town, title="停水通知", by=town.mei)
        client.force_login(town.mei)
        file = client.get("/me/data.json")
        kept = file.json()
        assert [each["organisation"] for each in kept["invitations_made"]] == ["玉祁社区"]
        assert "停水通知" in {each["page"] for each in kept["edits"]}
        assert "10055550001" not in file.content.decode(), "whom it was for is that person's own"
        client.force_login(town.yan)
        assert client.get("/me/data.json").json()["edits"] == []

    def test_what_was_begun_and_what_was_looked_up(self, town: Town, client: Client) -> None:
        place = sign_up(town.chen, a_shift(town, title="湖西路清扫"))
        phones.look_up(sign_up=place, by=town.mei)
        ComposerDraft.objects.create(person=town.mei, typed={"title": "写了一半", "kind": "", "rows": ["x"]})
        client.force_login(town.mei)
        file = client.get("/me/data.json")
        assert [each["action"] for each in file.json()["numbers_looked_up"]] == ["湖西路清扫"]
        assert [each["text"] for each in file.json()["composer_drafts"]] == ["写了一半"]
        assert "10000000007" not in file.content.decode(), "whose number it was is that person's own"

    def test_no_secret_is_in_it(self, town: Town, client: Client) -> None:
        token = tokens.issue(person=town.chen, name="mine")
        client.force_login(town.chen)
        text = client.get("/me/data.json").content.decode()
        assert token not in text
        assert tokens.digest(token) not in text
        assert town.chen.password not in text

    def test_more_of_everything_costs_no_more_queries(self, town: Town, client: Client) -> None:
        def more() -> None:
            begin = 100 + 10 * SignUp.objects.filter(person=town.chen).count()
            phones.look_up(sign_up=sign_up(town.chen, a_shift(town, begin=begin)), by=town.mei)
            off = sign_up(town.chen, a_shift(town, begin=begin + 5)).shift.action
            calling_off.call_off(action=off, reason="rain", by=town.mei)
            tokens.issue(person=town.chen, name=str(begin))

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/me/data/").status_code == 200
            return len(queries)

        client.force_login(town.chen)
        more()
        client.get("/me/data/")
        few = asked()
        for _each in range(3):
            more()
        assert asked() == few
