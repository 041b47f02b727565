"""The catalogue as a table: exported, a model of it, and its import, checked whole and shown before it is written."""

import re
from collections.abc import Sequence
from functools import partial
from typing import IO, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock, ids
from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.access import actor_of, staff
from tenant_apps.catalog.importing import exporting, planning, reading, sheets
from tenant_apps.catalog.operations import foreseen, many
from tenant_apps.catalog.operations.many import Outcome
from tenant_apps.catalog.operations.wanted import Wanted
from tenant_apps.imports import files
from tenant_apps.office import exports
from tenant_apps.office.catalogue import listing, table_words
from tenant_apps.office.pages import page
from tenant_apps.office.scope import CHANGES, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Profile

_FIRST_FAULTS, _FIRST_OUTCOMES = 100, 100


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=gettext_lazy("CSV ou XLSX, au plus 10 Mo et 1\u202f000 lignes."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 10 Mo. Coupez-le en plusieurs."))
        return file


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The file is kept aside until it is written, or forgotten (imports.tidying)."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        file_id = ids.uuid7()
        files.keep_table(file_id, form.cleaned_data["file"])
        return redirect("office:table_check", file_id=file_id)
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/table_new.html", {"form": form}, section="offerings", status=status)


@staff(*CHANGES)
def check(request: HttpRequest, file_id: UUID) -> HttpResponse:
    with _opened(file_id) as file:
        return _shown(request, file_id, file)


@staff(*CHANGES)
@require_POST
def write(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Read and checked again: nothing else is written than what was shown."""
    try:
        outcomes = _written(request, file_id)
    except (Refusal, sheets.Unreadable) as refusal:
        messages.warning(request, str(refusal))
        return redirect("office:table_check", file_id=file_id)
    done = sum(1 for outcome in outcomes if outcome.kind != "unchanged")
    messages.success(request, ngettext("%s activité est écrite.", "%s activités sont écrites.", done) % done)
    return redirect("office:offerings")


@staff(*CHANGES)
@require_POST
def leave(request: HttpRequest, file_id: UUID) -> HttpResponse:
    files.drop(files.path_of_table(file_id))
    messages.success(request, _("L’import est annulé\u202f: rien n’a été écrit, et le fichier est effacé."))
    return redirect("office:table_new")


@staff(*CHANGES)
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, with its filters."""
    form = listing.OfferingFilters(request.GET)
    found = listing.narrowed(of_request(request).offerings(), form, at=clock.now())
    ordered = listing.ordered(found, listing.sort_of(request.GET.get("sort", "")))
    rows = exporting.rows(ordered, zone=profile_of(request).zone, decimal_mark=exports.decimal_mark())
    return exports.table("catalogue", exporting.head(_language()), rows)


@staff(*CHANGES)
def model(request: HttpRequest) -> HttpResponse:
    return exports.table("modele-catalogue", exporting.head(_language()), table_words.model_rows())


def _shown(request: HttpRequest, file_id: UUID, file: IO[bytes]) -> HttpResponse:
    context: dict[str, Any] = {"file_id": file_id, "corrected": FileForm()}
    try:
        table, wanted = _planned(request, file)
    except sheets.Unreadable as unreadable:
        context["unreadable"] = str(unreadable)
        return page(request, "office/catalogue/table.html", context, section="offerings", status=422)
    outcomes = [] if table.faults else foreseen.foresee(_attempt(request, wanted))
    counts = {kind: sum(1 for each in outcomes if each.kind == kind) for kind in table_words.KINDS}
    told = [each for each in outcomes if each.kind != "unchanged"]
    told.sort(key=lambda outcome: outcome.kind != "refused")
    context |= {
        "lines": len(table.lines),
        "ignored": table.ignored,
        "faults": sorted(table.faults)[:_FIRST_FAULTS],
        "fault_count": len(table.faults),
        "counts": counts,
        "outcomes": [table_words.shown(outcome, profile_of(request)) for outcome in told[:_FIRST_OUTCOMES]],
        "unshown": max(len(told) - _FIRST_OUTCOMES, 0),
        "to_write": counts["new"] + counts["changed"],
        "seen": foreseen.seal(outcomes),
    }
    return page(request, "office/catalogue/table.html", context, section="offerings")


def _planned(request: HttpRequest, file: IO[bytes]) -> tuple[reading.Table, list[Wanted]]:
    """Raises Unreadable."""
    table = reading.read(file)
    return table, planning.plan(table, zone=profile_of(request).zone)


@operation
def _written(request: HttpRequest, file_id: UUID) -> list[Outcome]:
    """Raises what `_planned` and `_carried_out` raise, and Http404 for a file that is written already.

    One table at a time: who writes a second one, or the same once more, waits here, and then reads what there is.
    """
    lock_one(Profile.objects.all())
    with _opened(file_id) as file:
        table, wanted = _planned(request, file)
    outcomes = _carried_out(request, table, wanted)
    files.drop(files.path_of_table(file_id))
    return outcomes


def _carried_out(request: HttpRequest, table: reading.Table, wanted: Sequence[Wanted]) -> list[Outcome]:
    """Raises ChangedMeanwhile and SomeRefused."""
    if table.faults:
        raise foreseen.ChangedMeanwhile
    return foreseen.carry_out(_attempt(request, wanted), seen=request.POST.get("seen", ""))


def _attempt(request: HttpRequest, wanted: Sequence[Wanted]) -> foreseen.Attempt[Outcome]:
    return partial(many.attempt, wanted=wanted, actor=actor_of(request), at=clock.now())


def _opened(file_id: UUID) -> IO[bytes]:
    try:
        return cast("IO[bytes]", default_storage.open(files.path_of_table(file_id)))
    except FileNotFoundError:
        raise Http404 from None


def _language() -> str:
    return "en" if re.match("en", get_language() or "") else "fr"
