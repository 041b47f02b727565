"""A round of migrations by several processes, each of which claims one organisation after the other."""

import subprocess
import sys

from django.conf import settings

from tenants.models import MigrationState, Organisation
from tenants.schemas import migrate, status

# Starting a process costs as much as migrating a few schemas.
_WORTH_A_WORKER = 10


def run(*, workers: int) -> tuple[list[Organisation], dict[str, str]]:
    """Bring everybody up to date. Returns who was behind, and the reason by schema of those that still are."""
    waiting = migrate.prepare()
    # The platform's own before all others: what fails there is tried nowhere else.
    migrate.work(most=1)
    others = min(workers, len(waiting) // _WORTH_A_WORKER) - 1
    command = [sys.executable, str(settings.ROOT / "manage.py"), "organisations", "migrate", "--worker"]
    helpers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(others)]  # noqa: S603
    try:
        migrate.work()
    finally:
        for helper in helpers:
            helper.wait()
    left = [standing for standing in status.of_all() if standing.state != MigrationState.DONE]
    return waiting, {standing.organisation.schema_name: _why(standing) for standing in left}


def _why(standing: status.Standing) -> str:
    return (standing.row.error if standing.row else "") or "not migrated"
