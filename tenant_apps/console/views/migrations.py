"""Where every organisation's tables stand with the present release, and going on with a round that stopped."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from shared_apps.accounts.access import actor_of, operator
from tenant_apps.console import operations
from tenant_apps.console.pages import page
from tenants.models import MigrationState
from tenants.schemas import status

# What asks for somebody comes first.
_ORDER = [MigrationState.FAILED, MigrationState.RUNNING, MigrationState.BEHIND, MigrationState.DONE]


@operator
def migrations(request: HttpRequest) -> HttpResponse:
    """`?etat=` keeps one state; while a round is under way, the page asks again by itself."""
    standings = status.of_all()
    counts = Counter(each.state for each in standings)
    wanted = request.GET.get("etat", "")
    shown = [each for each in standings if not wanted or each.state == wanted]
    context = {
        "standings": sorted(shown, key=lambda each: _ORDER.index(each.state)),
        "states": [(state, counts[state]) for state in _ORDER],
        "wanted": wanted,
        "is_under_way": counts[MigrationState.RUNNING] > 0,
        "left": len(standings) - counts[MigrationState.DONE],
    }
    return page(request, "console/migrations.html", context, section="console:migrations")


@require_POST
@operator
def migrated(request: HttpRequest) -> HttpResponse:
    operations.migrate(actor=actor_of(request), at=clock.now())
    messages.info(
        request, _("Les migrations sont redemandées\u202f: celles qui ont échoué seront essayées de nouveau.")
    )
    return redirect("console:migrations")
