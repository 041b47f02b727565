"""A guardian's national number as a file gives it: hashed to be found again, sealed to be kept."""

from shared_apps.vault import sealing
from tenant_apps.families import queries as families
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Guardian
from tenant_apps.imports.hashing import number_hash
from tenant_apps.imports.lines import Adult


def hash_of(adult: Adult) -> str:
    return number_hash(adult.national_number) if adult.national_number else ""


def contradict(guardian: Guardian, adult: Adult) -> bool:
    """Both have a number, and it is not the same: another person, whatever their name and address."""
    said = hash_of(adult)
    return bool(said and guardian.national_number_hash) and said != guardian.national_number_hash


def keep(guardian: Guardian, adult: Adult) -> None:
    place, number = families.SEALED_OF_GUARDIAN, adult.national_number
    kept = sealing.unseal(guardian.sealed, place=place, row_id=guardian.id)
    guardian.national_number_hash = hash_of(adult)
    guardian.sealed = sealing.seal({**kept, NATIONAL_NUMBER: number}, place=place, row_id=guardian.id)
