"""Makes the demonstration's organisations and fills them. A second time, what was filled is left alone."""

from datetime import datetime

from billing import operations as billing
from kernel.transactions import operation
from tenant_apps.demonstration import people, places, reading
from tenant_apps.demonstration.offerings import Loading
from tenant_apps.organisation import operations as organisations
from tenant_apps.organisation import queries
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.presets import files
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tenants.operations.create import create
from tenants.operations.platform_own import ensure_operations
from tenants.operations.provision import provision


def load_operations(*, password: str) -> None:
    with in_organisation(ensure_operations()):
        people.load_operator(password=password)


def ensure(key: str) -> Organisation:
    """The organisation of one data file, in service."""
    data, preset = reading.data(key), files.load(key)["profile"]
    with in_registry():
        organisation = Organisation.objects.filter(slug=data["slug"]).first()
    if organisation is None:
        organisation = create(
            name=data["organisation"]["name"],
            slug=data["slug"],
            preset=key,
            time_zone=preset["time_zone"],
            currency=preset["currency"],
            country=preset["territory"],
            language=preset["default_language"],
        )
    return provision(organisation_id=organisation.id)


@operation
def fill(key: str, *, password: str, at: datetime) -> None:
    """Inside the organisation: its face, places, people and catalogue, as if loaded at `at`. All of it or nothing."""
    if queries.establishments().exists():
        return
    data = reading.data(key)
    places.load_face(data)
    payees = places.load_payees(data)
    establishments = places.load_establishments(data, payees)
    people.load_staff(data, places=establishments, password=password)
    people.load_guardian(data, places=establishments, password=password, at=at)
    Loading(data, payees=payees, places=establishments, profile=queries.profile(), at=at).load()


def connect(organisation: Organisation, key: str, *, at: datetime) -> None:
    """Inside the organisation: an account at the processor for each payee that has none."""
    emails = {payee["name"]: payee["email"] for payee in reading.data(key)["payees"].values()}
    for payee in Payee.objects.filter(processor_account=""):
        account = billing.connect_account(
            organisation_id=organisation.id, name=payee.name, email=emails[payee.name], at=at
        )
        organisations.connect_payee(payee_id=payee.id, processor_account=account.processor_id)
