"""The organisation's price tables in plain words: one sentence for each entry."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.words import in_language
from tenant_apps.catalog.pricing.wording import amount, percent
from tenant_apps.catalog.reasons import listed
from tenant_apps.office.catalogue.price_forms import TAXED
from tenant_apps.organisation.price_tables import KEYS
from tenant_apps.organisation.prices import FamilyPrice, Residence, Tax

_COLUMNS = {
    "label": gettext_lazy("nom"),
    "rate": gettext_lazy("taux"),
    "number": gettext_lazy("numéro"),
    "classes": gettext_lazy("activités taxées"),
    "is_included": gettext_lazy("comprise dans les prix"),
    "from_on": gettext_lazy("à partir du"),
    "until_on": gettext_lazy("jusqu’au"),
    "discounts": gettext_lazy("réductions en pour cent"),
    "cap_cents": gettext_lazy("plafond en cents"),
    "postal_codes": gettext_lazy("codes postaux"),
    "asks_proof": gettext_lazy("preuve demandée"),
    "proof_months": gettext_lazy("mois de validité"),
}
SECTIONS = {
    "taxes": gettext_lazy("Taxes"),
    "families": gettext_lazy("Réductions familiales"),
    "income_bands": gettext_lazy("Tranches de revenu"),
    "subsidies": gettext_lazy("Aides financières"),
}
LEADS = {
    "taxes": gettext_lazy(
        "Le taux, le numéro écrit sur les reçus, les dates, et les activités taxées. Un nouveau taux est une nouvelle "
        "taxe, qui commence le lendemain de la fin de l’ancienne."
    ),
    "families": gettext_lazy(
        "L’enfant dont les activités coûtent le plus cher est le premier. Chaque activité choisit le barème qui vaut "
        "pour elle."
    ),
    "income_bands": gettext_lazy("Sur preuve. Chaque activité dit ce qu’elle accorde à une tranche."),
    "subsidies": gettext_lazy("Sur demande. Chaque activité dit ce qu’elle accorde à une aide."),
}


def of_residence(residence: Residence) -> str:
    if not residence.postal_codes:
        return _("Aucun code postal\u202f: personne n’est tenu pour résident par son adresse.")
    codes = listed(residence.postal_codes)
    if not residence.asks_proof:
        return _("Est résident qui a un de ces codes postaux\u202f: %(codes)s.") % {"codes": codes}
    return ngettext(
        "Est résident qui a un de ces codes postaux (%(codes)s) et en a montré une preuve, valable %(months)s mois.",
        "Est résident qui a un de ces codes postaux (%(codes)s) et en a montré une preuve, valable %(months)s mois.",
        residence.proof_months,
    ) % {"codes": codes, "months": residence.proof_months}


def of_family(scheme: FamilyPrice) -> str:
    values = {"rates": listed(percent(each) for each in scheme.discounts)}
    if scheme.cap_cents is None:
        return _("Du premier enfant au dernier\u202f: %(rates)s.") % values
    values["cap"] = amount(scheme.cap_cents)
    return _("Du premier enfant au dernier\u202f: %(rates)s. Une famille paie au plus %(cap)s.") % values


def of_tax(tax: Tax) -> str:
    named = {key: str(label) for key, label in TAXED}
    values = {
        "rate": percent(tax.rate),
        "classes": listed(named.get(each, each) for each in sorted(tax.classes)),
    }
    if tax.is_included:
        return _("%(rate)s, comprise dans les prix affichés. Sur\u202f: %(classes)s.") % values
    return _("%(rate)s, ajoutée aux prix affichés. Sur\u202f: %(classes)s.") % values


def differences(section: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """What changed in a table: of which entry, what it was and what it is; empty where it was not, or is no more."""
    if section not in KEYS:
        return [("", _written(before), _written(after))]
    old, new = ({str(row[KEYS[section]]): row for row in rows} for rows in (before, after))
    return [
        (in_language((new.get(key) or old[key])["label"]), _written(old.get(key)), _written(new.get(key)))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _written(row: Any) -> str:
    """An entry as one line, for who looks up what it was."""
    if not row:
        return ""
    said = {name: value for name, value in row.items() if name not in ("key", "code") and value not in ("", None, [])}
    return ", ".join(f"{_COLUMNS.get(name, name)} {_value(value)}" for name, value in said.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    if isinstance(value, dict):
        return in_language(value)
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
