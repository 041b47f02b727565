"""Numbers of slips never go back: the tax office may have one already."""

from typing import Any

from tenant_apps.orders import restoring as orders
from tenants.restoring.rooms import Scene

_SLIPS = """
    SELECT payee_id, 'slips:' || kind || ':' || year, max(number) FROM {wrecked}.slips_slip
     GROUP BY payee_id, kind, year
"""


def numbers(scene: Scene) -> dict[str, Any]:
    return {"passed_over": orders.keep(scene.rows("slips_slip", _SLIPS), scene)}
