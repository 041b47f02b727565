"""Several at once: the weeks of a camp, dated options, and the meetings of a course."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Nature, Offering, Option
from tenant_apps.catalog.natures import USUAL
from tenant_apps.office.editor import consequences, rulebooks, saving, shell
from tenant_apps.office.editor.forms.schedule import DatesForm, RepeatForm, WeeksForm, in_order, meetings_form
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation.context import profile_of

_STEP = "choix"


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_weeks(request: HttpRequest, slug: str) -> HttpResponse:
    """« Semaine 1 » and the others, from Monday to Friday."""
    offering = shell.found(request, slug)
    form = WeeksForm(posted(request), initial={"first": offering.starts_on, "last": offering.ends_on})
    languages = list(shell.languages(request))
    return _several(request, offering, form, lambda: form.options(languages), "weeks")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """One option for each date: « tous les mercredis »."""
    offering = shell.found(request, slug)
    form = DatesForm(posted(request), initial={"first": offering.starts_on, "last": offering.ends_on})
    languages, country = list(shell.languages(request)), profile_of(request).territory
    return _several(request, offering, form, lambda: form.options(languages, country), "dates")


def _several(
    request: HttpRequest,
    offering: Offering,
    form: WeeksForm | DatesForm,
    made: Callable[[], list[dict[str, Any]]],
    template: str,
) -> HttpResponse:
    """« Voir d’abord » shows them and keeps nothing."""
    is_right = request.method == "POST" and form.is_valid()
    found = [{**USUAL[Nature(offering.nature)].option, **each} for each in made()] if is_right else []
    if is_right and "preview" not in request.POST:
        saving.add_options(
            offering_id=offering.id,
            columns=found,
            capacity=form.cleaned_data["capacity"],
            actor=actor_of(request),
            at=clock.now(),
        )
        told = ngettext("%(count)s choix est ajouté.", "%(count)s choix sont ajoutés.", len(found))
        messages.success(request, told % {"count": len(found)})
        return redirect("office:edit_options", slug=offering.slug)
    seen = [{**each, "rules": rulebooks.rows(each.get("requirements", []))} for each in found]
    return shell.show(
        request, template, offering, _STEP, {"form": form, "found": seen}, status=422 if form.errors else 200
    )


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_meetings(request: HttpRequest, slug: str, option_id: UUID) -> HttpResponse:
    """The meetings one by one, and « tous les mardis… », which adds to what is typed and keeps nothing yet."""
    offering = shell.found(request, slug)
    option = get_object_or_404(offering.options, pk=option_id)
    adds = "repeat" in request.POST
    repeat = RepeatForm(request.POST if adds else None, prefix="chaque", initial=_bounds(option))
    meetings = meetings_form(posted(request), option.meetings)
    context: dict[str, Any] = {"seen": request.POST.get("seen") or shell.marks(option, ["meetings"])}
    is_right = request.method == "POST" and meetings.is_valid()
    if is_right and adds and repeat.is_valid():
        all_of_them = in_order([*meetings.meetings(), *repeat.meetings()])
        meetings, repeat = meetings_form(None, all_of_them), RepeatForm(prefix="chaque")
        context["added"] = len(all_of_them)
    elif is_right and not adds:
        said = meetings.meetings()
        warned = consequences.of_option(saving.difference(option, {"meetings": said}), shell.held(offering))
        if warned and not saving.is_confirmed(request):
            context["consequences"] = warned
        else:
            outcome = _save_meetings(request, offering, option, repeat, said)
            if outcome.is_done:
                messages.success(request, _("Les rencontres sont enregistrées."))
                return redirect("office:edit_option", slug=slug, option_id=option.pk)
            option.refresh_from_db()
            context |= {"met": outcome.met, "seen": shell.marks(option, ["meetings"])}
    is_wrong = bool(meetings.is_bound and meetings.total_error_count()) or bool(repeat.errors)
    context |= {"form": repeat, "meetings": meetings, "option": option}
    return shell.show(request, "meetings", offering, _STEP, context, status=422 if is_wrong else 200)


def _save_meetings(
    request: HttpRequest, offering: Offering, option: Option, form: RepeatForm, said: list[dict[str, str]]
) -> saving.Outcome:
    return saving.attempt(
        form,
        offering,
        lambda: saving.put_meetings(
            option_id=option.pk,
            meetings=said,
            seen=shell.seen(request),
            actor=actor_of(request),
            at=clock.now(),
        ),
    )


def _bounds(option: Option) -> dict[str, Any]:
    return {"first": option.starts_on, "last": option.ends_on}
