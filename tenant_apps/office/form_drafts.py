"""A member's unpublished changes to a form, kept in their session until they are published or given up."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tenant_apps.forms import checks, drafts
from tenant_apps.forms.definitions import BadDefinition
from tenant_apps.forms.drafts import Draft
from tenant_apps.forms.models import Form, FormVersion

_KEY = "form_drafts"


def read(request: HttpRequest, version: FormVersion) -> Draft:
    """The draft, or the version in force as one."""
    data = request.session.get(_KEY, {}).get(version.form.key)
    return Draft(**data) if data else drafts.of_version(version)


def is_begun(request: HttpRequest, form: Form) -> bool:
    return form.key in request.session.get(_KEY, {})


def keep(request: HttpRequest, form: Form, draft: Draft) -> None:
    kept: dict[str, Any] = request.session.get(_KEY, {})
    request.session[_KEY] = {**kept, form.key: draft.as_data()}


def forget(request: HttpRequest, form: Form) -> None:
    kept: dict[str, Any] = request.session.get(_KEY, {})
    request.session[_KEY] = {key: data for key, data in kept.items() if key != form.key}


def why_not(form: Form, definition: dict[str, Any]) -> str:
    """What forbids this definition, for who changes it; empty when nothing does."""
    try:
        checks.check(form.key, form.purpose, definition)
    except (BadDefinition, LookupError) as fault:
        return _said(str(fault))
    return ""


def _said(fault: str) -> str:
    """The faults are named for who writes presets; here, what can be met on these pages, in words."""
    told = {
        "asked twice": _("Cette question est déjà posée dans ce formulaire."),
        "which is not asked before": _(
            "Une question dépend d’une autre qui n’est pas posée avant elle. Déplacez l’une ou l’autre, "
            "ou retirez la condition."
        ),
        "offers no choice": _("Une liste n’offre aucun choix."),
        "written reason": _("Un numéro qui identifie une personne demande une raison écrite."),
        "another class or owner": _(
            "La même question existe dans un autre formulaire, avec une autre protection ou pour toute la famille."
        ),
        "a file belongs": _("Un document joint se demande dans une fiche ou à l’inscription, pas dans le dossier."),
    }
    return next((words for part, words in told.items() if part in fault), _("Ce changement n’est pas possible."))
