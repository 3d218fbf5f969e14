"""Addresses of joint actions, of what is mine, and of the desk."""

from django.urls import path

from .views import compose, desk, invitations, papers, partners, posting, public, seats, sharing

app_name = "events"

_action = "actions/<int:year>/<slug:slug>-<int:pk>/"

urlpatterns = [
    path("actions/", public.actions, name="actions"),
    path(_action, public.action, name="action"),
    path(f"{_action}sign-up/", seats.sign_up, name="sign_up"),
    path("my/activities/", seats.my_activities, name="my_activities"),
    path("my/sign-ups/<int:pk>/", seats.signed_up, name="signed_up"),
    path("my/sign-ups/<int:pk>/cancel/", seats.cancel, name="cancel"),
    path("my/sign-ups/<int:pk>/accept/", seats.accept, name="accept"),
    path("my/sign-ups/<int:pk>/decline/", seats.decline, name="decline"),
    path("my/sign-ups/<int:pk>/calendar.ics", seats.calendar, name="calendar"),
    path("my/invitations/", invitations.asked, name="invitations"),
    path("my/invitations/<int:pk>/", invitations.invitation, name="invitation"),
    path("desk/", desk.desks, name="desks"),
    path("desk/new/", compose.compose, name="compose"),
    path("desk/new/autosave/", compose.autosave_new, name="autosave_new"),
    path("desk/<int:pk>/", desk.desk, name="desk"),
    path("desk/<int:pk>/edit/", compose.revise, name="revise"),
    path("desk/<int:pk>/edit/autosave/", compose.autosave, name="autosave"),
    path("desk/<int:pk>/announce/", desk.announce, name="announce"),
    path("desk/<int:pk>/call-off/", desk.call_off, name="call_off"),
    path("desk/<int:pk>/close/", desk.close, name="close"),
    path("desk/<int:pk>/partners/", partners.invite, name="invite"),
    path("desk/<int:pk>/partners/<int:party_pk>/take-back/", partners.take_back, name="take_back"),
    path("desk/<int:pk>/partners/<int:party_pk>/let-go/", partners.let_go, name="let_go"),
    path("desk/<int:pk>/share/", sharing.share, name="share"),
    path("desk/<int:pk>/share/code.svg", sharing.code_svg, name="code_svg"),
    path("desk/<int:pk>/share/code.png", sharing.code_png, name="code_png"),
    path("desk/<int:pk>/sign-in-list/", papers.sign_in_list, name="sign_in_list"),
    path("desk/<int:pk>/post/", posting.post, name="post"),
    path("desk/<int:pk>/posts/<uuid:key>/withdraw/", posting.withdraw, name="withdraw_post"),
    path("desk/<int:pk>/shifts/new/", desk.add_shift, name="add_shift"),
    path("desk/<int:pk>/shifts/<int:shift_pk>/", desk.change_shift, name="change_shift"),
    path("desk/<int:pk>/shifts/<int:shift_pk>/remove/", desk.remove_shift, name="remove_shift"),
    path("desk/<int:pk>/sign-ups/<int:sign_up_pk>/phone/", desk.phone, name="phone"),
]
