"""How the list of registrations is narrowed and ordered. What the address says wrongly is told at the field."""

from typing import Any

from django import forms
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from kernel import folding
from tenant_apps.catalog.models import Offering
from tenant_apps.office.scope import Scope
from tenant_apps.organisation.models import Establishment
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.states import TAKING

SORTS = {
    "participant": ("participant__last_name", "participant__first_name"),
    "offering": ("option__offering__title", "option__position"),
    "quantity": ("quantity",),
    "amount": ("amount_cents",),
    "status": ("status",),
    "date": ("created_at",),
}
DEFAULT_SORT = "-date"


class RegistrationFilters(forms.Form):
    q = forms.CharField(label=_("Nom"), required=False, max_length=100, strip=True)
    offering = forms.ModelChoiceField(
        Offering.objects.none(), label=_("Activité"), required=False, empty_label=_("Toutes"), to_field_name="slug"
    )
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(),
        label=_("Établissement"),
        required=False,
        empty_label=_("Tous"),
        to_field_name="code",
    )
    status = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", _("Confirmées et en cours")), *Status.choices]
    )

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        self.fields["offering"].queryset = scope.offerings().order_by("title")  # type: ignore[attr-defined]
        establishments = Establishment.objects.all()
        if scope.establishments is not None:
            establishments = establishments.filter(pk__in=scope.establishments)
        self.fields["establishment"].queryset = establishments  # type: ignore[attr-defined]


def narrowed(registrations: QuerySet[Registration], form: RegistrationFilters) -> QuerySet[Registration]:
    """By what is valid in the form; a field in error narrows nothing, and says so on the page."""
    form.is_valid()
    wanted = form.cleaned_data
    if status := wanted.get("status"):
        registrations = registrations.filter(status=status)
    else:
        registrations = registrations.filter(status__in=TAKING)
    if offering := wanted.get("offering"):
        registrations = registrations.filter(option__offering=offering)
    if establishment := wanted.get("establishment"):
        registrations = registrations.filter(participant__establishment=establishment)
    return _named(registrations, wanted.get("q") or "")


def ordered(registrations: QuerySet[Registration], sort: str) -> QuerySet[Registration]:
    """By one of SORTS, with a minus before it for the other direction. Anything else is the default."""
    columns = SORTS[sort.removeprefix("-")]
    signed = [f"-{column}" if sort.startswith("-") else column for column in columns]
    return registrations.order_by(*signed, "id")


def sort_of(wanted: str) -> str:
    return wanted if wanted.removeprefix("-") in SORTS else DEFAULT_SORT


def _named(registrations: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """Every word is somewhere in the child's or the guardian's name."""
    if not text:
        return registrations
    names = ("participant__last_name", "participant__first_name", "basket__guardian__last_name")
    spaced = [part for name in (*names, "basket__guardian__first_name") for part in (name, Value(" "))]
    registrations = registrations.annotate(names=folding.folded(Concat(*spaced, output_field=TextField())))
    for word in folding.words(text):
        registrations = registrations.filter(names__contains=word)
    return registrations
