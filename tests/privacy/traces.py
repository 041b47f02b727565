"""A family that has left its mark in every text column there is, and what the database still says of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.outbox import operations as outbox
from shared_apps.vault.sealing import seal, seal_bytes
from tenant_apps.catalog.models import Option
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.telling import Said
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.forms.models import Decision, FormVersion, Sealed, Submission, Upload
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.models import Payment, Receipt, Status
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent, a_form
from tests.factories.moments import NOON
from tests.factories.organisation import a_user
from tests.factories.queues import a_queue, a_turn
from tests.factories.registrations import a_basket, a_hold


@dataclass
class Family:
    mark: str
    guardian: Guardian
    child: Participant

    @property
    def email(self) -> str:
        return f"{self.mark.lower()}@famille.example"


def a_family(mark: str, *, child: Participant | None = None) -> Family:
    """`mark` is in all that is said of the family; `child` is shared with another household."""
    user = a_user(f"{mark.lower()}@famille.example", first_name=f"Marie{mark}", last_name=f"Lapointe{mark}")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    UserSession.objects.create(user=user, ip="192.0.2.7", user_agent=f"Firefox {mark}", session_key=f"session{mark}")
    guardian = a_guardian(user=user)
    guardian.phone, guardian.reference, guardian.birth_date = f"819 {mark}", f"R{mark}", date(1985, 7, 30)
    guardian.sealed = seal({"national_number": mark}, place="families.Guardian.sealed", row_id=guardian.id)
    guardian.national_number_hash = mark
    guardian.save()
    assert guardian.household is not None
    guardian.household.answers = {"address": f"12, rue {mark}"}
    guardian.household.save()
    if child is None:
        child = a_child(f"Ada{mark}", of=guardian, last_name=f"Lapointe{mark}", birth_date=date(2018, 3, 4))
        child.answers, child.used_name = {"teacher": f"Prof {mark}"}, f"Adèle{mark}"
        child.pick_up_people = [{"name": f"Mamie {mark}", "phone": "", "relation": "grand-mère"}]
        child.sealed = seal({"allergies": f"noix {mark}"}, place="families.Participant.sealed", row_id=child.id)
        child.save()
    else:
        Guardianship.objects.create(guardian=guardian, participant=child, custody=[{"from": None, "weeks": "even"}])
    family = Family(mark, guardian, child)
    answer(family, a_form({"key": "note"}), answers={"note": f"dit {mark}"})
    answer(family, a_consent(), decision=Decision.YES)
    a_file(family)
    a_request_for_help(family)
    a_turn(a_queue(), guardian)
    LinkRequest.objects.create(
        kind="invitation",
        participant=child,
        invited_by=guardian,
        email=f"tante{mark}@famille.example",
        said={"a": mark},
    )
    actor = Actor(kind="guardian", user_id=user.id, label=f"Marie{mark} Lapointe{mark}")
    audit.record(
        action="guardian.changed",
        subject="guardian",
        subject_id=guardian.id,
        actor=actor,
        at=NOON,
        details={"was": mark},
    )
    outbox.queue_message(
        unique_key=f"message-{guardian.id}",
        recipient=family.email,
        language="fr",
        subject=f"Bonjour {mark}",
        text=f"Bonjour Marie{mark}",
        at=NOON,
    )
    return family


def answer(family: Family, version: FormVersion, *, answers: dict[str, Any] | None = None, decision: str = "") -> None:
    submission = Submission.objects.create(
        version=version,
        participant=family.child,
        signer=family.guardian,
        answers=answers or {},
        decision=decision,
        signed_name=f"Marie{family.mark}",
        signed_from="192.0.2.7",
        submitted_at=NOON,
    )
    sealed = seal({"medication": f"sirop {family.mark}"}, place="forms.Sealed.content", row_id=submission.id)
    assert sealed is not None
    Sealed.objects.create(submission=submission, content=sealed)


def a_request_for_help(family: Family) -> Entitlement:
    request = Entitlement(
        kind="subsidy", key=f"aide{family.mark}", guardian=family.guardian, participant=family.child, asked_at=NOON
    )
    request.sealed = telling.seal(Said(words=f"Merci {family.mark}", answer=f"Oui {family.mark}"), request)
    request.save()
    return request


def a_file(family: Family) -> Upload:
    upload = Upload(
        name=f"carnet{family.mark}.pdf",
        content_type="application/pdf",
        size_bytes=4,
        participant=family.child,
        given_by=family.guardian,
        is_health=True,
    )
    sealed = seal_bytes(b"file", place="forms.Upload.content", row_id=upload.id)
    upload.path = default_storage.save(f"uploads/{upload.id}", ContentFile(sealed))
    upload.save()
    return upload


def a_paid_order(family: Family, option: Any = None) -> Order:
    """Of an activity that is over, unless an option says otherwise."""
    taken = option or an_option("Semaine passée")
    held = a_hold(taken, basket=a_basket(family.guardian), child=family.child)
    Registration.objects.filter(pk=held.pk).update(contact_email=family.email)
    order = _placed(held)
    at = NOON + timedelta(minutes=1)
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        amount_cents=order.total_cents,
        currency="cad",
        status=Status.SUCCEEDED,
        method="Visa •••• 4242",
        started_at=NOON,
        ended_at=at,
    )
    Receipt.objects.create(payment=payment, payee=order.payee, number=1, issued_at=at)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.SETTLED, settled_at=at)
    Registration.objects.filter(pk=held.pk).update(status=Registered.CONFIRMED, confirmed_at=at)
    if option is None:
        Option.objects.filter(pk=taken.pk).update(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 9))
    return order


def _placed(held: Registration) -> Order:
    [order] = check_out(
        basket_id=held.basket_id, expected_cents=held.amount_cents, actor=SYSTEM, language="fr", at=NOON
    )
    return order


def where(mark: str) -> dict[str, int]:
    """The tables of the organisation that still say `mark`, in capitals or not, and in how many rows."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE to_jsonb(t)::text ILIKE %s', [f"%{mark}%"])
            if rows := cursor.fetchone()[0]:
                found[table] = rows
    return found
