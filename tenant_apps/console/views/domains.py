"""« Domaines » of one organisation: what each of its names is, what the DNS says, and its certificate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, operator
from tenant_apps.console import domains
from tenant_apps.console.pages import row_of, tab


@require_safe
@operator
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    row = row_of(slug)
    found = domains.of(row.organisation, at=clock.now())
    return tab(request, "console/domains.html", {"domains": found}, row=row, name="domains")


@require_POST
@operator
def checked(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    organisation = row_of(slug).organisation
    try:
        domains.check_now(organisation=organisation, name=name, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.info(request, _("Le DNS est interrogé\u202f: la réponse paraît ici dans quelques secondes."))
    return redirect("console:domains", slug=slug)
