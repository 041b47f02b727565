"""What narrows money: a payee, and days from and until."""

from datetime import date
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.organisation.models import Payee

# Farther than these, the day after or the hour elsewhere is no date that a computer knows.
SENSIBLE_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2200, 1, 1))]


class PeriodFilters(forms.Form):
    payee = forms.ModelChoiceField(
        Payee.objects.order_by("name"), label=_("Compte de paiement"), required=False, empty_label=_("Tous")
    )
    from_on = forms.DateField(label=_("Du"), required=False, validators=SENSIBLE_DAYS)
    until_on = forms.DateField(label=_("Au"), required=False, validators=SENSIBLE_DAYS)

    def narrowing(self, *, payee: str, moment: str, zone: ZoneInfo) -> Q:
        """By what is valid, on the columns of that name; a field in error narrows nothing, and says so on the page."""
        self.is_valid()
        wanted, narrowed = self.cleaned_data, Q()
        if found := wanted.get("payee"):
            narrowed &= Q(**{payee: found})
        if from_on := wanted.get("from_on"):
            narrowed &= Q(**{f"{moment}__gte": clock.start_of_day(from_on, zone)})
        if until_on := wanted.get("until_on"):
            narrowed &= Q(**{f"{moment}__lt": clock.end_of_day(until_on, zone)})
        return narrowed
