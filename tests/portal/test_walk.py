"""Every address of the site, asked by everybody: who sees what, and that who may not see it reads nothing of it.

The table has a row for every route of the resolver; a new address without a row is a failure. What a person may not see
is 404 with no word of it in the answer, and a refused form changes no row. Wagtail's admin has a walk of its own
(``test_walk_admin.py``), what can be followed too (``test_walk_live.py``); ``test_walk_further.py`` turns this table over: other
methods, broken numbers, everybody's fields.
"""

from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from communities import applying, inviting, joining, membership, short_codes, tokens
from communities import doors as organisation_doors
from communities.models import Organisation
from communities.roles import Role
from communities.short_codes import Thing
from events import doors, parties, permits, posting
from events.models import Action, Shift, SignUp
from grid.chain import appointing, cards, team
from grid.models import Post, Road
from tests import cast, walking
from tests.cast import Town
from tests.communities.test_reviewing import handed_in
from tests.grid import chains
from tests.grid.walked import two_cases
from tests.walking import Writes
from updates.models import Message

PEOPLE = ("anonymous", "dana", "chen", "lan", "yan", "mei", "bo", "admin")
"""A visitor, a stranger, a member, a leader, an editor, the coordinator, another organisation's coordinator, the operator."""

MARKS = {
    "notice": "geheime-meldung",
    "draft": "geheimer-entwurf",
    "asked": "geheime-bitte",
    "declined": "geheime-absage",
    "volunteer": "geheimer-name",
    "phone": "13900007788",
    "contact": "13900001122",
    "asker": "geheimer-bewerber",
    "note": "geheime-notiz",
    "about": "geheime-bewerbung",
    "invited": "13900005566",
    "key": "geheimer-schluessel",
    "handover": "geheime-uebergabe",
    "reward": "geheime-praemie",
    "report": "geheime-meldung-eines-bewohners",
}


class Case(NamedTuple):
    """One request, and what each of ``PEOPLE`` is answered: a status, or L for "sign in first"."""

    method: str
    path: str
    answers: str
    data: dict[str, str] = {}

    def expected(self) -> dict[str, str]:
        answers = self.answers.split()
        return dict(zip(PEOPLE, answers * len(PEOPLE) if len(answers) == 1 else answers, strict=len(answers) != 1))


#                                       anonymous dana chen lan yan mei bo admin
EVERYBODY = "200"
SIGNED_IN = "L 200 200 200 200 200 200 200"
NOBODY = "404"
NOT_THERE = "L 404 404 404 404 404 404 404"
STAFF = "L 403 403 200 200 200 200 200"
THEIR_DRAFT = "L 404 403 200 200 200 404 200"
THEIR_DESK = "L 404 403 200 403 200 404 200"
THEIR_WORDS = "L 404 403 403 403 200 404 200"
OWN_PEOPLE = "L 404 200 200 200 200 404 200"
MEMBERS = "L 404 403 403 403 200 404 200"
OPERATOR = "L 404 404 404 404 404 404 200"
TO_DESK = "L 404 403 302 403 302 404 302"
TO_SEE_HIDDEN = "404 404 404 404 404 404 404 200"

SITE: dict[str, list[Case]] = {
    "healthz": [Case("GET", "/healthz", "503")],  # no worker beats here
    "look/": [Case("GET", "/look/", "405"), Case("POST", "/look/", "302", {"theme": "dark"})],
    "_util/login/": [Case("GET", "/_util/login/", "L")],
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": [
        Case("GET", "/_util/authenticate_with_password/1/{page}/", NOBODY)
    ],
    r"documents/^(\d+)/(.*)$": [Case("GET", "/documents/1/a.txt", NOBODY)],
    "documents/authenticate_with_password/<int:restriction_id>/": [
        Case("GET", "/documents/authenticate_with_password/1/", NOBODY)
    ],
    "media/images/<path:path>": [
        Case("GET", "/media/images/a.png", NOBODY),
        Case("GET", "/media/images/../db.sqlite3", "400"),
    ],
    r"^((?:[\w\-]+/)*)$": [
        Case("GET", "/", EVERYBODY),
        Case("GET", "{section}", EVERYBODY),
        Case("GET", "{section}actions/{draft_slug}/", NOBODY),
        Case("GET", "{section}notices/", EVERYBODY),
        Case("GET", "{section}notices/{notice_slug}/", EVERYBODY),
        Case("GET", "{section}notices/{notice_draft_slug}/", NOBODY),
        Case("GET", "/nothing-here/", NOBODY),
    ],
    # communities and volunteers
    "account/login/": [Case("GET", "/account/login/", "200 302 302 302 302 302 302 302")],
    "account/logout/": [Case("GET", "/account/logout/", "405"), Case("POST", "/account/logout/", "302")],
    "account/number/": [
        Case("GET", "/account/number/", "L"),
        Case("POST", "/account/number/", "422", {"phone": "x"}),
    ],
    "account/code/": [Case("GET", "/account/code/", "L"), Case("POST", "/account/code/", "L", {"code": "123456"})],
    "account/code/again/": [Case("POST", "/account/code/again/", "L")],
    "account/welcome/": [
        Case("GET", "/account/welcome/", "L"),
        Case("POST", "/account/welcome/", "L", {"display_name": "x", "agrees": "on"}),
    ],
    "account/consent/": [
        Case("GET", "/account/consent/", SIGNED_IN),
        Case("POST", "/account/consent/", SIGNED_IN.replace("200", "422")),
    ],
    "account/phone/": [
        Case("GET", "/account/phone/", SIGNED_IN),
        Case("POST", "/account/phone/", SIGNED_IN.replace("200", "422"), {"phone": "x"}),
    ],
    "account/phone/code/": [Case("GET", "/account/phone/code/", SIGNED_IN.replace("200", "302"))],
    "account/password/": [
        Case("GET", "/account/password/", SIGNED_IN),
        Case("POST", "/account/password/", SIGNED_IN.replace("200", "422")),
    ],
    "privacy/": [Case("GET", "/privacy/", EVERYBODY)],
    "me/data/": [Case("GET", "/me/data/", SIGNED_IN)],
    "me/data.json": [Case("GET", "/me/data.json", SIGNED_IN)],
    "me/keys/": [
        Case("GET", "/me/keys/", SIGNED_IN),
        Case("POST", "/me/keys/", SIGNED_IN.replace("200", "422")),
    ],
    # The key is chen's.
    "me/keys/<int:pk>/revoke/": [Case("POST", "/me/keys/{key}/revoke/", "L 404 302 404 404 404 404 404")],
    "me/close/": [
        Case("GET", "/me/close/", SIGNED_IN),
        # Without the tick; who is the last coordinator, or the operator, is told so.
        Case("POST", "/me/close/", "L 422 422 422 422 409 409 409"),
    ],
    "me/": [Case("GET", "/me/", EVERYBODY)],
    # communities: the link of an invitation is for everybody to read and for one to use, who is not among PEOPLE
    "join/<str:code>/": [
        Case("GET", "/join/{code}/", EVERYBODY),
        Case("POST", "/join/{code}/", "L 403 403 403 403 403 403 403"),
        Case("GET", "/join/{invitation}.forged/", NOBODY),
        Case("POST", "/join/{invitation}.forged/", NOBODY),
    ],
    "my/organisations/apply/": [
        Case("GET", "/my/organisations/apply/", SIGNED_IN),
        Case("POST", "/my/organisations/apply/", SIGNED_IN.replace("200", "422")),
    ],
    "my/requests/<int:pk>/take-back/": [Case("POST", "/my/requests/{join_request}/take-back/", NOT_THERE)],
    "my/organisations/<int:pk>/join/": [
        Case("GET", "/my/organisations/{host}/join/", "L 200 302 302 302 302 200 200"),
        Case("POST", "/my/organisations/{host}/join/", "L 302 409 409 409 409 302 302"),
    ],
    "my/organisations/<int:pk>/follow/": [
        Case("POST", "/my/organisations/{host}/follow/", SIGNED_IN.replace("200", "302"))
    ],
    "my/organisations/<int:pk>/unfollow/": [
        Case("POST", "/my/organisations/{host}/unfollow/", SIGNED_IN.replace("200", "302"))
    ],
    "my/organisations/<int:pk>/leave/": [
        Case("GET", "/my/organisations/{host}/leave/", "L 404 200 200 200 200 404 302"),
        Case("POST", "/my/organisations/{host}/leave/", "L 404 302 302 302 409 404 302"),
    ],
    "my/organisations/<int:pk>/page/": [
        Case("GET", "/my/organisations/{host}/page/", MEMBERS),
        Case("POST", "/my/organisations/{host}/page/", MEMBERS.replace("200", "422"), {"phone": "?"}),
    ],
    "my/organisations/<int:pk>/members/": [Case("GET", "/my/organisations/{host}/members/", OWN_PEOPLE)],
    "my/organisations/<int:pk>/members/<int:person_pk>/": [
        Case("GET", "/my/organisations/{host}/members/{member}/", MEMBERS),
        Case("POST", "/my/organisations/{host}/members/{member}/", MEMBERS.replace("200", "422")),
        Case("GET", "/my/organisations/{host}/members/{somebody}/", MEMBERS.replace("200", "404")),
        Case(
            "POST", "/my/organisations/{host}/members/{somebody}/", MEMBERS.replace("200", "404"), {"roles": "member"}
        ),
    ],
    "my/organisations/<int:pk>/members/<int:person_pk>/let-go/": [
        Case("POST", "/my/organisations/{host}/members/{member}/let-go/", MEMBERS.replace("200", "302"))
    ],
    "my/organisations/<int:pk>/members/<int:person_pk>/hand-over/": [
        Case("POST", "/my/organisations/{host}/members/{member}/hand-over/", "L 404 403 403 403 302 404 409")
    ],
    "my/organisations/<int:pk>/requests/<int:request_pk>/accept/": [
        Case("POST", "/my/organisations/{host}/requests/{join_request}/accept/", MEMBERS.replace("200", "302")),
        Case("POST", "/my/organisations/{school}/requests/{join_request}/accept/", NOT_THERE),
    ],
    "my/organisations/<int:pk>/requests/<int:request_pk>/decline/": [
        Case("GET", "/my/organisations/{host}/requests/{join_request}/decline/", MEMBERS),
        Case("POST", "/my/organisations/{host}/requests/{join_request}/decline/", MEMBERS.replace("200", "422")),
        Case("POST", "/my/organisations/{school}/requests/{join_request}/decline/", NOT_THERE, {"word": "x"}),
    ],
    "my/organisations/<int:pk>/invite/": [
        Case("GET", "/my/organisations/{host}/invite/", MEMBERS),
        Case("POST", "/my/organisations/{host}/invite/", MEMBERS.replace("200", "422")),
    ],
    "my/organisations/<int:pk>/invitations/<int:invitation_pk>/": [
        Case("GET", "/my/organisations/{host}/invitations/{invitation}/", MEMBERS),
        Case("GET", "/my/organisations/{school}/invitations/{invitation}/", NOT_THERE),
    ],
    "my/organisations/<int:pk>/invitations/<int:invitation_pk>/code.svg": [
        Case("GET", "/my/organisations/{host}/invitations/{invitation}/code.svg", MEMBERS),
        Case("GET", "/my/organisations/{school}/invitations/{invitation}/code.svg", NOT_THERE),
    ],
    "my/organisations/<int:pk>/invitations/<int:invitation_pk>/code.png": [
        Case("GET", "/my/organisations/{host}/invitations/{invitation}/code.png", MEMBERS),
        Case("GET", "/my/organisations/{school}/invitations/{invitation}/code.png", NOT_THERE),
    ],
    "my/organisations/<int:pk>/invitations/<int:invitation_pk>/revoke/": [
        Case("POST", "/my/organisations/{host}/invitations/{invitation}/revoke/", MEMBERS.replace("200", "302")),
        Case("POST", "/my/organisations/{school}/invitations/{invitation}/revoke/", NOT_THERE),
    ],
    # grid: the operator draws the net
    "operator/grid/": [Case("GET", "/operator/grid/", OPERATOR)],
    "operator/grid/areas/new/": [
        Case("GET", "/operator/grid/areas/new/?in=320206005001", OPERATOR),
        Case("POST", "/operator/grid/areas/new/?in=320206005001", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/areas/<slug:code>/": [Case("GET", "/operator/grid/areas/320206005001/", OPERATOR)],
    "operator/grid/areas/<slug:code>/words/": [
        Case("POST", "/operator/grid/areas/320206005001/words/", OPERATOR.replace("200", "422"))
    ],
    "operator/grid/areas/<slug:code>/outline/": [
        Case("GET", "/operator/grid/areas/320206005001/outline/", OPERATOR),
        Case("POST", "/operator/grid/areas/320206005001/outline/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/areas/<slug:code>/end/": [
        Case("POST", "/operator/grid/areas/320206005001/end/", OPERATOR.replace("200", "422"))
    ],
    "operator/grid/around.json": [Case("GET", "/operator/grid/around.json", OPERATOR)],
    "operator/grid/roads/": [Case("GET", "/operator/grid/roads/", OPERATOR)],
    "operator/grid/roads/new/": [
        Case("GET", "/operator/grid/roads/new/", OPERATOR),
        Case("POST", "/operator/grid/roads/new/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/roads/<slug:code>/": [
        Case("GET", "/operator/grid/roads/R001/", OPERATOR),
        Case("POST", "/operator/grid/roads/R001/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/roads/<slug:code>/end/": [
        Case("POST", "/operator/grid/roads/R001/end/", OPERATOR.replace("200", "422"))
    ],
    "operator/grid/roads/<slug:code>/<int:number>/": [
        Case("GET", "/operator/grid/roads/R001/2/", OPERATOR),
        Case("POST", "/operator/grid/roads/R001/2/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/roads/<slug:code>/<int:number>/end/": [
        Case("POST", "/operator/grid/roads/R001/2/end/", OPERATOR.replace("200", "422"))
    ],
    "operator/grid/points/": [Case("GET", "/operator/grid/points/", OPERATOR)],
    "operator/grid/points/new/": [
        Case("GET", "/operator/grid/points/new/", OPERATOR),
        Case("POST", "/operator/grid/points/new/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/points/<slug:code>/": [
        Case("GET", "/operator/grid/points/P001/", OPERATOR),
        Case("POST", "/operator/grid/points/P001/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/points/<slug:code>/end/": [
        Case("POST", "/operator/grid/points/P001/end/", OPERATOR.replace("200", "422"))
    ],
    "operator/grid/gaps/": [Case("GET", "/operator/grid/gaps/", OPERATOR)],
    "operator/grid/gaps.csv": [Case("GET", "/operator/grid/gaps.csv", OPERATOR)],
    "operator/grid/files/": [
        Case("GET", "/operator/grid/files/", OPERATOR),
        Case("POST", "/operator/grid/files/", OPERATOR.replace("200", "422")),
    ],
    # No file waits to be brought in.
    "operator/grid/files/bring-in/": [Case("POST", "/operator/grid/files/bring-in/", OPERATOR.replace("200", "302"))],
    "operator/grid/files/export/": [
        Case("GET", "/operator/grid/files/export/", OPERATOR.replace("200", "422")),
    ],
    # communities: the operator's own
    "operator/organisations/": [Case("GET", "/operator/organisations/", OPERATOR)],
    "operator/organisations/<int:pk>/": [
        Case("GET", "/operator/organisations/{host}/", OPERATOR),
        Case("POST", "/operator/organisations/{host}/", OPERATOR.replace("200", "422")),
    ],
    "operator/organisations/<int:pk>/verify/": [
        Case("POST", "/operator/organisations/{host}/verify/", OPERATOR.replace("200", "302"))
    ],
    "operator/applications/<int:pk>/": [Case("GET", "/operator/applications/{application}/", OPERATOR)],
    "operator/applications/<int:pk>/accept/": [
        Case("POST", "/operator/applications/{application}/accept/", OPERATOR.replace("200", "422"))
    ],
    "operator/applications/<int:pk>/refuse/": [
        Case("POST", "/operator/applications/{application}/refuse/", OPERATOR.replace("200", "422"))
    ],
    "operator/people/": [Case("GET", "/operator/people/", OPERATOR)],
    "operator/people/<int:pk>/": [Case("GET", "/operator/people/{asker}/", OPERATOR)],
    "operator/people/<int:pk>/suspend/": [
        Case("POST", "/operator/people/{asker}/suspend/", OPERATOR.replace("200", "422"))
    ],
    "operator/people/<int:pk>/reinstate/": [
        Case("POST", "/operator/people/{asker}/reinstate/", OPERATOR.replace("200", "302"))
    ],
    "me/edit/": [Case("GET", "/me/edit/", SIGNED_IN), Case("POST", "/me/edit/", SIGNED_IN.replace("200", "422"))],
    # grid: the net is everybody's
    "grid/": [Case("GET", "/grid/", EVERYBODY), Case("GET", "/grid/?on=2024-01-01", EVERYBODY)],
    "grid/net.geojson": [Case("GET", "/grid/net.geojson", EVERYBODY)],
    "grid/<slug:code>/": [
        Case("GET", "/grid/320206005/", EVERYBODY),
        Case("GET", "/grid/32020600500101/?on=2024-01-01", EVERYBODY),
        Case("GET", "/grid/nowhere/", NOBODY),
    ],
    "roads/": [Case("GET", "/roads/", EVERYBODY)],
    "roads/<slug:code>/": [Case("GET", "/roads/R001/", EVERYBODY), Case("GET", "/roads/R999/", NOBODY)],
    # grid: cards and boards for everybody to read, for those who fill posts to write; the rest is for them and for holders,
    # who are not among PEOPLE
    "grid/integrity/": [Case("GET", "/grid/integrity/", OPERATOR)],
    "grid/<slug:code>/board/": [
        Case("GET", "/grid/32020600500101/board/", EVERYBODY),
        Case("GET", "/grid/nowhere/board/", NOBODY),
    ],
    "grid/<slug:code>/card/": [
        Case("GET", "/grid/32020600500101/card/", EVERYBODY),
        Case("GET", "/grid/nowhere/card/", NOBODY),
    ],
    "grid/<slug:code>/card/issue/": [
        Case("GET", "/grid/32020600500101/card/issue/", OPERATOR),
        Case("POST", "/grid/32020600500101/card/issue/", OPERATOR.replace("200", "422")),
    ],
    "roads/<slug:code>/board/": [
        Case("GET", "/roads/R001/board/", EVERYBODY),
        Case("GET", "/roads/R999/board/", NOBODY),
    ],
    "roads/<slug:code>/card/": [
        Case("GET", "/roads/R001/card/", EVERYBODY),
        Case("GET", "/roads/R001/card/?version=9", NOBODY),
    ],
    "roads/<slug:code>/card/issue/": [
        Case("GET", "/roads/R001/card/issue/", OPERATOR),
        Case("POST", "/roads/R001/card/issue/", OPERATOR.replace("200", "422")),
    ],
    "my/places/": [Case("GET", "/my/places/", SIGNED_IN)],
    "my/places/away/": [
        Case("GET", "/my/places/away/", SIGNED_IN),
        Case("POST", "/my/places/away/", SIGNED_IN.replace("200", "422")),
    ],
    "my/places/there-again/": [Case("POST", "/my/places/there-again/", SIGNED_IN.replace("200", "302"))],
    "my/places/<int:pk>/absence/": [
        Case("GET", "/my/places/{held}/absence/", OPERATOR),
        Case("POST", "/my/places/{held}/absence/", OPERATOR.replace("200", "422")),
    ],
    "my/absences/<int:pk>/back/": [Case("POST", "/my/absences/{absence}/back/", OPERATOR.replace("200", "302"))],
    "operator/grid/posts/": [Case("GET", "/operator/grid/posts/?when=all", OPERATOR)],
    "operator/grid/posts/appoint/": [
        Case("GET", "/operator/grid/posts/appoint/", OPERATOR),
        Case("POST", "/operator/grid/posts/appoint/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/posts/<int:pk>/": [Case("GET", "/operator/grid/posts/{held}/", OPERATOR)],
    "operator/grid/posts/<int:pk>/hand-over/": [
        Case("GET", "/operator/grid/posts/{held}/hand-over/", OPERATOR),
        Case("POST", "/operator/grid/posts/{held}/hand-over/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/posts/<int:pk>/relieve/": [
        Case("GET", "/operator/grid/posts/{held}/relieve/", OPERATOR),
        Case("POST", "/operator/grid/posts/{held}/relieve/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/posts/<int:pk>/phone/": [
        Case("GET", "/operator/grid/posts/{held}/phone/", OPERATOR),
        Case("POST", "/operator/grid/posts/{held}/phone/", OPERATOR.replace("200", "422"), {"duty_phone": "?"}),
    ],
    "operator/grid/posts/<int:pk>/deputy/": [
        Case("GET", "/operator/grid/posts/{held}/deputy/", OPERATOR),
        Case("POST", "/operator/grid/posts/{held}/deputy/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/posts/<int:pk>/deputy/dismiss/": [
        Case("POST", "/operator/grid/posts/{held}/deputy/dismiss/", OPERATOR.replace("200", "302"))
    ],
    "operator/grid/team/": [
        Case("GET", "/operator/grid/team/", OPERATOR),
        Case("POST", "/operator/grid/team/", OPERATOR.replace("200", "422")),
    ],
    "operator/grid/team/<int:pk>/let-go/": [
        Case("POST", "/operator/grid/team/{team_member}/let-go/", OPERATOR.replace("200", "302"))
    ],
    # grid: cases; the reporter is a volunteer who asks for nothing here, so of the hidden one the operator alone reads
    "cases/": [Case("GET", "/cases/", EVERYBODY), Case("GET", "/cases/?q=x&state=open&road=R001&unit=x", EVERYBODY)],
    "cases/find/": [
        Case("GET", "/cases/find/", EVERYBODY),
        Case("POST", "/cases/find/", "422", {"code": "ABCD1234"}),
    ],
    "cases/forget/": [Case("POST", "/cases/forget/", "302")],
    "cases/<slug:number>/": [
        Case("GET", "/cases/{case}/", EVERYBODY),
        Case("GET", "/cases/{hidden_case}/", TO_SEE_HIDDEN),
        Case("GET", "/cases/YQ209901019999/", NOBODY),
    ],
    "cases/<slug:number>/photos/<int:pk>/<slug:size>.jpg": [
        Case("GET", "/cases/{case}/photos/{case_photo}/small.jpg", EVERYBODY),
        Case("GET", "/cases/{case}/photos/{case_photo}/huge.jpg", NOBODY),
        Case("GET", "/cases/{case}/photos/{hidden_photo}/large.jpg", NOBODY),
        Case("GET", "/cases/{hidden_case}/photos/{hidden_photo}/large.jpg", TO_SEE_HIDDEN),
    ],
    "cases/<slug:number>/support/": [
        Case("GET", "/cases/{case}/support/", EVERYBODY),
        Case("POST", "/cases/{case}/support/", "302"),
        Case("POST", "/cases/{hidden_case}/support/", TO_SEE_HIDDEN.replace("200", "302")),
    ],
    "cases/<slug:number>/questions/<int:pk>/": [
        Case(method, "/cases/{case}/questions/{question}/", NOBODY) for method in ("GET", "POST")
    ],
    "cases/<slug:number>/add/": [Case(method, "/cases/{case}/add/", NOBODY) for method in ("GET", "POST")],
    "cases/<slug:number>/rate/": [Case(method, "/cases/{case}/rate/", NOBODY) for method in ("GET", "POST")],
    "cases/<slug:number>/again/": [Case(method, "/cases/{case}/again/", NOBODY) for method in ("GET", "POST")],
    "report/": [Case("GET", "/report/", EVERYBODY), Case("POST", "/report/", "422", {"description": "x"})],
    "report/for/": [
        Case("GET", "/report/for/", "L 403 403 403 403 403 403 200"),
        Case("POST", "/report/for/", "L 403 403 403 403 403 403 422"),
    ],
    "report/same/": [Case("POST", "/report/same/", NOBODY, {"case": "999999999"})],
    "report/where/": [Case("GET", "/report/where/", "422"), Case("GET", "/report/where/?at=120.18,31.71", EVERYBODY)],
    "report/<uuid:key>/": [Case("GET", "/report/00000000-0000-4000-8000-000000000000/", NOBODY)],
    "report/<uuid:key>/pictures/<int:pk>/": [
        Case("GET", "/report/00000000-0000-4000-8000-000000000000/pictures/1/", NOBODY)
    ],
    "my/cases/": [Case("GET", "/my/cases/", EVERYBODY)],
    "follow/<slug:what>/<slug:key>/": [
        Case("GET", "/follow/case/{case}/", EVERYBODY),
        Case("POST", "/follow/case/{case}/", "422 302 302 302 302 302 302 302"),
        Case("GET", "/follow/case/{hidden_case}/", NOBODY),
        Case("POST", "/follow/case/{hidden_case}/", NOBODY),
        Case("GET", "/follow/road/R001/", EVERYBODY),
    ],
    "subscriptions/confirm/<str:token>/": [
        Case(method, "/subscriptions/confirm/forged/", NOBODY) for method in ("GET", "POST")
    ],
    "subscriptions/<uuid:key>/end/": [
        Case("GET", "/subscriptions/{subscription}/end/", EVERYBODY),
        Case("POST", "/subscriptions/{subscription}/end/", EVERYBODY),
        Case("POST", "/subscriptions/00000000-0000-4000-8000-000000000000/end/", EVERYBODY),
    ],
    "feeds/cases/": [Case("GET", "/feeds/cases/", EVERYBODY)],
    "feeds/cases/roads/<slug:key>/": [
        Case("GET", "/feeds/cases/roads/R001/", EVERYBODY),
        Case("GET", "/feeds/cases/roads/R999/", NOBODY),
    ],
    "feeds/cases/areas/<slug:key>/": [
        Case("GET", "/feeds/cases/areas/320206005/", EVERYBODY),
        Case("GET", "/feeds/cases/areas/nowhere/", NOBODY),
    ],
    "feeds/cases/organisations/<slug:key>/": [
        Case("GET", "/feeds/cases/organisations/yu-qi-cheng-guan/", EVERYBODY),
        Case("GET", "/feeds/cases/organisations/nobody/", NOBODY),
    ],
    "api/v1/cases/": [
        Case("GET", "/api/v1/cases/", EVERYBODY),
        Case("POST", "/api/v1/cases/", "401 409 409 409 409 409 409 409"),
    ],
    "api/v1/cases/<slug:number>/": [
        Case("GET", "/api/v1/cases/{case}/", EVERYBODY),
        Case("GET", "/api/v1/cases/{hidden_case}/", TO_SEE_HIDDEN),
    ],
    # events: what everybody sees
    "actions/": [Case("GET", "/actions/", EVERYBODY)],
    "actions/<int:year>/<slug:slug>-<int:pk>/": [
        Case("GET", "/actions/2026/x-{action}/", "301"),
        Case("GET", "/actions/2026/x-{draft}/", "404 404 301 301 301 301 404 301"),
    ],
    "actions/<int:year>/<slug:slug>-<int:pk>/sign-up/": [
        Case("GET", "/actions/2026/x-{action}/sign-up/", "301"),
        Case("POST", "/actions/2026/x-{action}/sign-up/", "422"),
        Case("GET", "/actions/2026/x-{draft}/sign-up/", "404 404 301 301 301 301 404 301"),
        Case("POST", "/actions/2026/x-{draft}/sign-up/", "404 404 422 422 422 422 404 422"),
    ],
    # events: one's own; the sign-up is a volunteer's who asks for nothing here, so nobody finds it
    "my/activities/": [Case("GET", "/my/activities/", SIGNED_IN)],
    "my/sign-ups/<int:pk>/": [Case("GET", "/my/sign-ups/{sign_up}/", NOT_THERE)],
    "my/sign-ups/<int:pk>/cancel/": [
        Case(method, "/my/sign-ups/{sign_up}/cancel/", NOT_THERE) for method in ("GET", "POST")
    ],
    "my/sign-ups/<int:pk>/accept/": [Case("POST", "/my/sign-ups/{sign_up}/accept/", NOT_THERE)],
    "my/sign-ups/<int:pk>/decline/": [Case("POST", "/my/sign-ups/{sign_up}/decline/", NOT_THERE)],
    "my/sign-ups/<int:pk>/calendar.ics": [Case("GET", "/my/sign-ups/{sign_up}/calendar.ics", NOT_THERE)],
    # events: the school is asked to join in, the group was and said no; lu answers for nobody, bo for the school
    "my/invitations/": [Case("GET", "/my/invitations/", SIGNED_IN)],
    "my/invitations/<int:pk>/": [
        Case("GET", "/my/invitations/{asked}/", "L 404 404 404 404 404 200 200"),
        Case("POST", "/my/invitations/{asked}/", "L 404 404 404 404 404 302 302", {"do": "accept"}),
        Case("POST", "/my/invitations/{asked}/", "L 404 404 404 404 404 302 302", {"do": "decline"}),
        Case("POST", "/my/invitations/{asked}/", "L 404 404 404 404 404 409 409", {"do": "leave"}),
        Case("GET", "/my/invitations/{declined}/", "L 404 403 403 404 404 404 200"),
        Case("POST", "/my/invitations/{declined}/", "L 404 403 403 404 404 404 409", {"do": "accept"}),
    ],
    # updates: messages of one's own
    "my/messages/": [Case("GET", "/my/messages/", SIGNED_IN)],
    "my/messages/read/": [Case("POST", "/my/messages/read/", SIGNED_IN.replace("200", "302"), {"newest": "1"})],
    "my/messages/<int:pk>/": [Case(method, "/my/messages/{message}/", NOT_THERE) for method in ("GET", "POST")],
    # events: the desk
    "desk/": [Case("GET", "/desk/", STAFF)],
    "cases/desk/": [Case("GET", "/cases/desk/", "L 403 403 403 403 403 403 200")],
    "cases/desk/send-out/": [Case("GET", "/cases/desk/send-out/", "L 403 403 403 403 403 403 200")],
    "cases/desk/<str:number>/": [Case("GET", "/cases/desk/YQ209901019999/", NOT_THERE)],
    "cases/desk/<str:number>/note/": [Case("POST", "/cases/desk/YQ209901019999/note/", NOT_THERE, {"words": "x"})],
    "cases/desk/<str:number>/question/": [
        Case("POST", "/cases/desk/YQ209901019999/question/", NOT_THERE, {"question": "x"})
    ],
    "cases/desk/<str:number>/contact/": [Case("POST", "/cases/desk/YQ209901019999/contact/", NOT_THERE)],
    "cases/desk/<str:number>/photos/<int:pk>/blur/": [
        Case("GET", "/cases/desk/YQ209901019999/photos/1/blur/", NOT_THERE)
    ],
    "cases/desk/<str:number>/photos/<int:pk>/show/": [
        Case("POST", "/cases/desk/YQ209901019999/photos/1/show/", NOT_THERE)
    ],
    "cases/desk/<str:number>/<slug:deed>/": [Case("GET", "/cases/desk/YQ209901019999/dispatch/", NOT_THERE)],
    "desk/new/": [
        Case("GET", "/desk/new/", STAFF),
        Case("POST", "/desk/new/", STAFF.replace("200", "422"), {"do": "draft"}),
    ],
    "desk/new/autosave/": [Case("POST", "/desk/new/autosave/", STAFF, {"title": "x"})],
    "desk/<int:pk>/": [Case("GET", "/desk/{draft}/", THEIR_DRAFT), Case("GET", "/desk/{action}/", THEIR_DESK)],
    "desk/<int:pk>/sign-in-list/": [
        Case("GET", "/desk/{action}/sign-in-list/", THEIR_DESK),
        Case("GET", "/desk/{draft}/sign-in-list/", THEIR_DRAFT),
    ],
    "desk/<int:pk>/edit/": [
        Case("GET", "/desk/{draft}/edit/", THEIR_DRAFT),
        Case("GET", "/desk/{action}/edit/", THEIR_WORDS),
        Case("POST", "/desk/{action}/edit/", THEIR_WORDS.replace("200", "422"), {"do": "save"}),
    ],
    "desk/<int:pk>/edit/autosave/": [
        Case("POST", "/desk/{draft}/edit/autosave/", THEIR_DRAFT, {"title": "x"}),
        Case("POST", "/desk/{action}/edit/autosave/", THEIR_WORDS, {"title": "x"}),
    ],
    "desk/<int:pk>/announce/": [
        Case("GET", "/desk/{draft}/announce/", THEIR_DRAFT.replace("200", "302")),
        Case("POST", "/desk/{draft}/announce/", "L 404 403 403 403 302 404 302"),
    ],
    "desk/<int:pk>/call-off/": [
        Case("GET", "/desk/{action}/call-off/", THEIR_DESK),
        Case("POST", "/desk/{action}/call-off/", "L 404 403 403 403 302 404 302", {"reason": "x"}),
    ],
    "desk/<int:pk>/close/": [
        Case("GET", "/desk/{action}/close/", TO_DESK),
        Case("POST", "/desk/{action}/close/", "L 404 403 409 403 409 404 409"),
    ],
    "desk/<int:pk>/shifts/new/": [
        Case("GET", "/desk/{action}/shifts/new/", THEIR_WORDS),
        Case("POST", "/desk/{action}/shifts/new/", THEIR_WORDS.replace("200", "422")),
    ],
    "desk/<int:pk>/shifts/<int:shift_pk>/": [
        Case("GET", "/desk/{action}/shifts/{shift}/", THEIR_WORDS),
        Case("POST", "/desk/{action}/shifts/{shift}/", THEIR_WORDS.replace("200", "422")),
        Case("GET", "/desk/{action}/shifts/{other_shift}/", "L 404 403 403 403 404 404 404"),
    ],
    "desk/<int:pk>/shifts/<int:shift_pk>/remove/": [
        Case("POST", "/desk/{action}/shifts/{shift}/remove/", "L 404 403 403 403 409 404 409"),
        Case("POST", "/desk/{action}/shifts/{other_shift}/remove/", "L 404 403 403 403 404 404 404"),
    ],
    "desk/<int:pk>/sign-ups/<int:sign_up_pk>/phone/": [
        Case("GET", "/desk/{action}/sign-ups/{sign_up}/phone/", TO_DESK),
        Case("POST", "/desk/{action}/sign-ups/{sign_up}/phone/", THEIR_DESK),
        Case("POST", "/desk/{other}/sign-ups/{sign_up}/phone/", "L 404 404 404 404 404 404 404"),
    ],
    "desk/<int:pk>/partners/": [
        Case("GET", "/desk/{draft}/partners/", THEIR_DRAFT),
        Case("GET", "/desk/{action}/partners/", THEIR_WORDS),
        Case("POST", "/desk/{action}/partners/", THEIR_WORDS.replace("200", "422"), {"do": "invite"}),
    ],
    "desk/<int:pk>/partners/<int:party_pk>/take-back/": [
        Case("POST", "/desk/{action}/partners/{asked}/take-back/", "L 404 403 403 403 302 404 302"),
        Case("POST", "/desk/{action}/partners/{other_party}/take-back/", "L 404 403 403 403 404 404 404"),
    ],
    "desk/<int:pk>/partners/<int:party_pk>/let-go/": [
        Case("GET", "/desk/{action}/partners/{joined}/let-go/", THEIR_WORDS),
        Case("POST", "/desk/{action}/partners/{joined}/let-go/", THEIR_WORDS.replace("200", "302"), {"word": "x"}),
        Case("POST", "/desk/{action}/partners/{other_party}/let-go/", "L 404 403 403 403 404 404 404", {"word": "x"}),
    ],
    "desk/<int:pk>/share/": [
        Case("GET", "/desk/{action}/share/", THEIR_DESK),
        Case("GET", "/desk/{draft}/share/", THEIR_DRAFT),
    ],
    "desk/<int:pk>/share/code.svg": [Case("GET", "/desk/{action}/share/code.svg", THEIR_DESK)],
    "desk/<int:pk>/share/code.png": [Case("GET", "/desk/{action}/share/code.png", THEIR_DESK)],
    "desk/<int:pk>/post/": [
        Case("GET", "/desk/{action}/post/", THEIR_DESK),
        Case("POST", "/desk/{action}/post/", THEIR_DESK.replace("200", "422")),
        Case("POST", "/desk/{action}/post/", TO_DESK, {"text": "x"}),
    ],
    "desk/<int:pk>/posts/<uuid:key>/withdraw/": [
        Case("GET", "/desk/{action}/posts/{post}/withdraw/", THEIR_DESK),
        Case("POST", "/desk/{action}/posts/{post}/withdraw/", TO_DESK),
        Case("POST", "/desk/{other}/posts/{post}/withdraw/", "L 404 404 404 404 404 404 404"),
    ],
    # communities: what waits for approval; yan handed it in
    "review/": [Case("GET", "/review/", "L 403 403 403 200 200 200 200")],
    "review/<int:pk>/": [
        Case("GET", "/review/{review}/", "L 404 403 403 200 200 404 200"),
        Case("POST", "/review/{review}/", "L 404 403 403 403 422 404 422", {"do": "return"}),
        Case("POST", "/review/{review}/", "L 404 403 403 403 409 404 409", {"do": "approve"}),
    ],
    "review/<int:pk>/preview/": [Case("GET", "/review/{review}/preview/", "L 404 403 403 200 200 404 200")],
    # what is made known
    "notices/": [Case("GET", "/notices/", EVERYBODY), Case("POST", "/notices/", "405")],
    "notices/<int:pk>/": [
        Case("GET", "/notices/{notice}/", "302"),
        Case("POST", "/notices/{notice}/", "405"),
        Case("GET", "/notices/{notice_draft}/", NOBODY),
        Case("GET", "/notices/{page}/", NOBODY),
    ],
    # what is passed on: nothing of it asks who is signed in
    "q/<str:code>": [
        Case("GET", "/q/{short_action}", "302"),
        Case("GET", "/q/{short_notice}", "302"),
        Case("GET", "/q/{short_host}", "302"),
        Case("GET", "/q/{short_draft}", NOBODY),
        Case("GET", "/q/{short_notice_draft}", NOBODY),
        Case("POST", "/q/{short_action}", "405"),
    ],
    "share/actions/<int:pk>/": [
        Case("GET", "/share/actions/{action}/", EVERYBODY),
        Case("GET", "/share/actions/{draft}/", NOBODY),
    ],
    "share/notices/<int:pk>/": [
        Case("GET", "/share/notices/{notice}/", EVERYBODY),
        Case("GET", "/share/notices/{notice_draft}/", NOBODY),
    ],
    "share/organisations/<int:pk>/": [
        Case("GET", "/share/organisations/{host}/", EVERYBODY),
        Case("POST", "/share/organisations/{host}/", "405"),
    ],
    "posters/actions/<int:pk>.png": [
        Case("GET", "/posters/actions/{action}.png", EVERYBODY),
        Case("GET", "/posters/actions/{draft}.png", NOBODY),
    ],
    "posters/notices/<int:pk>.png": [
        Case("GET", "/posters/notices/{notice}.png", EVERYBODY),
        Case("GET", "/posters/notices/{notice_draft}.png", NOBODY),
    ],
    "posters/organisations/<int:pk>.png": [Case("GET", "/posters/organisations/{host}.png", EVERYBODY)],
    # the town's news
    "updates/": [Case("GET", "/updates/", EVERYBODY)],
    # for everybody: what is found, and what programs read
    "search/": [Case("GET", "/search/?q=geheimer", EVERYBODY), Case("POST", "/search/", "405")],
    "feeds/notices/": [Case("GET", "/feeds/notices/", EVERYBODY)],
    "feeds/actions/": [Case("GET", "/feeds/actions/", EVERYBODY)],
    "feeds/organisations/<int:pk>/": [
        Case("GET", "/feeds/organisations/{host}/", EVERYBODY),
        Case("GET", "/feeds/organisations/999999/", NOBODY),
    ],
    "sitemap.xml": [Case("GET", "/sitemap.xml", EVERYBODY)],
    "robots.txt": [Case("GET", "/robots.txt", EVERYBODY)],
    # the API
    "api/v1/": [Case("GET", "/api/v1/", EVERYBODY)],
    "api/v1/schema/": [Case("GET", "/api/v1/schema/", EVERYBODY)],
    "api/v1/organisations/": [Case("GET", "/api/v1/organisations/", EVERYBODY)],
    "api/v1/organisations/<int:pk>/": [Case("GET", "/api/v1/organisations/{host}/", EVERYBODY)],
    "api/v1/zones/": [Case("GET", "/api/v1/zones/?shape=1", EVERYBODY)],
    "api/v1/zones/<int:pk>/": [Case("GET", "/api/v1/zones/0/", NOBODY)],
    "api/v1/cells/": [Case("GET", "/api/v1/cells/?shape=1", EVERYBODY)],
    "api/v1/cells/<int:pk>/": [Case("GET", "/api/v1/cells/0/", NOBODY)],
    "api/v1/roads/": [Case("GET", "/api/v1/roads/?shape=1", EVERYBODY)],
    "api/v1/roads/<int:pk>/": [Case("GET", "/api/v1/roads/0/", NOBODY)],
    "api/v1/notices/": [Case("GET", "/api/v1/notices/", EVERYBODY)],
    "api/v1/notices/<int:pk>/": [
        Case("GET", "/api/v1/notices/{notice}/", EVERYBODY),
        Case("GET", "/api/v1/notices/{notice_draft}/", NOBODY),
    ],
    "api/v1/actions/": [Case("GET", "/api/v1/actions/", EVERYBODY)],
    "api/v1/actions/<int:pk>/": [
        Case("GET", "/api/v1/actions/{action}/", EVERYBODY),
        Case("GET", "/api/v1/actions/{draft}/", NOBODY),
    ],
    "api/v1/shifts/": [Case("GET", "/api/v1/shifts/", EVERYBODY)],
    "api/v1/shifts/<int:pk>/": [
        Case("GET", "/api/v1/shifts/{shift}/", EVERYBODY),
        Case("GET", "/api/v1/shifts/{draft_shift}/", NOBODY),
    ],
    "api/v1/shifts/<int:pk>/sign-up/": [
        Case("GET", "/api/v1/shifts/{shift}/sign-up/", "401 404 404 404 404 404 404 404"),
        Case("POST", "/api/v1/shifts/{shift}/sign-up/", "401 201 201 201 201 201 201 201"),
        Case("POST", "/api/v1/shifts/{draft_shift}/sign-up/", "401 404 409 409 409 409 404 409"),
        Case("DELETE", "/api/v1/shifts/{shift}/sign-up/", "401 404 404 404 404 404 404 404"),
    ],
    "api/v1/updates/<str:topic>/": [
        Case("GET", "/api/v1/updates/town/", EVERYBODY),
        Case("GET", "/api/v1/updates/organisation:{host}/", EVERYBODY),
        Case("GET", "/api/v1/updates/action:{action}/", EVERYBODY),
        Case("GET", "/api/v1/updates/action:{draft}/", "404 404 200 200 200 200 404 200"),
        Case("GET", "/api/v1/updates/desk:{draft}/", "404 404 404 200 200 200 404 200"),
        Case("GET", "/api/v1/updates/desk:{action}/", "404 404 404 200 404 200 404 200"),
        Case("GET", "/api/v1/updates/person:{somebody}/", NOBODY),
    ],
}

MAY_READ: dict[str, tuple[str, str]] = {
    "notice": ("yan mei admin", "/"),
    "draft": ("chen lan yan mei admin", "/"),
    "volunteer": ("lan mei admin", "/desk/"),
    "phone": ("lan mei admin", "/phone/"),
    # What was asked of whom, and what came of it, is for the host's desk and for those who were asked.
    "asked": ("lan mei bo admin", "/"),
    "declined": ("lan mei admin", "/"),
    # Whom to call on the day: those who come, and those who write it.
    "contact": ("lan mei admin", "/desk/"),
    # Who asks to belong, and with which words: those who answer, in the list and in their messages.
    "asker": ("mei admin", "/my/ /operator/ /me/data"),
    "note": ("mei admin", "/my/ /me/data"),
    "about": ("admin", "/operator/ /me/data"),
    "invited": ("", "/"),
    "key": ("chen", "/me/"),
    # What is left for the next one to know, and what a card promises and threatens: those who answer, and those above.
    "handover": ("admin", "/operator/"),
    "reward": ("admin", "/card/"),
    # What was reported and is not public; what the reporter is asked stands on no page of anybody else.
    "report": ("admin", "/cases/"),
}
"""Mark → who may read it, and in addresses with one of which words."""


def is_admin(route: str) -> bool:
    return route.lstrip("^").startswith("admin/")


@pytest.fixture
def numbers(town: Town) -> dict[str, object]:
    return laid_out(town)


def laid_out(town: Town) -> dict[str, object]:
    """The town with everybody's part played in 玉祁社区, and what the addresses of the table are about."""
    for person, role in ((town.chen, Role.MEMBER), (town.lan, Role.LEADER)):
        membership.join(person=person, organisation=town.yuqi, role=role, by=town.mei)
    volunteer = next(town.neighbours())
    volunteer.display_name, volunteer.phone = MARKS["volunteer"], f"+86{MARKS['phone']}"
    volunteer.save(update_fields=["display_name", "phone"])
    asker = next(person for person in town.neighbours() if person != volunteer)
    asker.display_name = MARKS["asker"]
    asker.save(update_fields=["display_name"])
    invitation = inviting.invite(organisation=town.yuqi, role=Role.MEMBER, by=town.mei, phone=f"+86{MARKS['invited']}")
    application = applying.apply(name="x", kind=Organisation.Kind.GROUP, about=MARKS["about"], by=asker)
    action = cast.announced(town, contact_phone=MARKS["contact"])
    draft = cast.draft(town, title=MARKS["draft"], summary=MARKS["draft"], place=MARKS["draft"])
    other = cast.announced(town, host=town.school, by=town.bo)
    shift, other_shift = action.shifts.get(), other.shifts.get()
    notice, notice_draft = cast.notice(town), cast.notice_draft(town, title=MARKS["draft"], summary=MARKS["draft"])
    draft_shift = Shift.objects.create(action=draft, starts_at=shift.starts_at, ends_at=shift.ends_at)
    draft_shift.allotments.create(capacity=3)
    Action.objects.filter(pk=draft.pk).update(starts_at=shift.starts_at, ends_at=shift.ends_at)
    asked = parties.invite(action=action, organisation=town.school, asked_for=MARKS["asked"], by=town.mei)
    joined = parties.invite(action=action, organisation=town.enterprise, by=town.mei)
    parties.accept(party=joined, by=town.qiang)
    declined = parties.invite(action=action, organisation=town.group, asked_for=MARKS["asked"], by=town.mei)
    parties.decline(party=declined, word=MARKS["declined"], by=town.admin)
    tokens.issue(person=town.chen, name=MARKS["key"])
    walked = two_cases(town, volunteer, MARKS["report"])
    other_party = parties.invite(action=other, organisation=town.yuqi, by=town.bo)
    held, absence, team_member = on_the_grid(town)
    return {
        "held": held,
        "absence": absence,
        "team_member": team_member,
        "case": walked.shown.number,
        "hidden_case": walked.hidden.number,
        "case_photo": walked.photo.pk,
        "hidden_photo": walked.hidden_photo.pk,
        "question": walked.question.pk,
        "subscription": walked.subscription.key,
        "asked": asked.pk,
        "joined": joined.pk,
        "declined": declined.pk,
        "other_party": other_party.pk,
        "host": town.yuqi.pk,
        "school": town.school.pk,
        "member": town.yan.pk,
        "asker": asker.pk,
        "join_request": joining.ask(organisation=town.yuqi, by=asker, note=MARKS["note"]).pk,
        "invitation": invitation.pk,
        "key": town.chen.tokens.get().pk,
        "code": inviting.code_of(invitation),
        "application": application.pk,
        "section": town.yuqi.section.url,
        "action": action.pk,
        "draft": draft.pk,
        "draft_slug": draft.page.slug,
        "page": draft.page.pk,
        "notice": notice.pk,
        "notice_slug": notice.slug,
        "notice_draft": notice_draft.pk,
        "notice_draft_slug": notice_draft.slug,
        "short_action": short_codes.code_of(Thing.ACTION, action.pk),
        "short_draft": short_codes.code_of(Thing.ACTION, draft.pk),
        "short_notice": short_codes.code_of(Thing.NOTICE, notice.pk),
        "short_notice_draft": short_codes.code_of(Thing.NOTICE, notice_draft.pk),
        "short_host": short_codes.code_of(Thing.ORGANISATION, town.yuqi.pk),
        "other": other.pk,
        "shift": shift.pk,
        "draft_shift": draft_shift.pk,
        "other_shift": other_shift.pk,
        "sign_up": cast.sign_up(volunteer, shift).pk,
        "somebody": volunteer.pk,
        "message": Message.objects.create(person=volunteer, kind="called_off", about="x", payload={"reason": "x"}).pk,
        "review": handed_in(town, title=MARKS["notice"], summary=MARKS["notice"]).pk,
        "post": posting.post(action=action, text="Wir fangen an.", by=town.mei).key,
    }


def on_the_grid(town: Town) -> tuple[int, int, int]:
    """A road with a chief who is away and belongs to the grid team, and its card."""
    holder, by = list(town.neighbours())[-1], {"by": town.admin}
    road = Road.objects.get(code="R001")
    cards.issue(place=road, extent="x", duty="x", task="x", reward=MARKS["reward"], **by)
    today = timezone.localdate()
    # Of a stretch: in the demonstration town every road has its chiefs.
    stretch = road.segments.order_by("number")[0]
    old = chains.post(town, Post.Role.ROAD_CHIEF, road, holder, level=3, segment=stretch)
    held = appointing.hand_over(post=old, to=list(town.neighbours())[-2], since=today, note=MARKS["handover"], **by)
    return held.pk, chains.away(held).pk, team.take_in(person=holder, **by).pk


def as_(town: Town, name: str) -> Client:
    return walking.sign_in(town.people.get(name))


def answer_of(response: Any) -> str:
    """The status; L for the way to the page where one signs in."""
    to_login = response.status_code == 302 and response["Location"].startswith(("/account/login/", "/admin/login/"))
    return "L" if to_login else str(response.status_code)


def walk(town: Town, numbers: dict[str, object], name: str) -> list[str]:
    """Ask everything in the table as this person; return what is not as it should be."""
    client, wrong = as_(town, name), []
    at_first = walking.rows()
    for case in (case for cases in SITE.values() for case in cases):
        path, heard = case.path.format(**numbers), Writes()
        with transaction.atomic(), connection.execute_wrapper(heard):
            response = client.generic(case.method, path) if case.method == "DELETE" else None
            if response is None:
                response = client.get(path) if case.method == "GET" else client.post(path, case.data)
            said, wanted = answer_of(response), case.expected()[name]
            if said != wanted:
                wrong.append(f"{name} {case.method} {path}: {said}, not {wanted}")
            is_refused = said == "L" or response.status_code >= 400
            written = walking.changed(at_first, walking.rows(heard.tables)) if is_refused and heard.tables else []
            if written and case.method != "GET":
                wrong.append(f"{name} {case.method} {path}: {said}, and wrote to {', '.join(written)}")
            transaction.set_rollback(True)
        if case.path == "/account/logout/":
            client = as_(town, name)
            at_first = walking.rows()
        text = walking.everything_in(response)
        for mark, word in MARKS.items():
            readers, where = MAY_READ[mark]
            readable = said != "404" and name in readers.split() and any(each in path for each in where.split())
            if word in text and not readable:
                wrong.append(f"{name} {case.method} {path}: reads the {mark}")
    return wrong


def test_every_address_has_a_row() -> None:
    found = {route for route in walking.routes(get_resolver().url_patterns) if not is_admin(route)}
    assert found == set(SITE)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_is_answered_as_the_table_says(town: Town, numbers: dict[str, object], name: str) -> None:
    assert walk(town, numbers, name) == []


class TestTheWalkWouldFindIt:
    """The twins: a door left open is found by status, by mark or by what was written."""

    def test_a_door_that_asks_nothing(
        self, town: Town, numbers: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(doors, "_own_action_or_404", lambda _person, pk: Action.objects.get(pk=pk))
        monkeypatch.setattr(permits, "actions_to_run", lambda _person: Action.objects.all())
        wrong = walk(town, numbers, "bo")
        assert f"bo GET /desk/{numbers['action']}/: 200, not 404" in wrong
        assert f"bo GET /desk/{numbers['action']}/: reads the volunteer" in wrong

    def test_a_list_that_shows_drafts(
        self, town: Town, numbers: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(Action.objects.all()), "public", lambda actions: actions)
        wrong = walk(town, numbers, "anonymous")
        assert "anonymous GET /api/v1/actions/: reads the draft" in wrong

    def test_somebody_elses_sign_up(
        self, town: Town, numbers: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(doors, "get_own_sign_up_or_404", lambda _person, pk: SignUp.objects.get(pk=pk))
        wrong = walk(town, numbers, "dana")
        assert f"dana GET /my/sign-ups/{numbers['sign_up']}/: 200, not 404" in wrong

    def test_a_refusal_that_writes(
        self, town: Town, numbers: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write_and_refuse(_person: object, pk: int) -> None:
            Organisation.objects.filter(pk=pk).update(phone="12345")
            raise Http404

        monkeypatch.setattr(organisation_doors, "get_own_organisation_or_404", write_and_refuse)
        address = f"/my/organisations/{numbers['host']}/members/{numbers['member']}/let-go/"
        assert f"dana POST {address}: 404, and wrote to communities_organisation" in walk(town, numbers, "dana")

    def test_a_new_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(SITE, "desk/<int:pk>/close/")
        with pytest.raises(AssertionError):
            test_every_address_has_a_row()
