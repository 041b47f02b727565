"""Living inside the territory: staff said so, a proof was accepted, or the address is inside (S4-21)."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule, RuleForm
from tenant_apps.entitlements import holding
from tenant_apps.entitlements.models import Kind as Asked
from tenant_apps.entitlements.models import Status
from tenant_apps.entitlements.queries import Family, families_of, family_of
from tenant_apps.families.models import PriceCategory

# As staff and families read them, in a city as in a commune.
CHOICES = [
    (PriceCategory.RESIDENT, gettext_lazy("Résidents")),
    (PriceCategory.NON_RESIDENT, gettext_lazy("Non-résidents")),
]


class ResidenceForm(RuleForm):
    category = forms.ChoiceField(label=gettext_lazy("Qui peut s’inscrire"), choices=CHOICES)


class ResidenceKind(Kind):
    """{"category": families.PriceCategory}; whoever is not known to be inside is outside."""

    key = "residence"
    title = gettext_lazy("Résidence")
    form = ResidenceForm

    def explain(self, rule: Rule) -> str:
        if rule["category"] == PriceCategory.RESIDENT:
            return _("Pour les familles qui résident sur le territoire.")
        return _("Pour les familles qui résident hors du territoire.")

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Family:
        return family_of(circle.guardian_id, circle.participants, at=circle.at, zone=circle.zone)

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Family]:
        asking = [(circle.guardian_id, circle.participants) for circle in circles]
        return families_of(asking, at=circles[0].at, zone=circles[0].zone)

    def judge(self, rule: Rule, case: Case, known: Family) -> Reason | None:
        category = known.residence_of(case.participant)
        values = {"first_name": case.participant.shown_name}
        if rule["category"] != PriceCategory.RESIDENT:
            return Reason(Code.NOT_OUTSIDE, values) if category == PriceCategory.RESIDENT else None
        if category == PriceCategory.RESIDENT:
            return None
        if category == PriceCategory.NON_RESIDENT:
            return Reason(Code.NOT_RESIDENT, values)
        return _unproven(case, known)


def _unproven(case: Case, known: Family) -> Reason:
    """The latest of their proofs says where things stand."""
    values = {"first_name": case.participant.shown_name}
    if not known.rule.asks_proof:
        return Reason(Code.ADDRESS_UNKNOWN, values)
    latest = next(iter(known.holdings.asked(Asked.RESIDENCE, case.participant.id)), None)
    if latest is not None and latest.status == Status.ASKED:
        return Reason(Code.PROOF_PENDING, values)
    if latest is not None and latest.status == Status.REFUSED:
        return Reason(Code.PROOF_REFUSED, values)
    if latest is not None and latest.status == Status.GRANTED and holding.has_ended(latest, known.holdings.on):
        return Reason(Code.PROOF_EXPIRED, {**values, "until": latest.valid_until_on})
    return Reason(Code.PROOF_MISSING, values)
