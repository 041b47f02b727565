"""Imports of children and their adults: the list, a new file, one import, and what is decided about it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from tenant_apps.imports import files, operations, queries
from tenant_apps.imports.models import ImportRun, Layout, State
from tenant_apps.office import exports
from tenant_apps.office import imports as words
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read

_PER_PAGE = 25
_MOST_MEGABYTES = 100


class ImportForm(forms.Form):
    layout = forms.ChoiceField(
        label=gettext_lazy("Genre de fichier"),
        choices=Layout.choices,
        widget=forms.RadioSelect,
        initial=Layout.SIMPLE,
    )
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.zip"}),
        help_text=gettext_lazy("Au plus 100 Mo et 200\u202f000 lignes."),
    )
    create_establishments = forms.BooleanField(
        label=gettext_lazy("Créer les établissements qui manquent"),
        required=False,
        help_text=gettext_lazy("Sinon, les lignes d’un établissement inconnu sont refusées."),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > _MOST_MEGABYTES * 10**6:
            raise forms.ValidationError(gettext_lazy("Ce fichier dépasse 100 Mo. Coupez-le en plusieurs."))
        return file


@staff(*SETTINGS)
def imports(request: HttpRequest) -> HttpResponse:
    found = Paginator(queries.runs(), _PER_PAGE).get_page(request.GET.get("page"))
    rows = words.with_tags(found.object_list)
    return page(request, "office/imports.html", {"found": found, "rows": rows}, section="imports")


@staff(*SETTINGS)
@recently("data")
def new_import(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        run = operations.begin(
            layout=form.cleaned_data["layout"],
            name=form.cleaned_data["file"].name,
            upload=form.cleaned_data["file"],
            create_establishments=form.cleaned_data["create_establishments"],
            actor=actor_of(request),
            at=clock.now(),
        )
        return redirect("office:import", run_id=run.id)
    return page(
        request,
        "office/import_new.html",
        {"form": form, "has_example": queries.has_example()},
        section="imports",
        status=422 if form.errors else 200,
    )


@staff(*SETTINGS)
def import_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    is_at_work = run.state in queries.AT_WORK
    if getattr(request, "htmx", False) and not is_at_work:
        # What polled shows the work alone: its end is another page.
        return HttpResponseClientRefresh()
    return page(request, "office/import.html", _context(request, run, is_at_work), section="imports")


@staff(*SETTINGS)
@recently("data")
@require_POST
def confirm_import(request: HttpRequest, run_id: UUID) -> HttpResponse:
    get_object_or_404(ImportRun, pk=run_id)
    try:
        operations.confirm(
            run_id=run_id, skip_refused="skip_refused" in request.POST, actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:import", run_id=run_id)


@staff(*SETTINGS)
@require_POST
def decide_import(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    said = {doubt["key"]: request.POST.get(f"doubt-{number}", "") for number, doubt in enumerate(run.doubts)}
    decisions = {key: answer for key, answer in said.items() if answer}
    if not decisions:
        messages.error(request, _("Choisissez au moins une réponse."))
        return redirect("office:import", run_id=run_id)
    try:
        operations.decide(run_id=run_id, decisions=decisions, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:import", run_id=run_id)


@staff(*SETTINGS)
@require_POST
def cancel_import(request: HttpRequest, run_id: UUID) -> HttpResponse:
    get_object_or_404(ImportRun, pk=run_id)
    try:
        operations.cancel(run_id=run_id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("L’import est annulé\u202f: rien n’a été écrit, et le fichier est effacé."))
    return redirect("office:import", run_id=run_id)


@staff(*SETTINGS)
@recently("data")
def import_errors(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=run_id)
    head = [_("Fichier"), _("Ligne"), _("Colonne"), _("Problème")]
    return exports.table("erreurs", head, words.all_faults(run))


@staff(*SETTINGS)
def import_model(request: HttpRequest) -> HttpResponse:
    return exports.table("modele", words.model_head(), words.model_rows())


@staff(*SETTINGS)
def import_example(request: HttpRequest) -> HttpResponseBase:
    if not queries.has_example():
        raise Http404
    return FileResponse(default_storage.open(files.EXAMPLE), as_attachment=True, filename="exemple.csv")


def _context(request: HttpRequest, run: ImportRun, is_at_work: bool) -> dict[str, object]:
    counts = run.counts
    return {
        "run": run,
        "is_at_work": is_at_work,
        "done": queries.rows_done(run) if is_at_work else None,
        "tag": words.TAGS[State(run.state)],
        "children": sum(counts.get(kind, 0) for kind in ("new", "changed", "gone")),
        "are_pupils": read(profile_of(request).rules).establishments_are_schools,
        "faults": list(words.told(run.errors)),
        "preview": words.preview_of(run),
    }
