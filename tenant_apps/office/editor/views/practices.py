"""Step 6: how long places are kept, who comes next when it is full, and what families may change themselves."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import policy_of
from tenant_apps.changes.wording import explain
from tenant_apps.office.editor import saving, shell
from tenant_apps.office.editor.forms.policy import PolicyForm
from tenant_apps.office.editor.forms.practices import PracticesForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import rules
from tenant_apps.organisation.context import profile_of

_STEP = "inscriptions"
_SHOWN = ("hold_minutes", "holding", "waiting")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_practices(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    practice = rules.read(profile_of(request).rules)
    form = PracticesForm.of(offering, posted(request), practice)
    context: dict[str, Any] = {"form": form, "seen": request.POST.get("seen") or shell.marks(offering, _SHOWN)}
    if request.method == "POST" and form.is_valid():
        outcome = _save(request, offering, form, form.columns())
        if outcome.is_done:
            messages.success(request, _("Les règles d’inscription sont enregistrées."))
            return redirect(shell.address(_STEP, slug) if "stay" in request.POST else shell.after(_STEP, slug))
        if outcome.met:
            context |= {"met": outcome.met, "seen": shell.marks(shell.found(request, slug), _SHOWN)}
    told = profile_of(request).rules
    context["policies"] = [
        {"kind": kind, "is_own": kind in offering.changes, "words": explain(policy_of(offering, kind, told))}
        for kind in Kind
    ]
    return shell.show(request, "practices", offering, _STEP, context, status=422 if form.errors else 200)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_policy(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    offering = shell.found(request, slug)
    if kind not in Kind.values:
        raise Http404
    policy = policy_of(offering, kind, profile_of(request).rules)
    form = PolicyForm.of(policy, posted(request), is_own=kind in offering.changes)
    context: dict[str, Any] = {"form": form, "seen": request.POST.get("seen") or shell.marks(offering, ["changes"])}
    if request.method == "POST" and form.is_valid():
        outcome = _save(request, offering, form, {"changes": form.changes(offering.changes, kind)})
        if outcome.is_done:
            messages.success(request, _("La règle est enregistrée."))
            return redirect("office:edit_practices", slug=slug)
        if outcome.met:
            context |= {"met": outcome.met, "seen": shell.marks(shell.found(request, slug), ["changes"])}
    context |= {"kind": Kind(kind), "words": explain(policy)}
    return shell.show(request, "policy", offering, _STEP, context, status=422 if form.errors else 200)


def _save(
    request: HttpRequest, offering: Offering, form: PracticesForm | PolicyForm, columns: dict[str, Any]
) -> saving.Outcome:
    return saving.attempt(
        form,
        offering,
        lambda: offerings.change_offering(
            offering_id=offering.id, columns=columns, seen=shell.seen(request), actor=actor_of(request), at=clock.now()
        ),
    )
