"""What each field of a table holds about people, why, and for how long: declared beside the models, complete by test.

Every app has an `inventory.py` with a `FIELDS` mapping, « Model.field » to a `Held`; those of libraries, by
« app.Model.field », are in that of the accounts. Notices to families, exports, erasure and retention read it
(docs/privacy.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class DataClass(TextChoices):
    """How much harm the field does in the wrong hands. HEALTH and NATIONAL_NUMBER are encrypted (shared_apps.vault)."""

    # Says nothing of a person: identifiers, moments, states.
    TECHNICAL = "technical", _("Technique")
    PUBLIC = "public", _("Public")
    PERSONAL = "personal", _("Personnel")
    HEALTH = "health", _("Santé")
    NATIONAL_NUMBER = "national_number", _("Numéro national")
    PAYMENT = "payment", _("Paiement")
    # Opens a door, or finds somebody: password hashes, tokens, keyed hashes.
    SECRET = "secret", _("Secret")


class Retention(TextChoices):
    """Until when; the number of days of each is a rule of the organisation (tenant_apps.organisation.rules)."""

    ORGANISATION = "organisation", _("Tant que l’organisation utilise le service")
    ACCOUNT = "account", _("Jusqu’à ce que la personne efface son compte")
    PARTICIPATION = "participation", _("Un certain temps après la dernière activité")
    HEALTH = "health", _("Peu après l’activité, ou après l’expiration de la fiche")
    ACCOUNTING = "accounting", _("Le temps que la loi impose pour la comptabilité")
    TRAIL = "trail", _("Le temps de pouvoir montrer qui a fait quoi")
    SHORT = "short", _("Quelques jours")


class Basis(TextChoices):
    """By what right it is held (GDPR 6 and 9; in Québec, the necessity for the mission, or the consent)."""

    MISSION = "mission", _("Mission de l’organisme public")
    CONSENT = "consent", _("Consentement")
    LAW = "law", _("Obligation légale")


@dataclass(frozen=True, slots=True)
class Held:
    """`is_exported`: the person finds it in the copy of their data, where it is about them at all."""

    data: DataClass
    purpose: str | Promise
    retention: Retention
    basis: Basis = Basis.MISSION
    is_exported: bool = True

    @property
    def is_given_out(self) -> bool:
        return self.is_exported and self.data not in (DataClass.TECHNICAL, DataClass.PUBLIC, DataClass.SECRET)


TECHNICAL = Held(DataClass.TECHNICAL, _("Faire fonctionner le service"), Retention.ORGANISATION)


def fields(model: str, names: str, held: Held = TECHNICAL) -> dict[str, Held]:
    """An entry for each of `names`, which spaces separate."""
    return {f"{model}.{name}": held for name in names.split()}


@cache
def declared() -> dict[str, Held]:
    """All of them, by « app.Model.field »."""
    return dict(_declared())


def given_out(model: str) -> list[str]:
    """The fields of « app.Model » that a person finds in the copy of their data."""
    return [name.rpartition(".")[2] for name, held in declared().items() if _is_of(name, model) and held.is_given_out]


def _is_of(name: str, model: str) -> bool:
    return name.rpartition(".")[0] == model


def _declared() -> Iterator[tuple[str, Held]]:
    for app in apps.get_app_configs():
        if not module_has_submodule(app.module, "inventory"):
            continue
        own: dict[str, Held] = import_module(f"{app.name}.inventory").FIELDS
        for name, held in own.items():
            yield (name if name.count(".") == 2 else f"{app.label}.{name}"), held
