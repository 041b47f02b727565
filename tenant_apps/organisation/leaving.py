"""Who answers for the organisation when it leaves."""

from tenant_apps.organisation import queries
from tenant_apps.organisation.models import Role
from tenants.leaving.registries import Recipient


def owners() -> list[Recipient]:
    return _with_role(Role.OWNER)


def answerable() -> list[Recipient]:
    """Owners and administrators."""
    return _with_role(Role.OWNER, Role.ADMINISTRATOR)


def _with_role(*roles: str) -> list[Recipient]:
    languages = queries.profile().languages
    usual = str(languages[0]) if languages else "fr"
    people = [member.user for member in queries.at_work(roles)]
    return [Recipient(each.email, each.language or usual) for each in people if each.email]
