"""The practices of payment in plain words, and what was changed in them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.words import in_language
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Nature
from tenant_apps.catalog.pricing.wording import amount, day_words, percent
from tenant_apps.catalog.reasons import listed
from tenant_apps.office.payment_settings.practice_forms import BACK, COINS, COUNTER, LATER, METHODS, PAGES
from tenant_apps.orders.models import Account
from tenant_apps.organisation import cards
from tenant_apps.organisation.paying import Plan, Share
from tenant_apps.organisation.rules import Rules

_NAMES = {
    "plans": gettext_lazy("Paiement en plusieurs fois"),
    "later": gettext_lazy("Payer plus tard"),
    "later_days": gettext_lazy("Jours pour payer plus tard"),
    "counter": gettext_lazy("Comptoir"),
    "cash_step_cents": gettext_lazy("Arrondi des espèces"),
    "methods": gettext_lazy("Moyens en ligne"),
    "page": gettext_lazy("Page de paiement"),
    "takes_transfers": gettext_lazy("Virements"),
    "is_separate": gettext_lazy("Comptes payés séparément"),
    "retry_days": gettext_lazy("Nouveaux essais"),
    "grace_days": gettext_lazy("Jours laissés après le dernier refus"),
    "warn_days": gettext_lazy("Jours d’avance"),
    "refunds_by": gettext_lazy("Remboursements du comptoir"),
    "card_brands": gettext_lazy("Cartes"),
    "codes": gettext_lazy("Codes comptables"),
    "layout": gettext_lazy("Fichier du journal"),
    "name": gettext_lazy("Nom"),
    "legal_name": gettext_lazy("Nom légal"),
    "address": gettext_lazy("Adresse"),
    "registration_numbers": gettext_lazy("Numéros d’inscription"),
    "iban": gettext_lazy("IBAN"),
    "bic": gettext_lazy("BIC"),
    "bank_account": gettext_lazy("Compte bancaire"),
    "segment": gettext_lazy("Segment comptable"),
}
_PARTS = {"paying", "accounting"}


def of_plan(plan: Plan) -> str:
    """« 50 % à l’inscription et 50 % 1 mois après. Pour : Camp. À partir de 100,00 $. »"""
    told = [_("%(parts)s.") % {"parts": listed(_of_share(share) for share in plan.shares)}]
    if plan.natures:
        natures = listed(str(Nature(each).label) for each in sorted(plan.natures))
        told.append(_("Pour\u202f: %(natures)s.") % {"natures": natures})
    else:
        told.append(_("Seulement pour les activités qui le nomment."))
    if plan.minimum_cents:
        told.append(_("À partir de %(amount)s.") % {"amount": amount(plan.minimum_cents)})
    return " ".join(told)


def of_practices(rules: Rules) -> list[tuple[str, str]]:
    """Label and words, in the order of the form."""
    said = rules.paying
    known = [
        ("later", str(LATER.get(said.later, said.later))),
        ("later_days", str(said.later_days)),
        ("card_brands", cards.names(rules.card_brands)),
        ("methods", listed(str(METHODS.get(each, each)) for each in said.methods)),
        ("page", str(PAGES.get(said.page, said.page))),
        ("takes_transfers", _yes_no(said.takes_transfers)),
        ("is_separate", _yes_no(said.is_separate)),
        (
            "counter",
            listed(str(COUNTER.get(each, each)) for each in said.counter) or _("Rien\u202f: tout est payé en ligne"),
        ),
        ("cash_step_cents", str(COINS.get(said.cash_step_cents, said.cash_step_cents))),
        ("refunds_by", str(BACK.get(said.refunds_by, said.refunds_by))),
        ("warn_days", str(said.warn_days)),
        ("retry_days", listed(_days_later(days) for days in said.retry_days) or _("Aucun")),
        ("grace_days", str(said.grace_days)),
    ]
    return [(str(_NAMES[name]), words) for name, words in known]


def change(entry: Entry) -> dict[str, Any]:
    """Who changed what: label, before and after."""
    lines = []
    for name, (before, after) in entry.details["changes"].items():
        if name in _PARTS and isinstance(after, dict):
            keys = dict.fromkeys([*(before or {}), *after])
            lines += [_line(key, (before or {}).get(key), after.get(key)) for key in keys]
        else:
            lines.append(_line(name, before, after))
    told = [line for line in lines if line[1] != line[2]]
    return {"at": entry.at, "by": entry.actor_label, "about": entry.details.get("name", ""), "lines": told}


def _line(name: str, before: Any, after: Any) -> tuple[str, str, str]:
    # What slips say of who issues them has pages of its own.
    label = _("Attestations fiscales") if name == "slips" else str(_NAMES.get(name, name))
    return label, _value(before), _value(after)


def _value(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _yes_no(value)
    if isinstance(value, list):
        return ", ".join(_value(each) for each in value)
    if isinstance(value, dict):
        return in_language(value["label"]) + _shares(value) if "label" in value else _pairs(value)
    return str(value)


def _shares(plan: dict[str, Any]) -> str:
    parts = [" ".join(str(each) for each in share.values()) for share in plan.get("shares", [])]
    return f" ({'; '.join(parts)})" if parts else ""


def _pairs(value: dict[str, Any]) -> str:
    """The codes by the names of their accounts."""
    names = dict(zip(Account.values, Account.labels, strict=True))
    told = [(names.get(key, key), _value(each)) for key, each in value.items()]
    return ", ".join(f"{name} {words}" for name, words in told if words)


def _of_share(share: Share) -> str:
    told = {"percent": percent(share.percent), "on": day_words(share.on.isoformat()) if share.on else ""}
    if share.on:
        return _("%(percent)s le %(on)s") % told
    if not share.months:
        return _("%(percent)s à l’inscription") % told
    return ngettext("%(percent)s %(months)s mois après", "%(percent)s %(months)s mois après", share.months) % (
        told | {"months": share.months}
    )


def _days_later(days: int) -> str:
    return ngettext("%(days)s jour après", "%(days)s jours après", days) % {"days": days}


def _yes_no(said: bool) -> str:
    return str(_("Oui") if said else _("Non"))
