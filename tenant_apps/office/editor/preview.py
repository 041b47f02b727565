"""The offering as families would see it with what is typed, before any of it is kept."""

import copy
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kernel import clock
from tenant_apps.catalog import cards, showing
from tenant_apps.catalog.cards import OfferingCard
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.office.editor.forms.presentation import PresentationForm
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations.queries import places_left

_LISTS = ("establishments", "levels")


@dataclass(frozen=True, slots=True)
class Preview:
    """`page` is the HTML of the page, in the families' own template."""

    card: OfferingCard
    page: SafeString


def of(request: HttpRequest, offering: Offering, form: PresentationForm | None = None) -> Preview:
    """Judged as if it were published: a draft says nothing else to families."""
    shown = copy.copy(offering)
    shown._prefetched_objects_cache = dict(getattr(offering, "_prefetched_objects_cache", {}))  # type: ignore[attr-defined]
    if form is not None and form.is_bound:
        _overlay(shown, form)
    shown.status, shown.publishes_at = Status.PUBLISHED, None
    left = places_left([option.id for option in shown.options.all()])
    card = cards.card(shown, places=left, at=clock.now(), zone=profile_of(request).zone)
    # Rendered by the room of the families, which escapes what staff wrote.
    return Preview(card, mark_safe(showing.PAGES["page"](request, shown)))  # noqa: S308


def _overlay(shown: Offering, form: PresentationForm) -> None:
    """What is wrong keeps the words that are there."""
    said = form.cleaned_data
    for name in (
        "nature",
        "title",
        "summary",
        "presentation",
        "picture_alt",
        "starts_on",
        "ends_on",
        "category",
        "tags",
    ):
        if name in said:
            setattr(shown, name, said[name])
    for name in _LISTS:
        if name in said:
            shown._prefetched_objects_cache[name] = list(said[name])  # type: ignore[attr-defined]
    if not form.errors:
        shown.translations = form.translations()
    elif (language := (get_language() or "fr").split("-")[0]) != "fr":
        shown.translations = {**shown.translations, language: {}}
