"""How many participants an establishment has: said here, where both rooms are known."""

from tenant_apps.families.models import Participant
from tenant_apps.organisation.models import Establishment


def participants_of(establishment: Establishment) -> int:
    return Participant.objects.filter(establishment=establishment).count()
