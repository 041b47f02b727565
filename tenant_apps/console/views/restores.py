"""An organisation's restores: seen from the console, begun by whoever holds the machine."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import operator
from tenant_apps.console import restores
from tenant_apps.console.pages import row_of, tab


@operator
@require_safe
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    row = row_of(slug)
    return tab(request, "console/restores.html", {"restores": restores.of(row.organisation)}, row=row, name="restores")
