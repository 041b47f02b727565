"""The fields by which options are taken: a quantity, one choice, several, one of a week, an amount of one's own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from shared_apps.design.amounts import CentsField
from shared_apps.design.fields import Quantity
from tenant_apps.catalog.models import Option
from tenant_apps.registrations.making import MOST_GIVEN_CENTS

Choices = Sequence[tuple[str, str]]


def quantity(option: Option, *, left: int | None, initial: int) -> forms.IntegerField:
    """From nothing to the most; what is less than the least, and more than nothing, is refused by name."""
    name = option.shown("name")
    said = {"name": name, "most": option.maximum_quantity}
    field = forms.IntegerField(
        label=name,
        required=False,
        initial=initial,
        min_value=0,
        max_value=option.maximum_quantity,
        widget=Quantity(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("%(name)s\u202f: écrivez la quantité en chiffres, sans décimale.") % said,
            "min_value": _("%(name)s\u202f: la quantité ne peut pas être négative.") % said,
            "max_value": _("%(name)s\u202f: la quantité est de %(most)s au plus.") % said,
        },
        validators=[_at_least(option)],
    )
    # The browser alone is told of the places left: an option that filled up meanwhile is refused by name.
    field.widget.attrs["max"] = option.maximum_quantity if left is None else min(option.maximum_quantity, left)
    if left == 0:
        field.widget.attrs["disabled"] = True
    return field


def one(choices: Choices, *, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Choix"),
        choices=choices,
        initial=initial,
        error_messages={"required": _("Choisissez une possibilité."), "invalid_choice": _gone()},
        widget=forms.RadioSelect,
    )


def several(choices: Choices, *, initial: Sequence[str], required: bool = True) -> forms.MultipleChoiceField:
    gone = _gone()
    return forms.MultipleChoiceField(
        label=_("Choix"),
        choices=choices,
        initial=initial,
        required=required,
        error_messages={
            "required": _("Choisissez au moins une possibilité."),
            "invalid_choice": gone,
            "invalid_list": gone,
        },
        widget=forms.CheckboxSelectMultiple,
    )


def of_week(label: str, choices: Choices, *, initial: str) -> forms.ChoiceField:
    """« Aucune » is a choice like the others, and the first."""
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Aucune")), *choices],
        initial=initial,
        required=False,
        error_messages={"invalid_choice": _gone()},
        widget=forms.RadioSelect,
    )


def amount(option: Option, *, initial: int | None) -> CentsField:
    """Nothing given before is shown as nothing written."""
    bounds = _("Le montant est compris entre 0 et 10 000.")
    return CentsField(
        label=option.shown("name"),
        required=False,
        initial=initial or None,
        most=MOST_GIVEN_CENTS,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}),
        error_messages={
            "unreadable": _("Écrivez un montant en chiffres, comme 10 ou 5,50."),
            "least": bounds,
            "most": bounds,
        },
    )


def _gone() -> str:
    return _("Ce choix n’est plus offert. Choisissez-en un autre.")


def _at_least(option: Option) -> Any:
    least = option.minimum_quantity

    def check(value: int) -> None:
        if 0 < value < least:
            said = {"name": option.shown("name"), "least": least}
            raise ValidationError(_("%(name)s\u202f: la quantité est de %(least)s au moins.") % said)

    return check
