"""After a restore the whole of the processor's books is looked at: what no order explains is a row somebody owns."""

from typing import Any

from tenant_apps.accounting import reconciling
from tenants.restoring.rooms import Scene


class ProcessorAway(RuntimeError):
    """It did not answer: an organisation is not served before its money is known."""


def books(scene: Scene) -> dict[str, Any]:
    """Raises ProcessorAway."""
    reports = list(reconciling.reconcile_all(at=scene.at))
    away = [report.account for report in reports if report.is_away]
    if away:
        raise ProcessorAway(", ".join(away))
    differences = [difference for report in reports for difference in report.differences]
    return {
        "movements": sum(report.movements for report in reports),
        "breaks": [f"{each.kind} {each.reference}: {each.cents / 100:.2f} {each.currency}" for each in differences],
        "breaks_cents": sum(each.cents for each in differences),
    }
