"""The board: what there is to watch, then every organisation, searched, filtered and sorted."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import operator
from tenant_apps.console import board
from tenant_apps.console.board_filters import BoardFilters, narrowed
from tenant_apps.console.organisations import Line
from tenant_apps.console.pages import page
from tenants.context import in_registry
from tenants.models import SignUp, SignUpState

_PER_PAGE = 50


@operator
def organisations(request: HttpRequest) -> HttpResponse:
    at, sort = clock.now(), board.sort_of(request.GET.get("sort", ""))
    with in_registry():
        form, every = BoardFilters(request.GET), board.every(at=at)
        shown = Paginator(board.ordered(narrowed(every, form), sort), _PER_PAGE).get_page(request.GET.get("page"))
        rows = [Line(organisation) for organisation in shown]
        watched = board.troubles(every)
        asked = SignUp.objects.filter(state=SignUpState.WAITING).count()
    return page(
        request,
        "console/organisations.html",
        {
            "rows": rows,
            "found": shown,
            "form": form,
            "sort": sort,
            "troubles": _requests(asked) + [_tile(*each) for each in watched if each[2]],
            "quiet": [trouble.label for _, trouble, number in watched if not number],
            "now": at,
            "is_narrowed": any(form.cleaned_data.values()),
        },
        section="console:organisations",
    )


def _requests(number: int) -> list[dict[str, object]]:
    """First of all: somebody waits for an answer."""
    if not number:
        return []
    url = reverse("console:sign_ups")
    return [
        {"name": "demandes", "label": _("Demandes qui attendent"), "icon": "user-plus", "number": number, "url": url}
    ]


def _tile(name: str, trouble: board.Trouble, number: int) -> dict[str, object]:
    """A count that leads to those it counts."""
    url = f"{reverse('console:organisations')}?{urlencode({'souci': name})}"
    return {"name": name, "label": trouble.label, "icon": trouble.icon, "number": number, "url": url}
