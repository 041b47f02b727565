"""After a restore the whole of the processor's books is looked at: what no order explains is a row somebody owns."""

from typing import Any

from billing.gateway import books as gateway
from billing.gateway.client import ProcessorRefused
from tenant_apps.accounting import reconciling
from tenants.restoring.rooms import Scene


class ProcessorAway(RuntimeError):
    """It did not answer: an organisation is not served before its money is known."""


def books(scene: Scene) -> dict[str, Any]:
    """Raises ProcessorAway and ProcessorUnavailable."""
    reports = list(reconciling.reconcile_all(at=scene.at))
    away = [report.account for report in reports if report.is_away]
    if any(not _is_refused(account) for account in away):
        raise ProcessorAway(", ".join(away))
    differences = [difference for report in reports for difference in report.differences]
    return {
        "refused": away,
        "movements": sum(report.movements for report in reports),
        "breaks": [f"{each.kind} {each.reference}: {each.cents / 100:.2f} {each.currency}" for each in differences],
        "breaks_cents": sum(each.cents for each in differences),
    }


def _is_refused(account: str) -> bool:
    """The processor answers, and does not let us look: the account has left us, or was closed."""
    try:
        gateway.balance(account)
    except ProcessorRefused:
        return True
    return False
