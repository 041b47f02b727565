"""Which slips a page is about: whose, of which kind and year; and how their list is narrowed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.folding import fold
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import queries, readiness
from tenant_apps.slips.models import SlipKind
from tenant_apps.slips.readiness import Item

_FIRST_YEAR = 2021
_STATES = [("", _("Toutes")), *readiness.STATES.items()]


@dataclass(frozen=True, slots=True)
class Choice:
    payee: Payee
    kind: str
    year: int

    @property
    def which(self) -> str:
        return f"{self.payee.pk}:{self.kind}"

    @property
    def address(self) -> str:
        return f"{reverse('office:slips')}?{urlencode({'which': self.which, 'year': self.year})}"

    @property
    def has_file(self) -> bool:
        return self.kind != SlipKind.CHILDCARE


class SlipFilters(forms.Form):
    which = forms.ChoiceField(label=_("Attestation"), required=False)
    year = forms.TypedChoiceField(label=_("Année"), required=False, coerce=int)
    state = forms.ChoiceField(label=_("État"), required=False, choices=_STATES)
    q = forms.CharField(label=_("Nom"), required=False, max_length=100)

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self._today = today
        self._issuing = queries.issuing()
        several = len({payee.pk for payee, _kind in self._issuing}) > 1
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (f"{payee.pk}:{kind}", f"{SlipKind(kind).label} – {payee}" if several else SlipKind(kind).label)
            for payee, kind in self._issuing
        ]
        years = range(today.year, max(_FIRST_YEAR, today.year - 6) - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def choice(self) -> Choice | None:
        """The first that there is, and this year, where nothing valid is said; None where nobody issues any."""
        self.is_valid()
        if not self._issuing:
            return None
        which, year = self.cleaned_data.get("which"), self.cleaned_data.get("year")
        said = next((each for each in self._issuing if f"{each[0].pk}:{each[1]}" == which), self._issuing[0])
        return Choice(*said, year or self._today.year)

    def narrowed(self, items: Sequence[Item]) -> list[Item]:
        state, words = self.cleaned_data.get("state"), fold(self.cleaned_data.get("q") or "").split()
        return [
            item for item in items if (not state or item.state == state) and all(each in _names(item) for each in words)
        ]


def figures(items: Sequence[Item]) -> list[tuple[str, Any, int]]:
    """How many are in each state, of those that some are in: its code, its words, the number."""
    counts = Counter(item.state for item in items)
    return [(state, words, counts[state]) for state, words in readiness.STATES.items() if counts[state]]


def _names(item: Item) -> str:
    return " ".join([item.guardian.search_text, *(child.search_text for child in item.children)])
