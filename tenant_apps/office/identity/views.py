"""« Identité »: the organisation's names, how to reach it, its languages, its logo and its colours."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design import brand
from shared_apps.design.posting import posted
from tenant_apps.office.first_day.following import lead_on
from tenant_apps.office.identity import contrasts
from tenant_apps.office.identity.forms import IdentityForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation import identity as organisation
from tenant_apps.organisation.context import profile_of

_managers = staff(*SETTINGS)


@_managers
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if form.is_valid() and "preview" not in request.POST and _saved(request, form):
        messages.success(request, _("L’identité est enregistrée."))
        lead_on(request)
        return redirect("office:identity")
    # Told of somebody else's change: the next try is made knowingly.
    is_told = bool(form.is_bound and form.non_field_errors())
    seen = "" if is_told else request.POST.get("seen", "")
    context = {"form": form, "seen": seen or organisation.seal_of(profile_of(request)), "preview": _preview(form)}
    status = 422 if form.errors else 200
    return page(request, "office/identity/identity.html", context, section="settings", status=status)


@_managers
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What is typed, as families would see it; nothing is kept."""
    return render(request, "office/identity/preview.html", {"preview": _preview(_form(request))})


@_managers
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The style sheet of the preview alone: a page of ours holds no style."""
    try:
        css = brand.preview_css(request.GET.get("brand", ""), request.GET.get("accent", "") or None)
    except brand.BadColour:
        return HttpResponseBadRequest()
    return HttpResponse(css, content_type="text/css")


def _form(request: HttpRequest) -> IdentityForm:
    return IdentityForm(posted(request), request.FILES or None, profile=profile_of(request))


def _saved(request: HttpRequest, form: IdentityForm) -> bool:
    try:
        organisation.change(
            columns=form.columns(),
            logo=form.drawn,
            removes_logo=bool(form.cleaned_data.get("removes_logo")),
            seen=request.POST.get("seen", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _preview(form: IdentityForm) -> dict[str, Any]:
    """Of the colours as they are typed, whether or not they will do."""
    colour = str(form["brand_colour"].value() or "")
    accent = str(form["accent_colour"].value() or "") if form["has_accent"].value() else ""
    try:
        measured = contrasts.measures(colour, accent)
        better = [told for each in filter(None, (colour, accent)) if (told := brand.suggestion(each))]
    except brand.BadColour:
        return {}
    return {"brand": colour, "accent": accent, "name": form["name"].value(), "measures": measured, "better": better}
