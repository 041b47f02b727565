"""The columns of the catalogue and what they hold, in words for who edits or reads the history."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from babel.lists import format_list
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kernel import masking
from kernel.registry import Registry
from kernel.words import in_language
from shared_apps.design import formats
from tenant_apps.catalog.models import Checkout, Nature, Selection, Status
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.rules.kind import KINDS
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import read
from tenant_apps.changes.wording import explain
from tenant_apps.office.editor.forms.practices import MODES, REFUSALS
from tenant_apps.organisation.models import Profile
from tenant_apps.organisation.rules import read as read_rules

COLUMNS: Mapping[str, str | Promise] = {
    "title": gettext_lazy("Titre"),
    "name": gettext_lazy("Nom"),
    "code": gettext_lazy("Code"),
    "description": gettext_lazy("Description"),
    "slug": gettext_lazy("Adresse"),
    "nature": gettext_lazy("Genre d’activité"),
    "status": gettext_lazy("État"),
    "publishes_at": gettext_lazy("Publication"),
    "summary": gettext_lazy("Résumé"),
    "presentation": gettext_lazy("Texte aux familles"),
    "refund_policy": gettext_lazy("Remboursement"),
    "picture": gettext_lazy("Image"),
    "picture_alt": gettext_lazy("Ce que montre l’image"),
    "season": gettext_lazy("Saison"),
    "category": gettext_lazy("Catégorie"),
    "establishments": gettext_lazy("Établissements"),
    "reserved_to_establishments": gettext_lazy("Réservée aux enfants de ces établissements"),
    "levels": gettext_lazy("Niveaux"),
    "payee": gettext_lazy("Compte de paiement"),
    "starts_on": gettext_lazy("Premier jour"),
    "ends_on": gettext_lazy("Dernier jour"),
    "opens_at": gettext_lazy("Ouverture des inscriptions"),
    "deadline_on": gettext_lazy("Date limite"),
    "selection": gettext_lazy("Comment choisit-on\u202f?"),
    "checkout": gettext_lazy("Comment paie-t-on\u202f?"),
    "accepts_guests": gettext_lazy("On peut s’inscrire sans compte"),
    "hold_minutes": gettext_lazy("Minutes pendant lesquelles une place reste gardée"),
    "registration_form": gettext_lazy("Questions posées à l’inscription"),
    "consent_form": gettext_lazy("Autorisation que les parents signent"),
    "tags": gettext_lazy("Mots-clés"),
    "windows": gettext_lazy("Périodes d’inscription"),
    "requirements": gettext_lazy("Conditions"),
    "support": gettext_lazy("Demandes de soutien"),
    "price_cents": gettext_lazy("Prix"),
    "capacity": gettext_lazy("Nombre de places"),
    "minimum_quantity": gettext_lazy("Quantité minimale"),
    "maximum_quantity": gettext_lazy("Quantité maximale"),
    "meetings": gettext_lazy("Rencontres"),
    "is_voluntary": gettext_lazy("Contribution volontaire"),
    "is_offered": gettext_lazy("Offert"),
    "position": gettext_lazy("Rang"),
    "rules": gettext_lazy("Règles de prix"),
    "family": gettext_lazy("Rabais de famille"),
    "tax": gettext_lazy("Taxes"),
    "overnight": gettext_lazy("Les enfants dorment sur place"),
    "opening": gettext_lazy("Ouverture commune"),
    "renewals": gettext_lazy("Prolongations permises"),
    "remind_hours": gettext_lazy("Heures avant la fin pour le rappel"),
    "mode": gettext_lazy("Liste d’attente"),
    "offer_hours": gettext_lazy("Heures pour répondre à une place proposée"),
    "on_refusal": gettext_lazy("Une famille qui refuse, ou ne répond pas"),
    "withdrawal": gettext_lazy("Désinscription"),
    "swap": gettext_lazy("Changement de choix"),
    "transfer": gettext_lazy("Transfert à un autre enfant"),
    "quotas": gettext_lazy("Places partagées"),
    "plans": gettext_lazy("Paiement en plusieurs fois"),
    "later_days": gettext_lazy("Jours pour payer plus tard"),
    "accounting.code": gettext_lazy("Code comptable des ventes"),
    "fund": gettext_lazy("Fonds à destination spéciale"),
    "slips.kind": gettext_lazy("Attestation fiscale"),
    "ineligible_cents": gettext_lazy("Part qui ne donne pas droit, par inscription"),
    "slips.overnight": gettext_lazy("Avec hébergement"),
    "half_days": gettext_lazy("Chaque jour est une demi-journée"),
}
_CHOICES: Mapping[str, Mapping[str, Any]] = {
    "nature": dict(Nature.choices),
    "status": dict(Status.choices),
    "selection": dict(Selection.choices),
    "checkout": dict(Checkout.choices),
    "mode": MODES,
    "on_refusal": REFUSALS,
    "kind": {"childcare": gettext_lazy("Frais de garde")},
}
_OF_PARTS = ("pricing", "holding", "waiting", "changes", "payment_terms", "accounting", "slips")
_RULES: Mapping[str, Registry[Any]] = {"requirements": KINDS, "rules": PRICE_KINDS}
_LONGEST = 300


def column(name: str) -> str:
    return str(COLUMNS.get(name, name))


def _part(name: str, part: str) -> str:
    """A part is called as the column of that name, unless it has a name of its own there."""
    return column(f"{name}.{part}" if f"{name}.{part}" in COLUMNS else part)


def lines(name: str, value: Any, profile: Profile) -> list[tuple[str, str]]:
    """One column as label and words: several where it says several things."""
    if name in _OF_PARTS:
        return [(_part(name, part), _shown(part, said, profile)) for part, said in (value or {}).items()]
    if name == "translations":
        return list(_translated(value or {}))
    return [(column(name), _shown(name, value, profile))]


def changes(found: Mapping[str, Any], profile: Profile) -> list[tuple[str, str, str]]:
    """Label, before and after, of each thing that changed."""
    told = []
    for name, (before, after) in found.items():
        was, now = dict(lines(name, before, profile)), dict(lines(name, after, profile))
        labels = dict.fromkeys([*was, *now])
        told += [
            (label, was.get(label, ""), now.get(label, "")) for label in labels if was.get(label) != now.get(label)
        ]
    return told


def rule(told: Mapping[str, Any], kinds: Registry[Any]) -> str:
    """A rule in one sentence; by its code where it is of no kind that there is."""
    kind = kinds.get(told["kind"])
    return kind.explain(told) if kind else str(told["kind"])


def _translated(value: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    for code, words in value.items():
        for part, text in words.items():
            yield (
                _("%(field)s (%(language)s)") % {"field": column(part), "language": names.get(code, code)},
                text[:_LONGEST],
            )


def _shown(name: str, value: Any, profile: Profile) -> str:
    try:
        return _written(name, value, profile)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        # Hidden from who reads, or kept by a form that is no more: that it changed is still told.
        return masking.HIDDEN


def _written(name: str, value: Any, profile: Profile) -> str:
    if name == "plans":
        return _plans(value, profile)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    if name in _RULES:
        return " ".join(rule(each, _RULES[name]) for each in value)
    if name == "windows":
        return _listed([_window(each, profile) for each in value], profile)
    if name == "meetings":
        return _listed([f"{_day(each['on'], profile)} {each['from']}–{each['to']}" for each in value], profile)
    if name == "support":
        return " ".join(str(each) for each in value.values())
    if name == "quotas":
        return _listed([in_language(each["name"]) for each in value], profile)
    if name in Kind.values:
        return " ".join(explain(read(value)))
    if isinstance(value, list):
        return _listed([str(each) for each in value], profile)
    return _plain(name, value, profile)


def _plain(name: str, value: Any, profile: Profile) -> str:
    if name.endswith("_cents"):
        return formats.money(value, profile.currency.upper(), _locale(profile))
    if name.endswith("_on"):
        return _day(value, profile)
    if name.endswith("_at"):
        return formats.datetime_words(
            timezone.localtime(datetime.fromisoformat(value)), _locale(profile), length="long"
        )
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plans(keys: list[str] | None, profile: Profile) -> str:
    """By their names, where there still are such plans; an empty list forbids them all."""
    if keys is None:
        return ""
    known = {plan.key: in_language(plan.label) for plan in read_rules(profile.rules).paying.plans}
    return _listed([known.get(key, key) for key in keys], profile) if keys else _("Aucun")


def _window(told: Mapping[str, Any], profile: Profile) -> str:
    opens_at = _plain("opens_at", told["opens_at"], profile)
    return _("%(audience)s, à partir du %(opens_at)s") % {"audience": in_language(told["name"]), "opens_at": opens_at}


def _day(text: str, profile: Profile) -> str:
    return formats.date_words(date.fromisoformat(text), _locale(profile), length="long")


def _listed(told: list[str], profile: Profile) -> str:
    return format_list(told, locale=_locale(profile))


def _locale(profile: Profile) -> Any:
    return formats.locale_for(get_language() or "fr", profile.territory)
