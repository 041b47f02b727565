"""Makes the demonstration's organisations and fills them. A second time, what was filled is left alone."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit.actors import SYSTEM
from tenant_apps.demonstration import money, openings, people, places, reading, requests, students
from tenant_apps.demonstration.offerings import Loading
from tenant_apps.organisation import first_day, queries
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tenants.operations.create import create
from tenants.operations.platform_own import ensure_operations
from tenants.operations.provision import provision


def load_operations() -> None:
    with in_organisation(ensure_operations()):
        people.load_operator()


def ensure(key: str) -> Organisation:
    """The organisation of one data file, in service."""
    data = reading.data(key)
    with in_registry():
        organisation = Organisation.objects.filter(slug=data["slug"]).first()
    if organisation is None:
        organisation = create(name=data["organisation"]["name"], slug=data["slug"], preset=key)
    return provision(organisation_id=organisation.id)


@operation
def fill(key: str, *, at: datetime) -> None:
    """Inside the organisation: its face, places, people and catalogue, as if loaded at `at`. All of it or nothing."""
    if queries.establishments().exists():
        return
    data = reading.data(key)
    places.load_face(data)
    payees = places.load_payees(data)
    establishments = places.load_establishments(data, payees)
    people.load_staff(data, places=establishments)
    people.load_guardian(data, places=establishments, at=at)
    Loading(data, payees=payees, places=establishments, profile=queries.profile(), at=at).load()
    requests.load(data, key, places=establishments, at=at)
    openings.load(key, places=establishments, at=at)
    students.load(key, at=at)
    money.load(key, at=at)
    # Its first day is long over.
    first_day.dismiss(actor=SYSTEM, at=at)
