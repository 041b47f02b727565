"""« Formulaires »: what families are asked, changed in a draft, seen as they see it, and published as a new version."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from kernel.words import in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.audit.models import Entry
from shared_apps.design.posting import posted
from tenant_apps.forms import building, differences, drafts, editing
from tenant_apps.forms.definitions import BadDefinition
from tenant_apps.forms.drafts import Draft
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.office import form_drafts
from tenant_apps.office.form_fields import KIND_WORDS, SettingsForm, TextForm, languages_of
from tenant_apps.office.form_question import QuestionForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation import national_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of

SECTION = "forms"
_editors = staff(*SETTINGS)


@_editors
@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """By purpose, each with its version in force."""
    latest = FormVersion.objects.select_related("form").order_by("form_id", "-number").distinct("form_id")
    rows = sorted(latest, key=lambda version: (version.form.position, version.form.shown_title))
    groups = [
        {"label": purpose.label, "versions": [each for each in rows if each.form.purpose == purpose]}
        for purpose in Purpose
    ]
    return page(
        request, "office/forms.html", {"groups": [each for each in groups if each["versions"]]}, section=SECTION
    )


@_editors
@require_safe
def form(request: HttpRequest, form_key: str) -> HttpResponse:
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    context = {
        **_context(request, version, draft),
        "sections": _sections(draft),
        "history": _history(version.form),
        "kinds": KIND_WORDS,
        "bars_national_number": not national_number.holds(profile_of(request), at=clock.now()),
    }
    return page(request, "office/form_editor.html", context, section=SECTION)


@_editors
@require_http_methods(["GET", "HEAD", "POST"])
def form_settings(request: HttpRequest, form_key: str) -> HttpResponse:
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    said = SettingsForm.of(
        draft,
        posted(request),
        purpose=version.form.purpose,
        languages=_languages(request),
    )
    if request.method == "POST" and said.is_valid():
        return _kept(request, version, replace(draft, **said.columns))
    return _page(request, "office/form_settings.html", version, draft, said)


@_editors
@require_http_methods(["GET", "HEAD", "POST"])
def form_text(request: HttpRequest, form_key: str) -> HttpResponse:
    """A consent's words, with a preview of what is typed: the « Aperçu » button keeps nothing."""
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    said = TextForm(posted(request), texts=draft.texts, languages=_languages(request))
    is_valid = request.method == "POST" and said.is_valid()
    if is_valid and "preview" not in request.POST:
        return _kept(request, version, replace(draft, texts=said.texts))
    shown = said.texts if is_valid else draft.texts
    more = {"texts": [(code, said.languages.get(code, code), text) for code, text in shown.items()]}
    return _page(request, "office/form_text.html", version, draft, said, **more)


@_editors
@require_http_methods(["GET", "HEAD", "POST"])
def question_add(request: HttpRequest, form_key: str) -> HttpResponse:
    """Not to an authorization: it is its text, and a yes or a no."""
    version = _version_or_404(form_key)
    if version.form.purpose == Purpose.CONSENT:
        raise Http404
    draft = form_drafts.read(request, version)
    said = QuestionForm(
        posted(request),
        definition=draft.definition,
        languages=_languages(request),
    )
    if request.method == "POST" and said.is_valid():
        data, section = said.question()
        changed = editing.add(draft.definition, data, section=section)
        if not (fault := form_drafts.why_not(version.form, changed)):
            return _kept(request, version, draft.with_definition(changed))
        said.add_error("kind", fault)
    return _page(request, "office/form_question.html", version, draft, said, is_new=True)


@_editors
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, form_key: str, key: str) -> HttpResponse:
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    known = _question_or_404(draft, key)
    said = QuestionForm(
        posted(request),
        definition=draft.definition,
        languages=_languages(request),
        known=known,
    )
    if request.method == "POST" and said.is_valid():
        changed = editing.put(draft.definition, said.question()[0])
        if not (fault := form_drafts.why_not(version.form, changed)):
            return _kept(request, version, draft.with_definition(changed))
        said.add_error(None, fault)
    more = {"question": known, "kind_words": KIND_WORDS.get(known["kind"], known["kind"])}
    return _page(request, "office/form_question.html", version, draft, said, **more)


@_editors
@require_POST
def question_move(request: HttpRequest, form_key: str, key: str) -> HttpResponse:
    """Up, down, on, off, or out: what its button says."""
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    _question_or_404(draft, key)
    moves = {
        "up": lambda: editing.move(draft.definition, key, by=-1),
        "down": lambda: editing.move(draft.definition, key, by=1),
        "on": lambda: editing.switch(draft.definition, key, on=True),
        "off": lambda: editing.switch(draft.definition, key, on=False),
        "remove": lambda: editing.remove(draft.definition, key),
    }
    move = moves.get(request.POST.get("move", ""))
    if move is None:
        raise Http404
    changed = move()
    if fault := form_drafts.why_not(version.form, changed):
        messages.error(request, fault)
        return redirect("office:form", form_key=form_key)
    return _kept(request, version, draft.with_definition(changed), anchor=f"q-{key}")


@_editors
@require_safe
def form_preview(request: HttpRequest, form_key: str) -> HttpResponse:
    """As a family sees it, on a telephone: what is typed here goes nowhere."""
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    shown = FormVersion(form=version.form, number=version.number, definition=draft.definition)
    made = building.form_class(shown, establishments=organisation.establishments(), levels=organisation.levels())
    context = {**_context(request, version, draft), "preview": made(), "text": draft.texts.get("fr", "")}
    return page(request, "office/form_preview.html", context, section=SECTION)


@_editors
@require_http_methods(["GET", "HEAD", "POST"])
def form_publish(request: HttpRequest, form_key: str) -> HttpResponse:
    """What changes, in words, before it does."""
    version = _version_or_404(form_key)
    draft = form_drafts.read(request, version)
    refusal = ""
    if request.method == "POST":
        try:
            published = drafts.publish(
                form_id=version.form_id,
                draft=draft,
                asks_again="asks_again" in request.POST and version.form.purpose == Purpose.CONSENT,
                actor=actor_of(request),
                at=clock.now(),
            )
        except (Refusal, BadDefinition) as fault:
            refusal = str(fault) if isinstance(fault, Refusal) else form_drafts.why_not(version.form, draft.definition)
        else:
            form_drafts.forget(request, version.form)
            told = _("«\u202f%(title)s\u202f» est publié, version %(number)s.")
            messages.success(request, told % {"title": draft.shown_title, "number": published.number})
            return redirect("office:form", form_key=form_key)
    context = {**_context(request, version, draft), "changes": _changes(version, draft), "refusal": refusal}
    status = 422 if refusal else 200
    return page(request, "office/form_publish.html", context, section=SECTION, status=status)


@_editors
@require_POST
def form_discard(request: HttpRequest, form_key: str) -> HttpResponse:
    form_drafts.forget(request, _version_or_404(form_key).form)
    messages.info(request, _("Vos changements sont abandonnés. La version en vigueur reste."))
    return redirect("office:form", form_key=form_key)


@_editors
@require_safe
def form_version(request: HttpRequest, form_key: str, number: int) -> HttpResponse:
    """One version of the past, with what it changed."""
    version = get_object_or_404(FormVersion.objects.select_related("form"), form__key=form_key, number=number)
    before = version.form.versions.filter(number=number - 1).first()
    changes = differences.between(before.definition if before else {}, version.definition)
    changes += differences.between_texts(drafts.texts_of(before) if before else {}, drafts.texts_of(version))
    context = {
        "form_edited": version.form,
        "version": version,
        "changes": changes if before else [],
        "published": _history(version.form, number=number),
        "sections": _sections(drafts.of_version(version)),
        "texts": drafts.texts_of(version).items(),
        "kinds": KIND_WORDS,
    }
    return page(request, "office/form_version.html", context, section=SECTION)


def _page(
    request: HttpRequest, template: str, version: FormVersion, draft: Draft, said: Any, **more: Any
) -> HttpResponse:
    context = {**_context(request, version, draft), "form": said, **more}
    return page(request, template, context, section=SECTION, status=422 if said.errors else 200)


def _kept(request: HttpRequest, version: FormVersion, draft: Draft, *, anchor: str = "questions") -> HttpResponse:
    form_drafts.keep(request, version.form, draft)
    answer = redirect("office:form", form_key=version.form.key)
    answer["Location"] += f"#{anchor}"
    return answer


def _context(request: HttpRequest, version: FormVersion, draft: Draft) -> dict[str, Any]:
    return {
        "form_edited": version.form,
        "version": version,
        "draft": draft,
        "is_begun": form_drafts.is_begun(request, version.form),
        "is_consent": version.form.purpose == Purpose.CONSENT,
    }


def _changes(version: FormVersion, draft: Draft) -> list[differences.Difference]:
    before = drafts.of_version(version)
    found = differences.between(before.definition, draft.definition)
    found += differences.between_texts(before.texts, draft.texts)
    named = {
        "title": _("Titre"),
        "reason": _("Pourquoi nous le demandons"),
        "validity_days": _("Validité, en jours"),
        "due_on": _("Date limite"),
        "asks_everyone": _("Demander à toutes les familles"),
        "is_open": _("On peut y répondre"),
    }
    for column, what in named.items():
        was, now = getattr(before, column), getattr(draft, column)
        if was != now:
            found.append(differences.Difference("", what, _written(was), _written(now)))
    return found + differences.between_translations(before.translations, draft.translations)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    return str(value or "")


def _sections(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "title": in_language(section.get("title", "")),
            "questions": [_row(each) for each in section["questions"]],
        }
        for section in draft.definition.get("sections", [])
    ]


def _row(data: dict[str, Any]) -> dict[str, Any]:
    return {
        **data,
        "words": in_language(data["label"]),
        "kind_words": KIND_WORDS.get(data["kind"], data["kind"]),
        "is_own": editing.is_own(data["key"]),
        "is_essential": data["key"] in editing.ESSENTIAL,
        "is_health": data.get("class") == "health",
        "is_on": not data.get("off", False),
    }


def _history(form: Form, number: int | None = None) -> list[dict[str, Any]]:
    """Each version with who published it; a preset's was published by nobody."""
    published = Entry.objects.filter(subject="form", subject_id=form.id, action="form.published")
    by = {entry.details.get("number"): entry.actor_label for entry in published}
    versions = form.versions.order_by("-number")
    if number is not None:
        versions = versions.filter(number=number)
    return [{"number": each.number, "at": each.created_at, "by": by.get(each.number, "")} for each in versions]


def _languages(request: HttpRequest) -> dict[str, str]:
    return languages_of(profile_of(request).languages, dict(settings.LANGUAGES))


def _version_or_404(form_key: str) -> FormVersion:
    version = FormVersion.objects.select_related("form").filter(form__key=form_key).order_by("-number").first()
    if version is None:
        raise Http404
    return version


def _question_or_404(draft: Draft, key: str) -> dict[str, Any]:
    try:
        return editing.question(draft.definition, key)
    except KeyError:
        raise Http404 from None
