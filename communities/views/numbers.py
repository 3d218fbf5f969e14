"""By a number: its code, a new account, another number, the privacy notice, a password."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from communities import accounts, arriving, codes, privacy
from communities.codes import NumberProcess
from communities.forms.numbers import CodeForm, ConsentForm, NumberForm, WelcomeForm
from communities.forms.signing_in import NewPasswordForm, OtherPasswordForm
from communities.requests import SignedInRequest
from kit.web import FORM_AND_DEED, with_retry

# --- coming in --------------------------------------------------------------------------------------------------------


@require_http_methods(FORM_AND_DEED)
def code(request: HttpRequest) -> HttpResponse:
    """The six digits; with the right ones one is in, or gives a name first."""
    going = codes.going(request)
    process = NumberProcess.resume(request, NumberProcess.COME_IN)
    if process is None:
        return _start_over(request, _other("communities:login", going))
    form = CodeForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            process.check(form.cleaned_data["code"])
            return _known_or_new(request, process)
    return _code_page(request, process, form, "communities:login")


def _known_or_new(request: HttpRequest, process: NumberProcess) -> HttpResponse:
    person = get_adapter(request).get_user_by_phone(process.phone)
    if person is None:
        arriving.prove(request, process.phone, process.target)
        return redirect("communities:welcome")
    arriving.come_in(request, person, phone=process.phone)
    return redirect(arriving.go_on(request, person, process.target))


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Another code to the same number."""
    is_change = request.POST.get("purpose") == NumberProcess.CHANGE
    back = "communities:phone" if is_change else "communities:login"
    going = codes.going(request)
    process = NumberProcess.resume(request, NumberProcess.CHANGE if is_change else NumberProcess.COME_IN)
    if process is None:
        return _start_over(request, _other(back, going))
    form = CodeForm()
    with form.taking_refusals():
        process.send_again()
        messages.success(request, _("A new code is on its way; the one before is worthless."))
        return redirect("communities:phone_code" if is_change else "communities:code")
    return _code_page(request, process, form, back)


def _start_over(request: HttpRequest, where: str) -> HttpResponse:
    messages.warning(request, _("The code has run out. Please ask for a new one."))
    return redirect(where)


def _other(page: str, target: str) -> str:
    """Where another number is given; one still goes where one was going."""
    return resolve_url(page) + (f"?{urlencode({'next': target})}" if target else "")


def _code_page(request: HttpRequest, process: NumberProcess, form: CodeForm, other: str) -> HttpResponse:
    """The page with the code's field; where the process is over, only the way to a new code is left."""
    refusal = form.refusal
    context = {
        "process": process,
        "form": form,
        "refusal": refusal,
        "is_over": bool(refusal and refusal.code in {"code_gone", "inactive", "phone_taken"}),
        "other_url": _other(other, process.target),
        "minutes": process.timeout // 60,
    }
    return with_retry(render(request, "communities/code.html", context, status=form.status), refusal)


@require_http_methods(FORM_AND_DEED)
def welcome(request: HttpRequest) -> HttpResponse:
    """A number that nobody had: a name and a consent make it an account."""
    waiting = arriving.proven(request)
    if waiting is None:
        return redirect("communities:login")
    phone, target = waiting
    form = WelcomeForm.of(request, version=privacy.VERSION)
    if form.is_valid():
        with form.taking_refusals():
            person = accounts.open_account(
                phone=phone, display_name=form.cleaned_data["display_name"], language=get_language() or ""
            )
            arriving.come_in(request, person, phone=phone, is_new=True)
            return redirect(arriving.go_on(request, person, target, ask=False))
    context = {"form": form, "phone": phone, "version": privacy.VERSION}
    return render(request, "communities/welcome.html", context, status=form.status)


@login_required
@require_http_methods(FORM_AND_DEED)
def consent(request: SignedInRequest) -> HttpResponse:
    """The privacy notice is a new one: asked once after signing in, with a yes and a not now."""
    person, target = request.user, arriving.target_of(request)
    if request.method == "POST" and "later" in request.POST:
        return redirect(arriving.go_on(request, person, target, ask=False))
    form = ConsentForm.of(request, version=privacy.VERSION)
    if form.is_valid():
        privacy.agree(person=person)
        return redirect(arriving.go_on(request, person, target, ask=False))
    context = {
        "form": form,
        "next": target,
        "version": privacy.VERSION,
        "has_agreed": privacy.has_agreed(person),
        "has_before": person.consents.exists(),
    }
    return render(request, "communities/consent.html", context, status=form.status)


# --- one's own number and password ------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM_AND_DEED)
def phone(request: SignedInRequest) -> HttpResponse:
    """Another number for the account: a code goes to the new one."""
    form = NumberForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            NumberProcess.begin(request, phone=form.cleaned_data["phone"], purpose=NumberProcess.CHANGE)
            return redirect("communities:phone_code")
    context = {"form": form, "may_send": codes.may_send()}
    return with_retry(render(request, "communities/phone.html", context, status=form.status), form.refusal)


@login_required
@require_http_methods(FORM_AND_DEED)
def phone_code(request: SignedInRequest) -> HttpResponse:
    """The code of the new number; with it the account has that number."""
    process = NumberProcess.resume(request, NumberProcess.CHANGE)
    if process is None:
        return _start_over(request, "communities:phone")
    form = CodeForm.of(request)
    if form.is_valid():
        with form.taking_refusals():
            process.check(form.cleaned_data["code"])
            accounts.change_phone(person=request.user, phone=process.phone)
            messages.success(request, _("Your number is changed."))
            return redirect("volunteers:profile")
    return _code_page(request, process, form, "communities:phone")


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@login_required
@require_http_methods(FORM_AND_DEED)
def password(request: SignedInRequest) -> HttpResponse:
    """A first password, or another one."""
    person = request.user
    kind = OtherPasswordForm if person.has_usable_password() else NewPasswordForm
    form = kind(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        changed = accounts.set_password(person=person, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, changed)
        messages.success(request, _("Your password is kept."))
        return redirect("volunteers:profile")
    return render(request, "communities/password.html", {"form": form}, status=422 if form.errors else 200)
