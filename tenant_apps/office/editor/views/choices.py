"""Step 2: the options of an offering, their order, and each of them on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.errors import OptionTaken
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.catalog.natures import USUAL
from tenant_apps.catalog.operations import offerings, options
from tenant_apps.office import rosters
from tenant_apps.office.editor import consequences, preview, rulebooks, saving, shell
from tenant_apps.office.editor.forms.option import OptionForm, SelectionForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING

_STEP = "choix"
_SHOWN = (*OptionForm.base_fields, "translations")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_options(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, and how families choose in it."""
    offering = shell.found(request, slug)
    form = SelectionForm(posted(request), initial={"selection": offering.selection})
    context: dict[str, Any] = {"form": form, "seen": shell.marks(offering, ["selection"])}
    if request.method == "POST" and form.is_valid():
        outcome = saving.attempt(
            form,
            offering,
            lambda: offerings.change_offering(
                offering_id=offering.id,
                columns={"selection": form.cleaned_data["selection"]},
                seen=shell.seen(request),
                actor=actor_of(request),
                at=clock.now(),
            ),
        )
        if outcome.is_done:
            return redirect(shell.after(_STEP, slug))
        context["met"] = outcome.met
    context |= {"rows": _rows(offering), "preview": preview.of(request, offering)}
    return shell.show(request, "options", offering, _STEP, context, status=422 if form.errors else 200)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_option(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    return _option(request, offering, Option(offering=offering, **USUAL[Nature(offering.nature)].option), None)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_option(request: HttpRequest, slug: str, option_id: UUID) -> HttpResponse:
    offering = shell.found(request, slug)
    option = get_object_or_404(offering.options, pk=option_id)
    return _option(request, offering, option, option.pk)


@staff(*CHANGES)
@require_POST
def move_option(request: HttpRequest, slug: str, option_id: UUID) -> HttpResponse:
    """Up, down, out of the offer, back in it, or gone: what its button says."""
    offering = shell.found(request, slug)
    option = get_object_or_404(offering.options, pk=option_id)
    actor, at = actor_of(request), clock.now()
    try:
        match request.POST.get("move"):
            case "up":
                options.move_option(option_id=option.pk, by=-1, actor=actor, at=at)
            case "down":
                options.move_option(option_id=option.pk, by=1, actor=actor, at=at)
            case "withdraw" | "offer" as word:
                offered = {"is_offered": word == "offer"}
                options.change_option(option_id=option.pk, columns=offered, actor=actor, at=at)
            case "remove":
                options.remove_option(option_id=option.pk, actor=actor, at=at)
                messages.success(request, _("«\u202f%(name)s\u202f» est effacé.") % {"name": option.name})
            case _other:
                raise Http404
    except OptionTaken as refusal:
        options.change_option(option_id=option.pk, columns={"is_offered": False}, actor=actor, at=at)
        messages.warning(request, str(refusal))
    except Refusal as refusal:
        messages.error(request, _told(refusal))
    return redirect(f"{shell.address(_STEP, slug)}#choix-{option_id}")


def _option(request: HttpRequest, offering: Offering, option: Option, option_id: UUID | None) -> HttpResponse:
    form = OptionForm.of(
        option,
        posted(request),
        capacity=saving.capacity_of(option_id),
        languages=shell.languages(request),
        takes_quantities=offering.selection == Selection.QUANTITIES,
    )
    taken = Registration.objects.filter(option_id=option_id, status__in=TAKING).count() if option_id else 0
    context: dict[str, Any] = {"form": form, "seen": _seen(option)}
    if request.method == "POST":
        context["seen"] = request.POST.get("seen", "")
    if request.method == "POST" and form.is_valid():
        warned = consequences.of_option(saving.difference(option, form.columns()), taken) if option_id else []
        if warned and not saving.is_confirmed(request):
            context |= {"consequences": warned}
        else:
            outcome = _save(request, offering, form, option_id)
            if outcome.is_done:
                messages.success(request, _("Le choix est enregistré."))
                return redirect(
                    "office:add_option" if "another" in request.POST else "office:edit_options", slug=offering.slug
                )
            if outcome.met:
                option.refresh_from_db()
                context |= {"met": outcome.met, "seen": _seen(option)}
    context |= {"option": option, "is_new": option_id is None, "taken": taken}
    if option_id is not None:
        context |= {"book": rulebooks.of_option(offering, option)}
    return shell.show(request, "option", offering, _STEP, context, status=422 if form.errors else 200)


def _seen(option: Option) -> str:
    return shell.marks(option, _SHOWN, capacity=saving.capacity_of(option.pk))


def _save(request: HttpRequest, offering: Offering, form: OptionForm, option_id: UUID | None) -> saving.Outcome:
    return saving.attempt(
        form,
        offering,
        lambda: saving.put_option(
            offering_id=offering.id,
            option_id=option_id,
            columns=form.columns(),
            capacity=form.cleaned_data["capacity"],
            seen=shell.seen(request),
            actor=actor_of(request),
            at=clock.now(),
        ),
    )


def _rows(offering: Offering) -> list[dict[str, Any]]:
    rows = rosters.options_of(offering, at=clock.now())
    return [{"places": row, "option": row.option, "rules": rulebooks.rows(row.option.requirements)} for row in rows]


def _told(refusal: Refusal) -> str:
    lacks = getattr(refusal, "lacks", [])
    return " ".join(lack.message for lack in lacks) or str(refusal)
