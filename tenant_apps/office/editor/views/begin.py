"""A new offering: its nature and its title, and the usual settings of that nature."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Nature, Offering
from tenant_apps.catalog.natures import USUAL
from tenant_apps.office.editor import saving
from tenant_apps.office.editor.forms.presentation import BeginningForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import rules
from tenant_apps.organisation.context import profile_of


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    form = BeginningForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = _begun(request, form)
        return redirect("office:edit_presentation", slug=made.slug)
    return page(
        request, "office/editor/begin.html", {"form": form}, section="offerings", status=422 if form.errors else 200
    )


def _begun(request: HttpRequest, form: BeginningForm) -> Offering:
    practices = rules.read(profile_of(request).rules)
    usual = USUAL[Nature(form.cleaned_data["nature"])]
    columns = {
        **form.cleaned_data,
        "selection": usual.selection,
        "checkout": practices.checkout,
        "accepts_guests": practices.accepts_guests,
        "hold_minutes": practices.hold_minutes,
        "reserved_to_establishments": practices.establishments_are_schools,
    }
    first = [{"name": str(usual.first_option), **usual.option}] if usual.first_option else []
    return saving.begin(columns=columns, first=first, actor=actor_of(request), at=clock.now())
