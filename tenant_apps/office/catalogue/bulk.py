"""Bulk work on offerings: what was chosen in the list, what is asked, what would change, and then all of it or none."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.catalog.operations import bulk, foreseen
from tenant_apps.catalog.operations.bulk import Outcome
from tenant_apps.office.catalogue import listing
from tenant_apps.office.catalogue.bulk_forms import ACTIONS, ActionForm
from tenant_apps.office.editor import wording
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.organisation.context import profile_of

MOST = 500


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """Asked for by GET until the last step, so that going back loses nothing."""
    said = request.POST if request.method == "POST" else request.GET
    if (kind := ACTIONS.get(said.get("action", ""))) is None:
        raise Http404
    chosen = _chosen(request, said)
    if not chosen:
        messages.error(request, _("Cochez au moins une activité."))
        return redirect("office:offerings")
    if len(chosen) > MOST:
        messages.error(request, _("Au plus %(value)s activités à la fois. Affinez les filtres.") % {"value": MOST})
        return redirect("office:offerings")
    form = kind(said if "sent" in said or not kind.base_fields else None)
    if not form.is_valid():
        return _page(request, form, chosen, status=422 if form.is_bound else 200)
    if request.method == "POST":
        return _carry_out(request, form, chosen)
    return _page(request, form, chosen, _foreseen(request, form, chosen))


def _foreseen(request: HttpRequest, form: ActionForm, chosen: Sequence[UUID]) -> list[Outcome]:
    return foreseen.foresee(_attempt(request, form, chosen))


def _attempt(request: HttpRequest, form: ActionForm, chosen: Sequence[UUID]) -> foreseen.Attempt[Outcome]:
    return partial(bulk.attempt, form.edit(), offering_ids=chosen, actor=actor_of(request), at=clock.now())


def _carry_out(request: HttpRequest, form: ActionForm, chosen: Sequence[UUID]) -> HttpResponse:
    try:
        done = foreseen.carry_out(_attempt(request, form, chosen), seen=request.POST.get("seen", ""))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return _page(request, form, chosen, _foreseen(request, form, chosen), status=422)
    changed = sum(1 for outcome in done if outcome.changes)
    told = ngettext("%s activité est modifiée.", "%s activités sont modifiées.", changed) % changed
    messages.success(request, told)
    return redirect("office:offerings")


def _page(
    request: HttpRequest,
    form: ActionForm,
    chosen: Sequence[UUID],
    outcomes: Sequence[Outcome] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = list(outcomes or ())
    context = {
        "form": form,
        "chosen": chosen,
        "action": next(name for name, kind in ACTIONS.items() if isinstance(form, kind)),
        "is_foreseen": outcomes is not None,
        "outcomes": [{"outcome": each, "lines": wording.changes(each.changes, profile_of(request))} for each in found],
        "refused": sum(1 for each in found if each.against),
        "changed": sum(1 for each in found if each.changes),
        "seen": foreseen.seal(found),
    }
    return page(request, "office/catalogue/bulk.html", context, section="offerings", status=status)


def _chosen(request: HttpRequest, said: QueryDict) -> list[UUID]:
    """Those that were ticked, or every one that answers to the filters; only what the member sees."""
    known = of_request(request).offerings()
    if "all" in said:
        found = listing.narrowed(known, listing.OfferingFilters(said), at=clock.now())
    else:
        found = known.filter(pk__in=[key for key in map(_uuid, said.getlist("chosen")) if key])
    return list(found.order_by("title", "pk").values_list("pk", flat=True)[: MOST + 1])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
