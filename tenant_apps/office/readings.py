"""Narrows who read about health by the reader, by the child and by day, and names the children."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.folding import fold
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Participant
from tenant_apps.office.periods import SENSIBLE_DAYS
from tenant_apps.privacy.readings import Reading, told

# A name that more children than these have is no name to search by.
_MOST_CHILDREN = 100


class ReadingFilters(forms.Form):
    reader = forms.CharField(label=_("Consulté par"), max_length=100, required=False)
    child = forms.CharField(label=_("Personne concernée"), max_length=100, required=False)
    from_on = forms.DateField(label=_("Du"), required=False, validators=SENSIBLE_DAYS)
    until_on = forms.DateField(label=_("Au"), required=False, validators=SENSIBLE_DAYS)

    def narrowing(self, zone: ZoneInfo) -> Q:
        """By what is valid; a field in error narrows nothing, and says so on the page."""
        self.is_valid()
        wanted, narrowed = self.cleaned_data, Q()
        if reader := wanted.get("reader"):
            narrowed &= Q(actor_label__icontains=reader)
        if child := wanted.get("child"):
            narrowed &= _about(child)
        if from_on := wanted.get("from_on"):
            narrowed &= Q(at__gte=clock.start_of_day(from_on, zone))
        if until_on := wanted.get("until_on"):
            narrowed &= Q(at__lt=clock.end_of_day(until_on, zone))
        return narrowed


def with_names(entries: Iterable[Entry]) -> list[tuple[Reading, list[str]]]:
    """One query for the children of a whole page."""
    found = [told(entry) for entry in entries]
    names = _names({child for reading in found for child in reading.children})
    return [(reading, [names.get(child, "—") for child in reading.children]) for reading in found]


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {child.pk: str(child) for child in Participant.objects.filter(pk__in=ids)} if ids else {}


def _about(name: str) -> Q:
    called = Q()
    for word in fold(name).split():
        called &= Q(search_text__contains=word)
    ids = Participant.objects.filter(called).values_list("pk", flat=True)[:_MOST_CHILDREN]
    about = Q(pk=None)
    for participant_id in ids:
        about |= Q(details__children__contains=[str(participant_id)])
    return about
