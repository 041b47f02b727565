"""The steps of a price in words, and what families are told of an offering's prices before they choose."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.words import in_language
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import amount, percent, tables
from tenant_apps.organisation.prices import FamilyPrice, Prices


def label(step: Step) -> str:
    """What the step is, in the reader's language."""
    own = _OWN.get(step.kind)
    if own is not None:
        return own(step.values)
    kind = PRICE_KINDS.get(step.kind)
    return kind.label(step.values) if kind else step.kind


def label_for_staff(step: Step) -> str:
    """Whoever keeps the accounts reads how much was granted to a family, and not why."""
    return _("Aide accordée à la famille") if step.kind in _GRANTED else label(step)


def told(offering: Offering, prices: Prices | None = None) -> list[str]:
    """How the prices of an offering change, in sentences; promotional codes are for who has them."""
    prices = prices or tables()
    rules = [(PRICE_KINDS[rule["kind"]], rule) for rule in offering.pricing.get("rules", [])]
    said = [kind.explain(rule, prices) for kind, rule in rules if kind.is_told]
    scheme = prices.family(offering.pricing.get("family", ""))
    return [*said, *_scheme(scheme)] if scheme else said


def _scheme(scheme: FamilyPrice) -> list[str]:
    said = []
    for rank, discount in enumerate(scheme.discounts, start=1):
        if not discount:
            continue
        told = {"rank": rank, "percent": percent(discount)}
        match rank, rank == len(scheme.discounts):
            case 1, True:
                text = _("Pour toute la famille\u202f: rabais de %(percent)s.")
            case 1, False:
                text = _("Pour la première personne de la famille\u202f: rabais de %(percent)s.")
            case _other, True:
                text = _("À partir de la %(rank)se personne de la famille\u202f: rabais de %(percent)s.")
            case _other:
                text = _("Pour la %(rank)se personne de la famille\u202f: rabais de %(percent)s.")
        said.append(text % told)
    if scheme.cap_cents is not None:
        most = {"amount": amount(scheme.cap_cents)}
        said.append(_("Pour toute la famille, jamais plus de %(amount)s avant taxes.") % most)
    return said


def _base(values: Mapping[str, Any]) -> str:
    if values["quantity"] == 1:
        return _("Prix")
    return _("%(quantity)s × %(amount)s") % {"quantity": values["quantity"], "amount": amount(values["unit"])}


def _family(values: Mapping[str, Any]) -> str:
    said = {"rank": values["rank"], "percent": percent(values["percent"]), "scheme": in_language(values["label"])}
    return (
        ngettext(
            "%(scheme)s\u202f: %(rank)sre personne, rabais de %(percent)s",
            "%(scheme)s\u202f: %(rank)se personne, rabais de %(percent)s",
            values["rank"],
        )
        % said
    )


def _cap(values: Mapping[str, Any]) -> str:
    said = {"scheme": in_language(values["label"]), "amount": amount(values["cap"])}
    return _("%(scheme)s\u202f: jamais plus de %(amount)s par famille") % said


def _others(values: Mapping[str, Any]) -> str:
    return _("%(scheme)s, compte tenu de vos autres inscriptions") % {"scheme": in_language(values["label"])}


def _voluntary(values: Mapping[str, Any]) -> str:
    return _("Contribution volontaire")


def _tax(values: Mapping[str, Any]) -> str:
    if "included_cents" in values:
        cents = amount(values["included_cents"])
        return _("Dont %(tax)s, %(percent)s\u202f: %(amount)s") % {**_rate(values), "amount": cents}
    return _("%(tax)s, %(percent)s") % _rate(values)


def _rate(values: Mapping[str, Any]) -> dict[str, str]:
    return {"tax": in_language(values["label"]), "percent": percent(values["rate"])}


def _reversal(values: Mapping[str, Any]) -> str:
    return _("Annulation")


def _replaced(values: Mapping[str, Any]) -> str:
    return _("Inscription remplacée, déjà payée")


def _change_fee(values: Mapping[str, Any]) -> str:
    return _("Frais de changement")


_GRANTED = {"income", "subsidy"}
_OWN = {
    "base": _base,
    "voluntary": _voluntary,
    "family": _family,
    "family_cap": _cap,
    "family_others": _others,
    "tax": _tax,
    "reversal": _reversal,
    "replaced": _replaced,
    "change_fee": _change_fee,
}
