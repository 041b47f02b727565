"""What staff must have granted for this very offering: an approval, or support for the child."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule
from tenant_apps.entitlements.holding import Holdings
from tenant_apps.entitlements.models import Kind as Asked
from tenant_apps.entitlements.models import Status
from tenant_apps.entitlements.queries import holdings_of, holdings_of_each


class _GrantedFirst(Kind):
    asked: ClassVar[Asked]
    needed: ClassVar[Code]
    by_status: ClassVar[dict[str, Code]]

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Holdings:
        return holdings_of(circle.guardian_id, circle.participants, at=circle.at, zone=circle.zone)

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Holdings]:
        asking = [(circle.guardian_id, circle.participants) for circle in circles]
        return holdings_of_each(asking, at=circles[0].at, zone=circles[0].zone)

    def judge(self, rule: Rule, case: Case, known: Holdings) -> Reason | None:
        found = {"participant_id": case.participant.id, "offering_id": case.offering.id}
        if known.held(self.asked, **found):
            return None
        latest = next(iter(known.asked(self.asked, **found)), None)
        code = self.by_status.get(latest.status, self.needed) if latest else self.needed
        return Reason(code, {"first_name": case.participant.shown_name, "offering_slug": case.offering.slug})


class ApprovalKind(_GrantedFirst):
    """{}"""

    key = "approval"
    title = gettext_lazy("Approbation du personnel")
    asked = Asked.APPROVAL
    needed = Code.APPROVAL_NEEDED
    by_status = {Status.ASKED: Code.APPROVAL_PENDING, Status.REFUSED: Code.APPROVAL_REFUSED}

    def explain(self, rule: Rule) -> str:
        return _("L’inscription se demande d’abord\u202f: notre équipe répond, puis vous terminez l’inscription.")


class SupportKind(_GrantedFirst):
    """{}"""

    key = "support_request"
    title = gettext_lazy("Demande de soutien acceptée")
    asked = Asked.SUPPORT
    needed = Code.SUPPORT_NEEDED
    by_status = {Status.ASKED: Code.SUPPORT_PENDING, Status.REFUSED: Code.SUPPORT_REFUSED}

    def explain(self, rule: Rule) -> str:
        return _("Pour les enfants dont la demande de soutien a été acceptée.")
