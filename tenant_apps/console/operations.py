"""What operators do to organisations: each thing done is told in the trail, in the same transaction."""

from datetime import datetime
from uuid import UUID

from kernel.tasks import nudge
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.models import Organisation, SuspendedFor
from tenants.operations import suspend as moves
from tenants.operations.create import create
from tenants.operations.sign_up import Wish, enter
from tenants.operations.tasks import provision_organisation
from tenants.schemas.tasks import migrate_behind


@operation
def open_organisation(
    *,
    name: str,
    slug: str,
    kind: str,
    language: str,
    actor: Actor,
    at: datetime,
    owner_email: str = "",
    owner_first_name: str = "",
    owner_last_name: str = "",
) -> Organisation:
    """One in preparation; its owner, where one is named, is invited once it is ready.

    Raises SlugTaken, SlugReserved and NotServedHere, and UnknownPreset for a kind that is not offered.
    """
    organisation = create(name=name, slug=slug, preset=kind, language=language)
    if owner_email:
        wish = Wish(
            name=name,
            slug=slug,
            preset=kind,
            language=language,
            owner_first_name=owner_first_name,
            owner_last_name=owner_last_name,
            owner_email=owner_email,
        )
        enter(wish=wish, organisation=organisation, by=actor.label, at=at)
    trails.record("organisations.created", organisation.pk, actor, at)
    return organisation


@operation
def prepare_again(*, organisation_id: UUID, actor: Actor, at: datetime) -> None:
    """Ask once more for the preparation, which does nothing to an organisation that is already in service."""
    nudge(provision_organisation, organisation_id=str(organisation_id))
    trails.record("organisations.prepared_again", organisation_id, actor, at)


@operation
def suspend(*, organisation_id: UUID, words: str, actor: Actor, at: datetime) -> None:
    """`words` say why, for the trail. Raises NotInService."""
    moves.suspend(organisation_id=organisation_id, reason=SuspendedFor.DECISION, at=at)
    trails.record("organisations.suspended", organisation_id, actor, at, words=words)


@operation
def resume(*, organisation_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises NotInService."""
    moves.resume(organisation_id=organisation_id, reason=SuspendedFor.DECISION)
    trails.record("organisations.resumed", organisation_id, actor, at)


@operation
def migrate(*, actor: Actor, at: datetime) -> None:
    """Ask the worker to bring up to date whoever is behind, those that failed among them."""
    nudge(migrate_behind)
    audit.record(action="migrations.asked", subject="platform", subject_id=None, actor=actor, at=at)
