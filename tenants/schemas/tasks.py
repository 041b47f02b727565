"""The worker's side of a round of migrations."""

from tenants.schemas import migrate
from tenants.tasks import platform_task


@platform_task
def migrate_behind() -> None:
    """Whoever is behind the migrations that this worker runs with; others may work at the same round."""
    migrate.prepare()
    migrate.work()
