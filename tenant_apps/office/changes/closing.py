"""« Annuler la semaine »: every registration of some choices is cancelled, paid back and told, by a worker."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.changes.operations import closing
from tenant_apps.office.changes.forms import ClosingForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.registrations.states import TAKING


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    offering = get_object_or_404(of_request(request).offerings(), slug=slug)
    form = ClosingForm(posted(request), choices=_choices(offering))
    if request.method == "POST" and form.is_valid():
        closing.close(
            option_ids=form.option_ids,
            answer=form.cleaned_data["answer"],
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(
            request,
            _("L’annulation est en cours\u202f: chaque famille est remboursée et avertie par courriel."),
        )
        return redirect("office:offering", slug=offering.slug)
    status = 422 if form.errors else 200
    return page(
        request, "office/changes/closing.html", {"offering": offering, "form": form}, section="offerings", status=status
    )


def _choices(offering: Offering) -> list[tuple[str, str]]:
    taking = Count("registrations", filter=Q(registrations__status__in=TAKING))
    return [
        (
            str(option.id),
            ngettext(
                "%(option)s\u202f: %(taken)s inscription", "%(option)s\u202f: %(taken)s inscriptions", option.taken
            )
            % {"option": option, "taken": option.taken},
        )
        for option in offering.options.annotate(taken=taking)
    ]
