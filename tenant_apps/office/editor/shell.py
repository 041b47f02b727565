"""What every page of the editor shows around its form: the offering, its steps, and what each still lacks."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.catalog import history, readiness
from tenant_apps.catalog.models import Offering
from tenant_apps.office.editor import conflicts
from tenant_apps.office.form_fields import languages_of
from tenant_apps.office.pages import page
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING

STEPS: Mapping[str, str | Promise] = {
    "presentation": _("Présentation"),
    "choix": _("Choix"),
    "conditions": _("Qui peut s’inscrire"),
    "prix": _("Prix"),
    "paiement": _("Paiement et comptabilité"),
    "inscriptions": _("Inscriptions"),
    "publier": _("Vérifier et publier"),
}
_ADDRESSES = {
    "presentation": "office:edit_presentation",
    "choix": "office:edit_options",
    "conditions": "office:edit_conditions",
    "prix": "office:edit_terms",
    "paiement": "office:edit_payment",
    "inscriptions": "office:edit_practices",
    "publier": "office:edit_publishing",
}
_POINTS_TO = ("season", "category", "payee", "registration_form", "consent_form", "opening")


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    key: str
    title: str | Promise
    url: str
    lacks: int


def found(request: HttpRequest, slug: str) -> Offering:
    """Raises Http404."""
    own = of_request(request).offerings().select_related(*_POINTS_TO)
    return get_object_or_404(own.prefetch_related("options", "establishments", "levels"), slug=slug)


def address(step: str, slug: str) -> str:
    return reverse(_ADDRESSES[step], args=[slug])


def option_address(slug: str, option_id: str, field: str) -> str:
    name = "office:edit_meetings" if field == "meetings" else "office:edit_option"
    return reverse(name, args=[slug, option_id])


def after(step: str, slug: str) -> str:
    """Of the step that comes next."""
    keys = list(STEPS)
    return address(keys[keys.index(step) + 1], slug)


def show(
    request: HttpRequest, template: str, offering: Offering, step: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    lacking = lacks(request, offering)
    missing = Counter(lack.step for lack in lacking)
    steps = [
        Step(number, key, title, address(key, offering.slug), missing[key])
        for number, (key, title) in enumerate(STEPS.items(), start=1)
    ]
    around = {"offering": offering, "steps": steps, "step": step, "lacks": lacking, "held": held(offering)}
    return page(request, f"office/editor/{template}.html", {**around, **context}, section="offerings", status=status)


def lacks(request: HttpRequest, offering: Offering) -> list[readiness.Lack]:
    at = clock.now()
    seen_at = max(at, offering.publishes_at or at)
    return readiness.lacks(offering, at=seen_at, zone=profile_of(request).zone)


def held(offering: Offering) -> int:
    """How many registrations hold a place in it."""
    return Registration.objects.filter(option__offering=offering, status__in=TAKING).count()


def languages(request: HttpRequest) -> dict[str, str]:
    return languages_of(profile_of(request).languages, dict(settings.LANGUAGES))


def marks(row: Any, columns: Any, **beside: Any) -> str:
    """What the page's hidden field carries: what each of these columns said when the form was filled in.

    `beside`: what the page shows that is kept elsewhere.
    """
    told = history.state(row)
    return json.dumps(history.marks({name: told[name] for name in columns if name in told} | beside))


def seen(request: HttpRequest) -> dict[str, str]:
    """What that hidden field said; nothing is compared where it says nothing that can be read."""
    return conflicts.read(request.POST.get("seen", ""))
