"""All that is held about a guardian and the participants they may see; nothing of the other household's.

By « app.Model », as the inventory has it: what is in it is decided there, whose it is is decided here.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, Q, QuerySet

from shared_apps.accounts.models import User
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message
from shared_apps.vault.sealing import unseal
from tenant_apps.accounting.models import StatementLine
from tenant_apps.changes import telling as change_words
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Guardianship, Household, LinkRequest, Participant
from tenant_apps.forms import answers
from tenant_apps.forms.models import Sealed, Submission, Upload
from tenant_apps.openings.models import Ticket
from tenant_apps.orders.models import Order, OrderLine, Transfer
from tenant_apps.organisation.models import StaffMember
from tenant_apps.payments.models import Instalment, Payment, Receipt, Refund
from tenant_apps.privacy import readings
from tenant_apps.privacy.readings import Reading
from tenant_apps.privacy.rows import label, row
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration
from tenant_apps.slips import files as slip_files
from tenant_apps.slips import queries as slip_queries
from tenant_apps.slips.models import Slip

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Whose:
    """A guardian, and the children that they may see, those taken off their list included."""

    guardian: Guardian

    @cached_property
    def guardians(self) -> list[UUID]:
        """Whoever was merged into this one is this one."""
        merged = Guardian.objects.filter(merged_into=self.guardian.pk).values_list("id", flat=True)
        return [self.guardian.pk, *merged]

    @cached_property
    def housemates(self) -> set[str]:
        """Those of the same household, this guardian included."""
        together = Guardian.objects.filter(household=self.guardian.household).exclude(household=None)
        return {str(key) for key in (*self.guardians, *together.values_list("id", flat=True))}

    @cached_property
    def links(self) -> list[Guardianship]:
        return list(Guardianship.objects.filter(guardian=self.guardian, is_blocked=False))

    @cached_property
    def children(self) -> list[UUID]:
        return self._with_merged({link.participant_id for link in self.links})

    @cached_property
    def children_with_health(self) -> set[UUID]:
        return set(self._with_merged({link.participant_id for link in self.links if link.may_see_health}))

    @cached_property
    def hidden(self) -> list[UUID]:
        """The children from whom they are kept away."""
        return self._with_merged(set(families.hidden_from(self.guardian.pk)))

    @cached_property
    def addresses(self) -> list[str]:
        """Those that the account has proved to be theirs: another parent's may have been typed by mistake."""
        proved = EmailAddress.objects.filter(user=self.guardian.user_id, verified=True)
        return list(proved.exclude(user=None).values_list("email", flat=True))

    @staticmethod
    def _with_merged(children: set[UUID]) -> list[UUID]:
        merged = Participant.objects.filter(merged_into__in=children).values_list("id", flat=True)
        return [*sorted(children), *merged]


def all_rows(guardian: Guardian) -> Rows:
    whose = Whose(guardian)
    return {label(model): list(reader(whose)) for model, reader in READERS.items()}


def files(guardian: Guardian) -> QuerySet[Upload]:
    """What this guardian gave, of nobody whom they may no longer see."""
    return _uploads(Whose(guardian))


def receipts(guardian: Guardian) -> QuerySet[Receipt]:
    found = Receipt.objects.filter(payment__order__guardian__in=Whose(guardian).guardians)
    return found.select_related("payment__order__payee", "payment__order__guardian").order_by("issued_at")


def health_readings(guardian: Guardian) -> list[Reading]:
    """Who read about the children's health, newest first, of those that this guardian may read it of too."""
    seen = {str(child) for child in Whose(guardian).children_with_health}
    return [replace(reading, children=_among(reading, seen)) for reading in readings.of_children(seen)]


def names_of_children(guardian: Guardian) -> dict[UUID, str]:
    """As the family calls them, by identifier."""
    children = Participant.objects.filter(pk__in=Whose(guardian).children)
    return {child.pk: child.shown_name for child in children}


def _among(reading: Reading, seen: set[str]) -> tuple[UUID, ...]:
    return tuple(child for child in reading.children if str(child) in seen)


def _told(rows: Iterable[Model]) -> Iterable[dict[str, Any]]:
    return map(row, rows)


def _of_account(model: Any) -> Callable[[Whose], Iterable[dict[str, Any]]]:
    return lambda whose: _told(model.objects.filter(user=whose.guardian.user_id).exclude(user=None).order_by("pk"))


def _guardians(whose: Whose) -> Iterable[dict[str, Any]]:
    for guardian in Guardian.objects.filter(pk__in=whose.guardians):
        sealed = unseal(guardian.sealed, place=families.SEALED_OF_GUARDIAN, row_id=guardian.pk)
        yield {**row(guardian), "sealed": sealed}


def _participants(whose: Whose) -> Iterable[dict[str, Any]]:
    for child in Participant.objects.filter(pk__in=whose.children).select_related("establishment", "level"):
        told = row(child)
        if child.pk in whose.children_with_health:
            told["sealed"] = unseal(child.sealed, place=families.SEALED, row_id=child.pk)
        told["pick_up_people"] = [_fetcher(person, whose) for person in child.pick_up_people]
        yield told


def _fetcher(person: dict[str, str], whose: Whose) -> dict[str, str]:
    """The telephone is for the household that gave it, and for staff."""
    is_ours = person.get("by") in whose.housemates
    return {name: value for name, value in person.items() if is_ours or name not in ("phone", "by")}


def _link_requests(whose: Whose) -> Iterable[dict[str, Any]]:
    mine = Q(guardian__in=whose.guardians) | Q(invited_by__in=whose.guardians)
    for request in LinkRequest.objects.filter(mine).order_by("created_at"):
        told = row(request)
        if request.participant_id not in whose.children:
            # Whether the child they asked for is known here is not theirs to learn.
            del told["participant"]
        yield told


def _submissions(whose: Whose) -> QuerySet[Submission]:
    """What they themselves said: what the other parent signed is the other parent's."""
    signed = Submission.objects.filter(signer__in=whose.guardians, participant__in=whose.children)
    return signed.select_related("version__form").order_by("submitted_at")


def _sealed(whose: Whose) -> Iterable[dict[str, Any]]:
    readable = _submissions(whose).filter(participant__in=whose.children_with_health)
    for sealed in Sealed.objects.filter(submission__in=readable):
        content = unseal(sealed.content, place=answers.SEALED, row_id=sealed.submission_id)
        yield {"id": sealed.pk, "submission": sealed.submission_id, "content": content}


def _uploads(whose: Whose) -> QuerySet[Upload]:
    given = Upload.objects.filter(given_by__in=whose.guardians)
    seen = Q(participant=None) | Q(participant__in=whose.children)
    return given.filter(seen).filter(Q(is_health=False) | Q(participant__in=whose.children_with_health))


def _entitlements(whose: Whose) -> Iterable[dict[str, Any]]:
    """What they asked themselves; what the rest of the household asked is its own."""
    mine = Entitlement.objects.filter(guardian__in=whose.guardians).exclude(participant__in=whose.hidden)
    for entitlement in mine.select_related("offering", "option__offering"):
        told = row(entitlement)
        told["kind_in_words"] = entitlement.get_kind_display()
        told["status_in_words"] = entitlement.get_status_display()
        if entitlement.participant_id is None or entitlement.participant_id in whose.children_with_health:
            told["sealed"] = asdict(telling.said(entitlement))
        yield told


def _changes(whose: Whose) -> Iterable[dict[str, Any]]:
    mine = ChangeRequest.objects.filter(guardian__in=whose.guardians)
    shown = mine.exclude(registration__participant__in=whose.hidden).exclude(participant__in=whose.hidden)
    for change in shown.select_related("option__offering").order_by("asked_at"):
        told = row(change)
        told["kind_in_words"], told["status_in_words"] = change.get_kind_display(), change.get_status_display()
        told["sealed"] = asdict(change_words.said(change))
        yield told


def _registrations(whose: Whose) -> QuerySet[Registration]:
    own = Registration.objects.filter(basket__guardian__in=whose.guardians).exclude(participant__in=whose.hidden)
    return own.select_related("option__offering").order_by("created_at")


def _place_requests(whose: Whose) -> QuerySet[PlaceRequest]:
    own = PlaceRequest.objects.filter(guardian__in=whose.guardians)
    return own.exclude(registrations__participant__in=whose.hidden).order_by("asked_at")


def _order_lines(whose: Whose) -> QuerySet[OrderLine]:
    """What is said of a child is not for who is kept away from it: the order and the receipt say what was paid."""
    own = OrderLine.objects.filter(order__guardian__in=whose.guardians)
    return own.exclude(registration__participant__in=whose.hidden)


def _slips(whose: Whose) -> Iterable[dict[str, Any]]:
    """What they were shown of it: a slip is theirs once it is published."""
    hidden = {str(child) for child in whose.hidden}
    for guardian_id in whose.guardians:
        for slip in slip_queries.published(guardian_id):
            if not hidden & slip_queries.names_in(slip):
                yield {**row(slip), "kind_in_words": slip.get_kind_display(), "sealed": slip_files.numbers_of(slip)}


READERS: dict[Any, Callable[[Whose], Iterable[dict[str, Any]]]] = {
    User: lambda whose: _told(User.objects.filter(guardian=whose.guardian)),
    EmailAddress: _of_account(EmailAddress),
    Authenticator: _of_account(Authenticator),
    SocialAccount: _of_account(SocialAccount),
    UserSession: _of_account(UserSession),
    StaffMember: _of_account(StaffMember),
    Guardian: _guardians,
    Household: lambda whose: _told(Household.objects.filter(guardians=whose.guardian)),
    Guardianship: lambda whose: _told(whose.links),
    Participant: _participants,
    LinkRequest: _link_requests,
    Submission: lambda whose: _told(_submissions(whose)),
    Sealed: _sealed,
    Upload: lambda whose: _told(_uploads(whose)),
    Entitlement: _entitlements,
    ChangeRequest: _changes,
    Ticket: lambda whose: _told(Ticket.objects.filter(guardian__in=whose.guardians).order_by("joined_at")),
    Basket: lambda whose: _told(Basket.objects.filter(guardian__in=whose.guardians)),
    Registration: lambda whose: _told(_registrations(whose)),
    PlaceRequest: lambda whose: _told(_place_requests(whose)),
    Order: lambda whose: _told(Order.objects.filter(guardian__in=whose.guardians)),
    OrderLine: lambda whose: _told(_order_lines(whose)),
    Transfer: lambda whose: _told(Transfer.objects.filter(order__guardian__in=whose.guardians)),
    Payment: lambda whose: _told(Payment.objects.filter(order__guardian__in=whose.guardians)),
    Refund: lambda whose: _told(Refund.objects.filter(payment__order__guardian__in=whose.guardians)),
    Receipt: lambda whose: _told(receipts(whose.guardian)),
    Instalment: lambda whose: _told(Instalment.objects.filter(order__guardian__in=whose.guardians)),
    StatementLine: lambda whose: _told(StatementLine.objects.filter(payment__order__guardian__in=whose.guardians)),
    Slip: _slips,
    Message: lambda whose: _told(Message.objects.filter(recipient__in=whose.addresses).order_by("created_at")),
    Entry: lambda whose: _told(Entry.objects.filter(actor_id=whose.guardian.user_id).exclude(actor_id=None)),
}
