"""Changes that families ask for: the queue, one with its reason and its proof, and the answer."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.changes import queries, telling, wording
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.changes.operations import deciding
from tenant_apps.forms import uploads
from tenant_apps.forms.models import Upload
from tenant_apps.office import acquaintance
from tenant_apps.office.changes import queue, readings
from tenant_apps.office.changes.forms import DecisionForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request

_PER_PAGE = 50


@staff(*FAMILIES_CHANGE)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = queue.ChangeFilters(request.GET, scope=scope)
    found = Paginator(queue.narrowed(acquaintance.changes(scope), form), _PER_PAGE).get_page(request.GET.get("page"))
    rows = [(each, wording.title(each)) for each in found]
    context = {"found": found, "rows": rows, "form": form, "is_narrowed": bool(request.GET)}
    return page(request, "office/changes/list.html", context, section="change_requests")


@staff(*FAMILIES_CHANGE)
@recently("health")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    found = _found(request, change_id)
    form = DecisionForm(posted(request), fee_cents=found.fee_cents, sets_fee=of_request(request).sets_prices)
    if request.method == "POST" and (said := _decided(request, found, form)):
        messages.success(request, said)
        return redirect("office:change_requests")
    whole = ChangeRequest.objects.get(pk=found.pk)
    said_of = telling.said(whole)
    if said_of.words:
        readings.record_words(request, found)
    line = queries.stands_for(found)
    context = {
        "change": found,
        "title": wording.title(found),
        "said": said_of,
        "files": Upload.objects.filter(pk__in=found.uploads),
        "line": line,
        "is_to_pay": queries.is_to_pay(line),
        "form": form,
        "trail": readings.trail_of(found),
    }
    status = 422 if form.errors else 200
    return page(request, "office/changes/one.html", context, section="change_requests", status=status)


@staff(*FAMILIES_CHANGE)
@recently("health")
@require_safe
def proof(request: HttpRequest, change_id: UUID, upload_id: UUID) -> HttpResponse:
    """Whoever opens a proof is named in the trail, whether they decide or not."""
    found = _found(request, change_id)
    if str(upload_id) not in found.uploads:
        raise Http404
    upload = get_object_or_404(Upload, pk=upload_id)
    answer = uploads.response(upload)
    readings.record_proof(request, found, str(upload.id))
    return answer


def _decided(request: HttpRequest, found: ChangeRequest, form: DecisionForm) -> str:
    """What was done, in words; nothing where the form says why it was not."""
    is_refusal = request.POST.get("decision") == "refuse"
    if not form.is_valid() and not (is_refusal and set(form.errors) == {"fee"}):
        return ""
    actor, at, answer = actor_of(request), clock.now(), form.cleaned_data.get("answer", "")
    try:
        if is_refusal:
            deciding.refuse(change_id=found.id, answer=answer, actor=actor, at=at)
            return _("La demande est refusée\u202f: la famille en est avertie par courriel.")
        fee = form.cleaned_data.get("fee")
        deciding.accept(change_id=found.id, answer=answer, fee_cents=fee, actor=actor, at=at)
    except Refusal as refusal:
        named = {"reason_missing": "answer", "too_much": "fee"}.get(refusal.code)
        form.add_error(named if named in form.fields else None, str(refusal))
        return ""
    return _("La demande est acceptée\u202f: la famille en est avertie par courriel.")


def _found(request: HttpRequest, change_id: UUID) -> ChangeRequest:
    return get_object_or_404(queries.with_names(acquaintance.changes(of_request(request))), pk=change_id)
