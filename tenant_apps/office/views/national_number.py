"""« Protection des données », the rule « national number »: whether it is asked, by what right, why and until when."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.national_number_form import NationalNumberForm
from tenant_apps.office.pages import page
from tenant_apps.organisation import national_number
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Role


@staff(Role.OWNER)
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    profile, at = profile_of(request), clock.now()
    now = national_number.read(profile.rules.get("national_number"))
    form = NationalNumberForm(posted(request), initial=asdict(now))
    if request.method == "POST" and form.is_valid() and _decided(request, form):
        messages.success(request, _("La règle est enregistrée."))
        return redirect("office:privacy_national_number")
    context = {
        "form": form,
        "tab": "national_number",
        "holds": national_number.holds(profile, at=at),
        "ended_on": now.until if now.asked and not national_number.holds(profile, at=at) else None,
    }
    status = 422 if form.errors else 200
    return page(request, "office/privacy_national_number.html", context, section="privacy", status=status)


def _decided(request: HttpRequest, form: NationalNumberForm) -> bool:
    """A refusal is told at the field that it is about."""
    try:
        national_number.decide(rule=form.rule, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        form.add_error("reason" if isinstance(refusal, national_number.NoReason) else "until", str(refusal))
        return False
    return True
