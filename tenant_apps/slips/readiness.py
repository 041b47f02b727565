"""Who is to have a slip, what is missing for it, and what was made: all year round (O-15)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.entitlements import residence
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import tax_numbers
from tenant_apps.organisation import national_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import eligible, facts, issuers
from tenant_apps.slips.eligible import Claim
from tenant_apps.slips.issuers import Issuer
from tenant_apps.slips.models import Slip, SlipKind, Version

# By code, what stands in the way; of these the family can put right the first ones itself.
OF_FAMILY = ("payer_number", "child_number", "address", "birth_date")
MISSING: dict[str, str | Promise] = {
    "payer_number": _("Le numéro du parent manque"),
    "child_number": _("Le numéro national de l’enfant manque"),
    "address": _("L’adresse manque"),
    "birth_date": _("La date de naissance de l’enfant manque"),
    "number_barred": _("Le numéro national n’est pas encore demandé"),
    "unpaid": _("Tout n’est pas payé"),
    "not_ended": _("L’accueil n’est pas terminé"),
    "not_wanted": _("Ce parent ne reçoit pas d’attestation"),
    "too_old": _("L’enfant est trop âgé"),
    "nothing": _("Aucun montant ne donne droit"),
    "issuer": _("Les renseignements de l’émetteur sont incomplets"),
}
STATES: dict[str, str | Promise] = {
    "lacking": _("Incomplète"),
    "ready": _("Prête"),
    "made": _("Faite"),
    "published": _("Publiée"),
    "changed": _("À modifier"),
    "gone": _("À annuler"),
    "cancelled": _("Annulée"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One slip that is, or is to be. `said` by child is what the slip would say of each now (slips.facts)."""

    kind: str
    guardian: Guardian
    children: tuple[Participant, ...]
    said: list[dict[str, Any]]
    missing: tuple[str, ...]
    slip: Slip | None
    numbers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    numbers_of: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def participant_id(self) -> UUID | None:
        """One slip of RL-24 is for all the children of who pays (R-03); the others are each for one."""
        return None if self.kind == SlipKind.RL24 else self.children[0].pk

    @property
    def cents(self) -> int:
        return sum(each["cents"] for each in self.said)

    @property
    def state(self) -> str:
        slip = self.slip
        if slip is None or slip.version == Version.CANCELLED:
            return "ready" if not self.missing else "lacking" if slip is None else "cancelled"
        if not self.cents:
            return "gone"
        if slip.facts["children"] != self.said:
            return "changed"
        return "published" if slip.published_at else "made"

    @property
    def state_words(self) -> str | Promise:
        return STATES[self.state]

    @property
    def missing_words(self) -> list[str | Promise]:
        return [MISSING[code] for code in self.missing]

    @property
    def may_be_asked(self) -> bool:
        """Whether the family itself has something to add."""
        return self.state == "lacking" and bool(set(self.missing) & set(OF_FAMILY))


def of(
    payee: Payee, kind: str, year: int, *, on: date, zone: ZoneInfo, guardians: Collection[UUID] | None = None
) -> list[Item]:
    """By name of payer then of child."""
    issuer, may_ask = issuers.of_payee(payee), _may_ask_numbers(kind, on)
    claims = eligible.claims(payee.pk, year, zone=zone, guardians=guardians)
    known = _live(payee, kind, year, guardians)
    items = [
        _item(group, kind, year, issuer, known.pop(_key(group, kind), None), on, may_ask=may_ask)
        for group in _groups(claims, kind)
    ]
    # A slip whose money went back is still there, and says something that is no longer so.
    items += [_gone(slip, kind) for slip in known.values() if slip.version != Version.CANCELLED]
    return items


def _may_ask_numbers(kind: str, on: date) -> bool:
    """A national number, only where the organisation says by what right (R-44); what it may not ask is no family's."""
    rule = national_number.read(organisation.profile().rules.get("national_number"))
    return kind != SlipKind.FORM_281_86 or rule.holds_on(on)


def _groups(claims: Sequence[Claim], kind: str) -> list[list[Claim]]:
    """What goes on one slip."""
    if kind != SlipKind.RL24:
        return [[claim] for claim in claims]
    found: dict[UUID, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.guardian.pk].append(claim)
    return list(found.values())


def _key(group: Sequence[Claim], kind: str) -> tuple[UUID, UUID | None]:
    return group[0].guardian.pk, None if kind == SlipKind.RL24 else group[0].participant.pk


def _live(
    payee: Payee, kind: str, year: int, guardians: Collection[UUID] | None
) -> dict[tuple[UUID, UUID | None], Slip]:
    """The last of each chain of corrections."""
    found = Slip.objects.filter(payee=payee, kind=kind, year=year, amended_by=None)
    if guardians is not None:
        found = found.filter(guardian_id__in=guardians)
    rows = found.select_related("guardian__household", "participant").order_by("number")
    return {(slip.guardian_id, slip.participant_id): slip for slip in rows}


def _item(
    group: Sequence[Claim], kind: str, year: int, issuer: Issuer, slip: Slip | None, on: date, *, may_ask: bool
) -> Item:
    guardian = group[0].guardian
    numbers = tax_numbers.of_guardian(guardian)
    numbers_of = {claim.participant.pk: tax_numbers.of_child(claim.participant) for claim in group}
    said, too_old = [], False
    for claim in group:
        has_handicap = bool(numbers_of[claim.participant.pk].get(tax_numbers.SEVERE_HANDICAP))
        if facts.is_of_age(claim, kind, year, has_handicap=has_handicap):
            said.append(facts.of_child(claim, kind, issuer, has_handicap=has_handicap))
        else:
            too_old = True
    missing = [
        *(["issuer"] if issuer.lacks(kind) else []),
        *([] if guardian.receives_slips else ["not_wanted"]),
        *_asked(_lacking_of_family(group, kind, numbers, numbers_of), may_ask=may_ask),
        *_not_yet(group, kind, said, too_old, on),
    ]
    children = tuple(claim.participant for claim in group)
    return Item(kind, guardian, children, said, tuple(missing), slip, numbers, numbers_of)


def _lacking_of_family(
    group: Sequence[Claim],
    kind: str,
    numbers: Mapping[str, Any],
    numbers_of: Mapping[UUID, Mapping[str, Any]],
) -> list[str]:
    if kind == SlipKind.CHILDCARE:
        return []
    guardian, found = group[0].guardian, []
    if kind == SlipKind.RL24 and not numbers.get(tax_numbers.SOCIAL_INSURANCE):
        found.append("payer_number")
    if kind == SlipKind.FORM_281_86:
        if not (numbers.get(NATIONAL_NUMBER) or numbers.get(tax_numbers.HAS_NONE)):
            found.append("payer_number")
        if any(not (each.get(NATIONAL_NUMBER) or each.get(tax_numbers.HAS_NONE)) for each in numbers_of.values()):
            found.append("child_number")
        if any(claim.participant.birth_date is None for claim in group):
            found.append("birth_date")
    if not address_of(guardian).get("street"):
        found.append("address")
    return found


def _asked(lacking: Sequence[str], *, may_ask: bool) -> list[str]:
    numbers = {"payer_number", "child_number"}
    if may_ask or not numbers.intersection(lacking):
        return list(lacking)
    return ["number_barred", *(each for each in lacking if each not in numbers)]


def _not_yet(
    group: Sequence[Claim], kind: str, said: Sequence[Mapping[str, Any]], too_old: bool, on: date
) -> list[str]:
    """Of the form 281.86, care that ended and is wholly paid alone may be attested (R-26)."""
    found = []
    if kind == SlipKind.FORM_281_86:
        cares = [each for claim in group for each in claim.cares]
        found += ["unpaid"] if any(not each.is_paid for each in cares) else []
        found += ["not_ended"] if any(each.ends_on and each.ends_on >= on for each in cares) else []
    if not sum(each["cents"] for each in said) and not found:
        found.append("too_old" if too_old else "nothing")
    return found


def address_of(guardian: Guardian) -> Mapping[str, Any]:
    return residence.address(guardian.household.answers) if guardian.household else {}


def _gone(slip: Slip, kind: str) -> Item:
    children = (slip.participant,) if slip.participant else ()
    return Item(kind, slip.guardian, children, [], ("nothing",), slip)
