"""Step 1: what the offering is, with what families will see beside it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Nature, Offering, Selection
from tenant_apps.catalog.natures import USUAL
from tenant_apps.catalog.operations import offerings
from tenant_apps.office.editor import consequences, preview, saving, shell
from tenant_apps.office.editor.forms.presentation import PresentationForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import rules
from tenant_apps.organisation.context import profile_of

_STEP = "presentation"
_LISTS = ("establishments", "levels")
_SHOWN = (*PresentationForm.base_fields, "selection", "translations")


@staff(*CHANGES)
@require_safe
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Where « Modifier » leads: the first step."""
    return redirect("office:edit_presentation", slug=shell.found(request, slug).slug)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_presentation(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    form = _form(request, offering)
    context: dict[str, Any] = {"form": form, "seen": shell.marks(offering, _SHOWN)}
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        warned = consequences.of_offering(_difference(offering, form), shell.held(offering))
        if warned and not saving.is_confirmed(request):
            context |= {"consequences": warned, "seen": request.POST.get("seen", "")}
        else:
            outcome = _save(request, offering, form)
            if outcome.is_done:
                messages.success(request, _("La présentation est enregistrée."))
                return redirect(_next(request, offering))
            context |= {"met": outcome.met}
            if outcome.met is None:
                context["seen"] = request.POST.get("seen", "")
    elif request.method == "POST":
        context["seen"] = request.POST.get("seen", "")
    context |= {f"chosen_{name}": len(form[name].value() or []) for name in _LISTS}
    context |= {"kept_picture": form.keep_picture(), "preview": preview.of(request, offering, form)}
    return shell.show(request, "presentation", offering, _STEP, context, status=422 if form.errors else 200)


@staff(*CHANGES)
@require_POST
def preview_presentation(request: HttpRequest, slug: str) -> HttpResponse:
    """What is typed, as families would see it; nothing is kept."""
    offering = shell.found(request, slug)
    form = _form(request, offering)
    form.is_valid()
    context = {"preview": preview.of(request, offering, form), "offering": offering}
    return render(request, "office/editor/preview_part.html", context)


@staff(*CHANGES)
@require_safe
def preview_offering(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole page with what is kept, as a family would see it."""
    offering = shell.found(request, slug)
    context = {"preview": preview.of(request, offering), "offering": offering}
    return render(request, "office/editor/preview.html", context)


def _form(request: HttpRequest, offering: Offering) -> PresentationForm:
    practices = rules.read(profile_of(request).rules)
    labels = {"levels": practices.label("level"), "establishments": practices.label("establishment")}
    return PresentationForm.of(
        offering, posted(request), request.FILES or None, languages=shell.languages(request), labels=labels
    )


def _difference(offering: Offering, form: PresentationForm) -> dict[str, Any]:
    said = {name: form.cleaned_data[name] for name in (*_LISTS, "starts_on", "ends_on", "reserved_to_establishments")}
    return saving.difference(offering, said)


def _save(request: HttpRequest, offering: Offering, form: PresentationForm) -> saving.Outcome:
    columns = form.columns()
    return saving.attempt(
        form,
        offering,
        lambda: offerings.change_offering(
            offering_id=offering.id,
            columns={**columns, "selection": _selection(offering, Nature(columns["nature"]))},
            establishments=form.cleaned_data["establishments"],
            levels=form.cleaned_data["levels"],
            seen=shell.seen(request),
            actor=actor_of(request),
            at=clock.now(),
        ),
    )


def _selection(offering: Offering, nature: Nature) -> str:
    """A new nature brings its usual way of choosing, unless another one was chosen on purpose."""
    if offering.selection == USUAL[Nature(offering.nature)].selection:
        return str(USUAL[nature].selection)
    return str(Selection(offering.selection))


def _next(request: HttpRequest, offering: Offering) -> str:
    return shell.address(_STEP, offering.slug) if "stay" in request.POST else shell.after(_STEP, offering.slug)
