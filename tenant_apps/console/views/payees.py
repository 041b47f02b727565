"""« Comptes de paiement » of an organisation: what the processor lets each do, what it asks, and asking it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from shared_apps.accounts.access import actor_of, operator
from tenant_apps.console import payees
from tenant_apps.console.pages import row_of, tab


@operator
def accounts(request: HttpRequest, slug: str) -> HttpResponse:
    row = row_of(slug)
    return tab(request, "console/payees.html", {"accounts": payees.of(row.organisation.pk)}, row=row, name="payees")


@require_POST
@operator
def look_again(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = row_of(slug).organisation
    silent = payees.look_again(organisation_id=organisation.pk, actor=actor_of(request), at=clock.now())
    if silent:
        messages.error(
            request, _("Le processeur n’a rien dit de\u202f: %(accounts)s.") % {"accounts": ", ".join(silent)}
        )
    else:
        messages.success(request, _("Les comptes sont vérifiés."))
    return redirect("console:payees", slug=slug)
