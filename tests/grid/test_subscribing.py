"""Following: nobody is written to who did not ask, everybody hears each step once, and one click ends it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities import closing
from grid.cases import moving
from grid.models import Case, Subscription
from grid.rules.transitions import Deed
from grid.telling import subscribing
from grid.telling.subscribing import Thing, What
from kit.refusals import Refused
from tests import reading
from tests.cast import Town
from tests.grid.cases import Scene, a_case, brought_to, set_up
from updates import delivery
from updates.models import Message, Outgoing

State = Case.State

MAIL = "nachbar@example.org"


@pytest.fixture
def scene(town: Town, settings: Any) -> Scene:
    settings.MAIL_CARRIER = "smtp"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return set_up(town)


def things(scene: Scene, case: Case) -> dict[str, Thing]:
    return {
        "case": Thing(What.CASE, case),
        "road": Thing(What.ROAD, scene.net.road),
        "area": Thing(What.AREA, scene.net.north),
        "unit": Thing(What.UNIT, scene.unit),
    }


def by_mail(thing: Thing, address: str = MAIL, **fields: Any) -> Subscription:
    """A subscription whose owner has said yes."""
    return Subscription.objects.create(
        mail=address, confirmed_at=timezone.now(), **{thing.what.value: thing.row}, **fields
    )


def file(scene: Scene, case: Case) -> Case:
    return moving.move(case=case, deed=Deed.FILE, by=scene.acceptor, standard=scene.standard)


def letters() -> Any:
    """What left for addresses that are no account's."""
    return Outgoing.objects.filter(message__isnull=True)


def told(person: Any) -> int:
    return Message.objects.filter(person=person, kind="case_followed").count()


class TestWhoHears:
    @pytest.mark.parametrize("what", ["case", "road", "area", "unit"])
    def test_by_each_way(self, scene: Scene, what: str) -> None:
        case = brought_to(scene, State.DISPATCHED)
        thing = things(scene, case)[what]
        subscribing.follow(thing=thing, by=scene.town.dana)
        by_mail(thing)
        moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person)
        assert told(scene.town.dana) == 1
        assert [letter.address for letter in letters()] == [MAIL]

    def test_once_though_followed_in_four_ways(self, scene: Scene) -> None:
        case = brought_to(scene, State.DISPATCHED)
        for thing in things(scene, case).values():
            subscribing.follow(thing=thing, by=scene.town.dana)
            subscribing.follow(thing=thing, by=scene.town.dana)
            by_mail(thing)
        moving.move(case=case, deed=Deed.TAKE, by=scene.unit_person)
        assert told(scene.town.dana) == 1
        assert Outgoing.objects.filter(address=MAIL).count() == 1
        end = re.search(r"/subscriptions/(\S+)/end/", Outgoing.objects.get(address=MAIL).body)
        assert end is not None
        assert Subscription.objects.get(key=end[1]).case == case

    def test_not_of_elsewhere(self, scene: Scene) -> None:
        subscribing.follow(thing=Thing(What.AREA, scene.net.south), by=scene.town.dana)
        file(scene, a_case(scene))
        assert told(scene.town.dana) == 0

    def test_never_the_actor(self, scene: Scene) -> None:
        case = a_case(scene)
        for person in (scene.acceptor, scene.town.dana):
            subscribing.follow(thing=Thing(What.CASE, case), by=person)
        file(scene, case)
        assert (told(scene.acceptor), told(scene.town.dana)) == (0, 1)

    def test_a_reporter_who_is_told_as_such_is_not_told_again(self, scene: Scene) -> None:
        case = brought_to(scene, State.FILED)
        subscribing.follow(thing=Thing(What.CASE, case), by=scene.reporter)
        moving.move(case=case, deed=Deed.DISPATCH, by=scene.dispatcher, unit=scene.unit)
        assert told(scene.reporter) == 0
        assert Message.objects.filter(person=scene.reporter, kind="case_news").count() == 1

    def test_nothing_of_what_is_not_public_and_no_inner_step(self, scene: Scene) -> None:
        case = brought_to(scene, State.HANDLING)
        subscribing.follow(thing=Thing(What.CASE, case), by=scene.town.dana)
        moving.move(case=case, deed=Deed.ASK_DELAY, by=scene.unit_person, reason="geheim")
        assert told(scene.town.dana) == 0
        Case.objects.filter(pk=case.pk).update(is_public=False)
        moving.move(case=case, deed=Deed.GRANT_DELAY, by=scene.dispatcher)
        assert told(scene.town.dana) == 0

    def test_what_is_told_holds_no_opinion(self, scene: Scene) -> None:
        case = brought_to(scene, State.FEEDBACK)
        subscribing.follow(thing=Thing(What.CASE, case), by=scene.town.dana)
        by_mail(Thing(What.CASE, case))
        moving.move(case=case, deed=Deed.CLOSE, by=scene.acceptor, word="fueralle", reason="geheimemeinung")
        said = str(Message.objects.get(person=scene.town.dana, kind="case_followed").payload)
        letter = Outgoing.objects.get(address=MAIL).body
        assert "fueralle" in said
        assert "fueralle" in letter
        assert "geheimemeinung" not in said + letter
        assert scene.reporter.name not in said + letter
        client = Client()
        client.force_login(scene.town.dana)
        assert "fueralle" in client.get("/my/messages/").content.decode()

    def test_no_phone_rings_for_it(self, scene: Scene, settings: Any) -> None:
        settings.SMS_CARRIER = "file"
        scene.town.dana.email = ""
        scene.town.dana.save()
        case = a_case(scene)
        subscribing.follow(thing=Thing(What.CASE, case), by=scene.town.dana)
        file(scene, case)
        assert told(scene.town.dana) == 1
        assert not Outgoing.objects.filter(message__kind="case_followed").exists()

    def test_an_account_with_the_same_mail_is_written_to_once(self, scene: Scene) -> None:
        case = a_case(scene)
        scene.town.dana.email = MAIL
        scene.town.dana.save()
        subscribing.follow(thing=Thing(What.CASE, case), by=scene.town.dana)
        by_mail(Thing(What.ROAD, scene.net.road))
        file(scene, case)
        assert Outgoing.objects.filter(address=MAIL).count() == 1

    def test_queries_do_not_grow_with_those_who_hear(self, scene: Scene) -> None:
        asked = []
        file(scene, a_case(scene))  # the first of a road makes its topic
        for number in (1, 3, 30):
            case = a_case(scene)
            for each in range(number):
                by_mail(Thing(What.CASE, case), f"n{each}@example.org")
            with CaptureQueriesContext(connection) as queries:
                file(scene, case)
            asked.append(len(queries))
        assert asked[0] == asked[1] == asked[2]


class TestByMail:
    def ask(self, case: Case, address: str = MAIL, **client: Any) -> Any:
        return Client(**client).post(f"/follow/case/{case.number}/", {"mail": address})

    def test_the_owner_says_yes_behind_the_link_and_looking_says_nothing(self, scene: Scene) -> None:
        case = a_case(scene)
        assert self.ask(case, f" {MAIL.upper()} ").status_code == 200
        letter = letters().get()
        assert letter.address == MAIL
        link = re.search(r"/subscriptions/confirm/\S+/", letter.body)
        assert link is not None
        assert Client().get(link[0]).status_code == 200
        case = file(scene, case)
        assert letters().count() == 1
        assert Client().post(link[0]).status_code == 200
        assert Client().post(link[0]).status_code == 200
        moving.move(case=case, deed=Deed.DISPATCH, by=scene.dispatcher, unit=scene.unit)
        assert letters().count() == 2

    def test_a_forged_or_old_link_is_not_good(self, scene: Scene, time_machine: Any) -> None:
        case = a_case(scene)
        self.ask(case)
        link = re.search(r"/subscriptions/confirm/\S+/", letters().get().body)
        assert link is not None
        assert Client().post("/subscriptions/confirm/forged/").status_code == 404
        time_machine.move_to(timezone.now() + subscribing.CONFIRM_WITHIN * 1.1)
        assert Client().post(link[0]).status_code == 404
        assert Subscription.objects.get().confirmed_at is None
        assert subscribing.forget_unconfirmed(now=timezone.now()) == 1

    def test_one_click_ends_it_without_signing_in_or_a_token(self, scene: Scene) -> None:
        subscription = by_mail(Thing(What.CASE, a_case(scene)))
        address = f"/subscriptions/{subscription.key}/end/"
        client = Client(enforce_csrf_checks=True)
        assert client.get(address).status_code == 200
        assert Subscription.objects.count() == 1
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert Subscription.objects.count() == 0
        assert client.post(address).status_code == 200
        assert client.get(address).status_code == 200

    def test_the_mail_program_is_told_the_way_out(self, scene: Scene) -> None:
        case = a_case(scene)
        subscription = by_mail(Thing(What.CASE, case), language="en")
        file(scene, case)
        delivery.deliver_due(timezone.now(), limit=5)
        (sent,) = mail.outbox
        assert sent.to == [MAIL]
        assert f"/subscriptions/{subscription.key}/end/" in sent.extra_headers["List-Unsubscribe"]
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert case.number in sent.body

    def test_whether_an_address_follows_is_told_to_nobody(self, scene: Scene) -> None:
        case = a_case(scene)
        by_mail(Thing(What.CASE, case))
        known, unknown = self.ask(case), self.ask(case, "other@example.org")
        assert known.status_code == unknown.status_code == 200
        assert reading.main(known).replace(MAIL, "") == reading.main(unknown).replace("other@example.org", "")

    @pytest.mark.parametrize(
        "address", ["", "x", "a@b", f"{'a' * 250}@example.org", "a@example.org\nBcc: b@example.org"]
    )
    def test_what_is_no_address_gets_a_sentence_and_stays(self, scene: Scene, address: str) -> None:
        answer = self.ask(a_case(scene), address)
        assert answer.status_code == 422
        assert reading.errors(answer, "mail")
        assert not letters().exists()

    def test_nobody_is_flooded(self, scene: Scene) -> None:
        case = a_case(scene)
        for _ in range(subscribing.ASKS_TO_ONE_MAIL):
            assert self.ask(case).status_code == 200
        answer = self.ask(case, REMOTE_ADDR="10.9.9.9")
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
        assert MAIL in answer.content.decode()
        assert letters().count() == subscribing.ASKS_TO_ONE_MAIL

    def test_a_site_without_mail_says_so(self, scene: Scene, settings: Any) -> None:
        settings.MAIL_CARRIER = "none"
        case = a_case(scene)
        assert Client().get(f"/follow/case/{case.number}/").status_code == 200
        assert self.ask(case).status_code == 503
        with pytest.raises(Refused):
            subscribing.ask_by_mail(thing=Thing(What.CASE, case), mail=MAIL, language="en", address="x")


def test_asked_again_the_link_is_good_as_long_as_the_mail_says(scene: Scene) -> None:
    thing = Thing(What.CASE, a_case(scene))
    first = subscribing.ask_by_mail(thing=thing, mail=MAIL, language="zh-hans", address="x")
    Subscription.objects.filter(pk=first.pk).update(since=timezone.now() - timedelta(hours=47))
    again = subscribing.ask_by_mail(thing=thing, mail=MAIL, language="en", address="x")
    assert (again.pk, Subscription.objects.get().language) == (first.pk, "en")
    assert subscribing.forget_unconfirmed(now=timezone.now() + timedelta(hours=2)) == 0
    assert subscribing.forget_unconfirmed(now=timezone.now() + timedelta(hours=49)) == 1


class TestWithAnAccount:
    @pytest.mark.parametrize("what", ["case", "road", "area", "unit"])
    def test_follow_and_follow_no_more(self, scene: Scene, what: str) -> None:
        thing = things(scene, a_case(scene))[what]
        client = Client()
        client.force_login(scene.town.dana)
        address = f"/follow/{what}/{thing.key}/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"do": "follow"}).status_code == 302
        assert subscribing.follows(scene.town.dana, thing)
        assert thing.name in reading.main(client.get("/my/cases/"))
        assert client.post(address, {"do": "unfollow", "next": "https://evil.example/"})["Location"][0] == "/"
        assert not subscribing.follows(scene.town.dana, thing)

    @pytest.mark.parametrize("path", ["case/YQ209901010001", "road/none", "area/none", "unit/none", "shop/x"])
    def test_what_nobody_knows_is_not_there(self, scene: Scene, path: str) -> None:
        assert Client().get(f"/follow/{path}/").status_code == 404

    def test_me_too_follows(self, scene: Scene) -> None:
        case = a_case(scene)
        client = Client()
        client.force_login(scene.town.dana)
        assert client.post(f"/cases/{case.number}/support/").status_code == 302
        assert client.post(f"/cases/{case.number}/support/").status_code == 302
        case.refresh_from_db()
        assert case.supporters_count == 1
        file(scene, case)
        assert told(scene.town.dana) == 1

    def test_a_browser_is_counted_once(self, scene: Scene) -> None:
        case = a_case(scene)
        browser = Client()
        for _ in range(2):
            assert browser.post(f"/cases/{case.number}/support/").status_code == 302
        assert Client().post(f"/cases/{case.number}/support/").status_code == 302
        case.refresh_from_db()
        assert case.supporters_count == 2

    def test_a_closed_account_follows_nothing(self, scene: Scene) -> None:
        subscribing.follow(thing=Thing(What.ROAD, scene.net.road), by=scene.town.dana)
        closing.close(person=scene.town.dana)
        assert not Subscription.objects.exists()
