"""One wish: for each child, choices in the order of preference, among what opens together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shared_apps.design import formats
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.registrations import checks
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.lottery import errors
from tenants.context import current

RANKS = (1, 2, 3)


class WishForm(forms.Form):
    """`said` is what was wished for before: by rank and child, the option."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        children: Sequence[Participant],
        options: Mapping[UUID, Sequence[Option]],
        left: Mapping[UUID, int | None],
        said: Mapping[tuple[int, UUID], UUID],
        email: str,
    ) -> None:
        super().__init__(data)
        self.children, self.email = children, email
        self._options = {option.id: option for offered in options.values() for option in offered}
        # A choice is for all who are together: nobody can make more than there are for the one who has the fewest.
        self._ranks = RANKS[: max(1, min(map(len, options.values()), default=1))]
        for rank in self._ranks:
            for child in children:
                self.fields[_name(rank, child)] = forms.ChoiceField(
                    label=self._label(rank, child),
                    choices=_choices(options[child.id], left, is_first=rank == RANKS[0]),
                    required=rank == RANKS[0],
                    initial=str(said.get((rank, child.id), "")),
                    error_messages={"required": _("Choisissez un premier choix.")},
                )

    def clean(self) -> dict[str, Any]:
        """For several together, a choice is one for each of them."""
        cleaned: dict[str, Any] = super().clean() or {}
        for child in self.children:
            self._refuse_twice(child, cleaned)
        for rank in self._ranks[1:]:
            said = [bool(cleaned.get(_name(rank, child))) for child in self.children]
            if any(said) and not all(said):
                lacking = self.children[said.index(False)]
                self.add_error(
                    _name(rank, lacking), _("Choisissez aussi pour cette personne, ou laissez ce rang vide.")
                )
        return cleaned

    @property
    def ranks(self) -> list[tuple[int, list[BoundField]]]:
        return [(rank, [self[_name(rank, child)] for child in self.children]) for rank in self._ranks]

    @property
    def choices(self) -> list[list[Claim]]:
        """Only after `is_valid`. A rank that was left empty is skipped."""
        said = ([self._claim(rank, child) for child in self.children] for rank in self._ranks)
        return [[claim for claim in choice if claim] for choice in said if any(choice)]

    def _refuse_twice(self, child: Participant, cleaned: Mapping[str, Any]) -> None:
        chosen = set()
        for rank in self._ranks:
            said = cleaned.get(_name(rank, child))
            if said and said in chosen:
                told = {"name": self._options[UUID(said)].shown("name"), "child": child.shown_name}
                self.add_error(_name(rank, child), str(errors.ChosenTwice(**told)))
            chosen.add(said)

    def _claim(self, rank: int, child: Participant) -> Claim | None:
        chosen = self.cleaned_data.get(_name(rank, child))
        if not chosen:
            return None
        option = self._options[UUID(chosen)]
        return Claim(
            participant_id=child.id, option_id=option.id, quantity=checks.least(option), contact_email=self.email
        )

    def _label(self, rank: int, child: Participant) -> str:
        words = {1: _("1er choix"), 2: _("2e choix"), 3: _("3e choix")}[rank]
        if len(self.children) == 1:
            return words
        return _("%(choice)s pour %(child)s") % {"choice": words, "child": child.shown_name}


def option_words(option: Option, left: int | None = None) -> str:
    """« Semaine 1, à partir du lundi 5 juillet 2027 – 120,00 $ (12 places) »."""
    name, locale = option.shown("name"), formats.locale_for(get_language() or "fr", current().country)
    if option.starts_on:
        said = {"name": name, "day": formats.date_words(option.starts_on, locale)}
        is_one_day = option.ends_on in (None, option.starts_on)
        name = (_("%(name)s, le %(day)s") if is_one_day else _("%(name)s, à partir du %(day)s")) % said
    price = (
        formats.money(option.price_cents, current().currency.upper(), locale) if option.price_cents else _("Gratuit")
    )
    name = f"{name} – {price}"
    if left is None:
        return name
    places = ngettext("%(places)s place", "%(places)s places", left) % {"places": left}
    return f"{name} ({places})"


def _choices(options: Iterable[Option], left: Mapping[UUID, int | None], *, is_first: bool) -> list[Any]:
    by_offering: dict[str, list[tuple[str, str]]] = {}
    for option in options:
        words = option_words(option, left.get(option.id))
        by_offering.setdefault(str(option.offering), []).append((str(option.id), words))
    empty = _("Choisir…") if is_first else _("Aucun autre choix")
    return [("", empty), *by_offering.items()]


def _name(rank: int, child: Participant) -> str:
    return f"c{rank}-{child.id}"
