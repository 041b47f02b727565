"""What a family gives for its tax slips: its own number and its children's, and whether it does without paper."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Participant
from tenant_apps.families.operations import tax_numbers
from tenant_apps.forms.identifiers import CHECKS, IdentifierField, is_born
from tenant_apps.slips.models import SlipKind

_CHILD, _NONE, _HANDICAP = "enfant_", "sans_", "handicap_"


class SlipsForm(forms.Form):
    """`known` is what the guardian gave; of a child, only whether there is a number is known here.

    A number that is known is shown by its last digits, and a child's is not shown at all: another parent may have
    given it.
    """

    electronic = forms.BooleanField(
        label=gettext_lazy("J’accepte de recevoir mes attestations et relevés dans mon dossier, sans papier"),
        required=False,
        help_text=gettext_lazy("Vous pouvez changer d’avis en décochant cette case."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        kinds: Collection[str],
        known: Mapping[str, Any],
        children: Sequence[tuple[Participant, Mapping[str, Any]]],
        may_see_health: Collection[Any],
    ) -> None:
        super().__init__(data, initial={"electronic": bool(known.get(tax_numbers.ELECTRONIC))})
        self._known = known
        self._children = [child for child, _numbers in children]
        if SlipKind.RL24 in kinds:
            label = _("Votre numéro d’assurance sociale")
            hint = _("Neuf chiffres. Il va sur votre relevé 24 et nulle part ailleurs.")
            self._ask("own_sin", "sin_ca", label, hint, tax_numbers.SOCIAL_INSURANCE)
        if SlipKind.FORM_281_86 in kinds:
            label = _("Votre numéro national")
            hint = _("Il va sur votre attestation 281.86 et nulle part ailleurs.")
            self._ask("own_national", "national_number_be", label, hint, NATIONAL_NUMBER)
            self.fields["own_none"] = forms.BooleanField(
                label=_("Je n’ai pas de numéro national"), required=False, initial=bool(known.get(tax_numbers.HAS_NONE))
            )
            for child, numbers in children:
                self._ask_of_child(child, numbers, sees_health=child.pk in may_see_health)
        self.order_fields([*(name for name in self.fields if name != "electronic"), "electronic"])

    def _ask(self, name: str, check: str, label: str, hint: str, key: str) -> None:
        checked, example = CHECKS[check]
        field = IdentifierField(check=checked, example=example, label=label, required=False, help_text=hint)
        field.known = str(self._known.get(key, ""))
        field.widget.attrs.update({"autocomplete": "off", "inputmode": "numeric"})
        self.fields[name] = field
        self.initial[name] = field.known

    def _ask_of_child(self, child: Participant, numbers: Mapping[str, Any], *, sees_health: bool) -> None:
        said = {"name": child.shown_name}
        if not numbers.get(NATIONAL_NUMBER):
            checked, example = CHECKS["national_number_be"]
            field = IdentifierField(
                check=checked,
                example=example,
                label=_("Numéro national de l’enfant\u202f: %(name)s") % said,
                required=False,
            )
            field.widget.attrs.update({"autocomplete": "off", "inputmode": "numeric"})
            self.fields[f"{_CHILD}{child.pk}"] = field
            self.fields[f"{_NONE}{child.pk}"] = forms.BooleanField(
                label=_("%(name)s n’a pas de numéro national") % said,
                required=False,
                initial=bool(numbers.get(tax_numbers.HAS_NONE)),
            )
        if sees_health:
            self.fields[f"{_HANDICAP}{child.pk}"] = forms.BooleanField(
                label=_("Un handicap grave est reconnu\u202f: %(name)s") % said,
                required=False,
                initial=bool(numbers.get(tax_numbers.SEVERE_HANDICAP)),
                help_text=_("L’attestation va alors jusqu’à ses 21 ans au lieu de 14."),
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        taken = {said.get("own_national") or self._known.get(NATIONAL_NUMBER)} - {None, ""}
        for child in self._children:
            name = f"{_CHILD}{child.pk}"
            number = said.get(name)
            if number and (number in taken or not is_born(number, child.birth_date)):
                told = _("Ce numéro n’est pas celui de %(name)s\u202f: vérifiez-le sur sa carte d’identité.")
                self.add_error(name, told % {"name": child.shown_name})
            taken |= {number} if number else set()
        return said

    def own(self, today: str) -> dict[str, Any]:
        """Of the guardian, by the keys of `tax_numbers`; only after `is_valid`."""
        said = self.cleaned_data
        since = self._known.get(tax_numbers.ELECTRONIC) or today
        found: dict[str, Any] = {tax_numbers.ELECTRONIC: since if said["electronic"] else ""}
        for name, key in (("own_sin", tax_numbers.SOCIAL_INSURANCE), ("own_national", NATIONAL_NUMBER)):
            if name in said:
                found[key] = said[name]
        if "own_none" in said:
            found[tax_numbers.HAS_NONE] = said["own_none"] and not said["own_national"]
        return found

    def of_children(self) -> list[tuple[Participant, dict[str, Any]]]:
        """As `own`, of each child of whom something was asked."""
        return [(child, found) for child in self._children if (found := self._of_child(child))]

    def _of_child(self, child: Participant) -> dict[str, Any]:
        said, found = self.cleaned_data, {}
        if f"{_CHILD}{child.pk}" in said:
            number = said[f"{_CHILD}{child.pk}"]
            found = {NATIONAL_NUMBER: number, tax_numbers.HAS_NONE: said[f"{_NONE}{child.pk}"] and not number}
        if f"{_HANDICAP}{child.pk}" in said:
            found[tax_numbers.SEVERE_HANDICAP] = said[f"{_HANDICAP}{child.pk}"]
        return found
