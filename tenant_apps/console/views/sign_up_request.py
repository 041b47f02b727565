"""The request once it is written: the code that proves the owner’s address, then the page on which it is followed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import public
from shared_apps.accounts.limits import limited, refuse_too_many_codes
from tenant_apps.console import answers, invitations, platform_rules, preparation, sign_ups, telling
from tenant_apps.console.sign_up_forms import AddressForm, CodeForm
from tenant_apps.console.views import site
from tenant_apps.console.views.sign_up import SECTION
from tenants import slugs
from tenants.models import SignUp, SignUpState
from tenants.operations import sign_up


@public
@limited("sign_up_code")
def code(request: HttpRequest) -> HttpResponse:
    asked = _of_this_browser(request)
    if asked is None:
        return redirect("console:sign_up_check")
    if asked.confirmed_at is not None:
        return redirect(telling.request_path(asked))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_up.prove(sign_up_id=asked.pk, code=form.cleaned_data["code"], at=clock.now())
        except Refusal as refusal:
            form.add_error("code", str(refusal))
        else:
            answers.let_go(request)
            return _claimed(request, asked)
    status = 422 if form.errors else 200
    return site.page(
        request, "console/sign_up_code.html", {"form": form, "asked": asked}, section=SECTION, status=status
    )


@require_POST
@public
@limited("sign_up_code")
def code_again(request: HttpRequest) -> HttpResponse:
    asked = _of_this_browser(request)
    if asked is None:
        return redirect("console:sign_up_check")
    try:
        refuse_too_many_codes(request, asked.owner_email)
        sign_ups.send_code_again(asked=asked, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Un nouveau code est parti. Le précédent ne vaut plus."))
    return redirect("console:sign_up_code")


@public
@limited("sign_up")
def followed(request: HttpRequest, token: str) -> HttpResponse:
    """Kept among one's bookmarks, it tells of the request until the space is open."""
    asked = _named(token)
    if asked.state == SignUpState.UNCONFIRMED:
        return _other_address(request, asked)
    if asked.organisation is None:
        if asked.state == SignUpState.APPROVED:
            raise Http404
        context = {"asked": asked, "host": telling.host_of(asked.slug), "contact": platform_rules.contact()}
        return site.page(request, f"console/sign_up_{asked.state}.html", context, section=SECTION)
    is_here = answers.asked_here(request) == str(asked.pk)
    ready = preparation.of(asked.organisation)
    context = {
        "asked": asked,
        "host": telling.host_of(asked.slug),
        "preparation": ready,
        "way_in": invitations.way_in(asked.organisation, to_owner=is_here) if ready.is_done else None,
    }
    return site.page(request, "console/sign_up_approved.html", context, section=SECTION)


def _other_address(request: HttpRequest, asked: SignUp) -> HttpResponse:
    """Somebody was quicker: another one is chosen, and nothing else is said again."""
    now = clock.now()
    form = AddressForm(request.POST or {"slug": request.GET.get("adresse", asked.slug)})
    if request.method == "POST" and form.is_valid():
        try:
            sign_ups.claim(sign_up_id=asked.pk, slug=form.cleaned_data["slug"], at=now)
            return redirect(telling.request_path(asked))
        except Refusal as refusal:
            form.add_error("slug", str(refusal))
    context = {"asked": asked, "form": form, "proposals": slugs.proposed(asked.name, at=now)}
    status = 422 if request.method == "POST" else 200
    return site.page(request, "console/sign_up_other_address.html", context, section=SECTION, status=status)


def _claimed(request: HttpRequest, asked: SignUp) -> HttpResponse:
    """What cannot be had is said on the request's own page."""
    try:
        sign_ups.claim(sign_up_id=asked.pk, slug=asked.slug, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(telling.request_path(asked))


def _of_this_browser(request: HttpRequest) -> SignUp | None:
    asked = answers.asked_here(request)
    return sign_up.find(asked) if asked else None


def _named(token: str) -> SignUp:
    """Whose address of the owner was never proved has no page."""
    asked = sign_up.find(telling.request_of(token) or "")
    if asked is None or asked.confirmed_at is None:
        raise Http404
    return asked
