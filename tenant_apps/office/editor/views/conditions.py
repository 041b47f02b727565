"""Step 3: who may register and when, with a period of its own for each audience."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from kernel.words import in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings
from tenant_apps.office.editor import consequences, preview, rulebooks, saving, shell
from tenant_apps.office.editor.forms.conditions import ConditionsForm, WindowForm
from tenant_apps.office.scope import CHANGES

_STEP = "conditions"
_SHOWN = ("opens_at", "deadline_on", "accepts_guests", "registration_form", "consent_form", "support")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_conditions(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    form = ConditionsForm.of(offering, posted(request))
    context: dict[str, Any] = {"form": form, "seen": request.POST.get("seen") or shell.marks(offering, _SHOWN)}
    if request.method == "POST" and form.is_valid():
        warned = consequences.of_offering(saving.difference(offering, form.columns()), shell.held(offering))
        if warned and not saving.is_confirmed(request):
            context["consequences"] = warned
        else:
            outcome = _save(request, offering, form, form.columns())
            if outcome.is_done:
                messages.success(request, _("Les conditions sont enregistrées."))
                return redirect(shell.address(_STEP, slug) if "stay" in request.POST else shell.after(_STEP, slug))
            context |= _after(request, slug, outcome, _SHOWN)
    context |= {
        "book": rulebooks.conditions(offering),
        "windows": _windows(offering),
        "windows_seen": shell.marks(offering, ["windows"]),
        "preview": preview.of(request, offering),
    }
    return shell.show(request, "conditions", offering, _STEP, context, status=422 if form.errors else 200)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_window(request: HttpRequest, slug: str) -> HttpResponse:
    return _window(request, shell.found(request, slug), None)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_window(request: HttpRequest, slug: str, index: int) -> HttpResponse:
    offering = shell.found(request, slug)
    if index >= len(offering.windows):
        raise Http404
    return _window(request, offering, index)


@staff(*CHANGES)
@require_POST
def remove_window(request: HttpRequest, slug: str, index: int) -> HttpResponse:
    """Only while the list is as the page showed it: another's window has another number since."""
    offering = shell.found(request, slug)
    kept = [each for number, each in enumerate(offering.windows) if number != index]
    try:
        offerings.change_offering(
            offering_id=offering.id,
            columns={"windows": kept},
            seen=shell.seen(request),
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("La période est retirée."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(shell.address(_STEP, slug))


def _window(request: HttpRequest, offering: Offering, index: int | None) -> HttpResponse:
    known = {} if index is None else offering.windows[index]
    form = WindowForm.of(known, posted(request), languages=shell.languages(request))
    context: dict[str, Any] = {"form": form, "seen": request.POST.get("seen") or shell.marks(offering, ["windows"])}
    if request.method == "POST" and form.is_valid():
        said = form.window(list(known.get("for", [])))
        windows = [*offering.windows, said] if index is None else list(offering.windows)
        windows[-1 if index is None else index] = said
        outcome = _save(request, offering, form, {"windows": windows})
        if outcome.is_done:
            place = len(windows) - 1 if index is None else index
            return redirect(
                "office:edit_window" if index is None else "office:edit_conditions",
                offering.slug,
                *([place] if index is None else []),
            )
        context |= _after(request, offering.slug, outcome, ["windows"])
    if index is not None:
        context |= {"book": rulebooks.of_window(offering, index), "index": index}
    return shell.show(request, "window", offering, _STEP, context, status=422 if form.errors else 200)


def _save(
    request: HttpRequest, offering: Offering, form: ConditionsForm | WindowForm, columns: dict[str, Any]
) -> saving.Outcome:
    return saving.attempt(
        form,
        offering,
        lambda: offerings.change_offering(
            offering_id=offering.id, columns=columns, seen=shell.seen(request), actor=actor_of(request), at=clock.now()
        ),
    )


def _after(request: HttpRequest, slug: str, outcome: saving.Outcome, shown: Any) -> dict[str, Any]:
    """Told of the other's change, the next try knows of it."""
    if outcome.met is None:
        return {}
    return {"met": outcome.met, "seen": shell.marks(shell.found(request, slug), shown)}


def _windows(offering: Offering) -> list[dict[str, Any]]:
    found = []
    for index, told in enumerate(offering.windows):
        form = WindowForm.of(told, None, languages={})
        found.append(
            {
                "index": index,
                **form.initial,
                "name": in_language(told["name"]),
                "rules": rulebooks.rows(told.get("for", [])),
            }
        )
    return found
