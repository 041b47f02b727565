"""What a new organisation finds of what was said to open it: its languages, and its first owner, who is invited."""

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from tenant_apps.console import telling
from tenant_apps.organisation import operations, staff
from tenant_apps.organisation.models import Role
from tenants import progress
from tenants.context import in_operations, in_registry
from tenants.models import Organisation, SignUp
from tenants.progress import Stage


def begin(organisation: Organisation) -> None:
    with in_registry():
        asked = SignUp.objects.filter(organisation_id=organisation.pk).exclude(owner_email="").first()
    if asked is None:
        return
    progress.reached(organisation.pk, Stage.PERSON)
    if asked.languages:
        operations.describe(languages=asked.languages)
    owner = staff.invite(
        email=asked.owner_email,
        first_name=asked.owner_first_name,
        last_name=asked.owner_last_name,
        role=Role.OWNER,
        establishments=(),
        actor=SYSTEM,
        at=clock.now(),
    )
    User.objects.filter(pk=owner.user_id).update(language=asked.language)


def failed(organisation: Organisation) -> None:
    with in_operations():
        telling.preparation_failed(organisation, at=clock.now())
