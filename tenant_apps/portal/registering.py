"""The portal's one use case that crosses rooms: a form handed in becomes answers, a signature and places held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.families import queries as family_queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import adding, guardians, participants
from tenant_apps.forms import consents, signing
from tenant_apps.forms import operations as forms
from tenant_apps.forms.models import Decision, FormVersion
from tenant_apps.organisation import queries as organisation
from tenant_apps.portal import taking
from tenant_apps.portal.taking import IfFull
from tenant_apps.registrations import checks, withdrawing
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import queries as registration_queries
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import PlaceRequest, Registration


@dataclass(frozen=True)
class Newcomer:
    """A guest at their first registration: no profile yet, but already the identifier that it will have."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    phone: str
    language: str


@dataclass(frozen=True)
class Signature:
    """`language` is that of the text that was shown; `signed_from` the address that the answer came from.

    `recorded_by`: the account of the member of staff to whom the parent, who is present, told it (S3-30).
    """

    version: FormVersion
    decision: str
    signed_name: str
    language: str = ""
    signed_from: str | None = None
    recorded_by: UUID | None = None

    @property
    def is_refusal(self) -> bool:
        return self.decision == Decision.NO


@dataclass(frozen=True)
class Chosen:
    """So many of an option; `unit_cents` is what somebody gives of their own will, None where the price says it."""

    option_id: UUID
    quantity: int = 1
    unit_cents: int | None = None


@dataclass(frozen=True)
class Entry:
    """What the registration form said. `participant` is None for a child typed in for the first time."""

    participant: Participant | None
    identity: Identity
    answers: Answers
    version: FormVersion | None
    chosen: Sequence[Chosen]
    contact_email: str
    signature: Signature | None
    if_full: IfFull = field(default_factory=IfFull)


@dataclass(frozen=True)
class Outcome:
    """`participant` is None where the child typed in is known already, and must be claimed first.

    `waiting`: what is waited for; `left_out`: what was full, and is neither taken nor waited for.
    """

    guardian: Guardian
    participant: Participant | None
    registrations: list[Registration]
    waiting: Sequence[PlaceRequest] = ()
    left_out: Sequence[UUID] = ()


@operation
def register(
    *,
    offering_id: UUID,
    visitor: Guardian | Newcomer,
    entry: Entry,
    actor: Actor,
    at: datetime,
) -> Outcome:
    """Keep the answers, the signature and the places together, or nothing at all.

    What the same participant held in this offering is replaced: a form sent again never takes twice. A refusal of
    the authorization is kept and takes no place (S3-04); it comes too late like anything else (S3-36). Raises the
    refusals of `registrations.hold` and of a waiting list.
    """
    guardian = _guardian(visitor, at=at)
    guardians.in_turn(guardian_id=guardian.id)
    participant = _participant(guardian, entry, actor=actor, at=at)
    if participant is None:
        return Outcome(guardian, None, [])
    basket = registrations.open_basket(guardian_id=guardian.id, at=at)
    replacing = [line.id for line in held_lines(basket.id, participant.id, offering_id)]
    is_refusal = entry.signature is not None and entry.signature.is_refusal
    if is_refusal or not entry.chosen:
        checks.answer(offering_id, participant, guardian_id=guardian.id, at=at, replacing=replacing)
    consent_id = signed(guardian, participant, entry.signature, actor=actor, at=at)
    if entry.signature and is_refusal:
        registrations.release(basket_id=basket.id, registration_ids=replacing, actor=actor, at=at)
        withdrawing.free_held(entry.signature.version.form_id, participant.id, actor=actor, at=at)
        return Outcome(guardian, participant, [])
    submission_id = submitted(guardian, participant, entry, actor=actor, at=at)
    claims = [
        Claim(
            participant_id=participant.id,
            option_id=each.option_id,
            quantity=each.quantity,
            contact_email=entry.contact_email,
            submission_id=submission_id,
            consent_id=consent_id,
            unit_cents=each.unit_cents,
        )
        for each in entry.chosen
    ]
    if not claims:
        # A yes or a no was all that was asked.
        return Outcome(guardian, participant, [])
    taken = taking.take(guardian, basket.id, claims, entry.if_full, actor=actor, at=at, replacing=replacing)
    return Outcome(guardian, participant, taken.held, taken.waiting, taken.left_out)


def held_lines(basket_id: UUID, participant_id: UUID, offering_id: UUID) -> list[Registration]:
    """What a basket keeps for one participant in one offering; not what stands for a registration that was paid."""
    return [
        line
        for line in registration_queries.basket_lines(basket_id)
        if line.participant_id == participant_id and line.option.offering_id == offering_id and line.replaces_id is None
    ]


def _guardian(visitor: Guardian | Newcomer, *, at: datetime) -> Guardian:
    if isinstance(visitor, Guardian):
        return visitor
    return guardians.ensure_guest(
        guest_id=visitor.id,
        email=visitor.email,
        first_name=visitor.first_name,
        last_name=visitor.last_name,
        phone=visitor.phone,
        language=visitor.language,
        at=at,
    )


def _participant(guardian: Guardian, entry: Entry, *, actor: Actor, at: datetime) -> Participant | None:
    """What a guest types is their own; whoever has an account adds a child as the profile does."""
    known = entry.participant or _namesake(guardian, entry.identity)
    if known is None:
        add = participants.add_participant if guardian.user_id is None else _added
        return add(guardian_id=guardian.id, identity=entry.identity, answers=entry.answers, actor=actor, at=at)
    if entry.version is None:
        return known
    return participants.complete_participant(
        guardian_id=guardian.id,
        participant_id=known.id,
        identity=entry.identity,
        answers=entry.answers,
        actor=actor,
        at=at,
    )


def _added(
    *, guardian_id: UUID, identity: Identity, answers: Answers, actor: Actor, at: datetime
) -> Participant | None:
    return adding.add_child(guardian_id=guardian_id, identity=identity, answers=answers, actor=actor, at=at).participant


def _namesake(guardian: Guardian, identity: Identity) -> Participant | None:
    """The same form sent twice, or sent again after « back », means the same child."""
    known = family_queries.participants_of(guardian.id)
    return next((participant for participant in known if _same_person(participant, identity)), None)


def _same_person(known: Participant, identity: Identity) -> bool:
    return identity.has_name(known.last_name, known.first_name) and (
        known.birth_date == identity.birth_date or not known.birth_date or not identity.birth_date
    )


def signed(
    guardian: Guardian, participant: Participant, signature: Signature | None, *, actor: Actor, at: datetime
) -> UUID | None:
    if signature is None:
        return None
    said: dict[str, Any] = {
        "version_id": signature.version.id,
        "participant_id": participant.id,
        "signer_id": guardian.id,
        "decision": signature.decision,
        "signed_name": signature.signed_name,
        "language": signature.language,
        "signed_from": signature.signed_from,
    }
    if signature.recorded_by is None:
        submission = signing.sign_consent(**said, actor=actor, at=at)
    else:
        # What is typed at the office is the last word: here another's « no » stands all the same.
        if not signature.is_refusal:
            _not_refused_by_another(signature.version.form_id, participant.id, guardian.id, at=at)
        submission = signing.sign_assisted(**said, note="", recorded_by=signature.recorded_by, actor=actor, at=at)
    if not signature.is_refusal:
        _agreed_by_all(signature.version.form_id, participant.id, at=at)
    return submission.id


def _agreed_by_all(form_id: UUID, participant_id: UUID, *, at: datetime) -> None:
    """Another guardian's « no » stands: the place is not taken behind their back. Raises RefusedByAnother."""
    found = consents.standings([form_id], [participant_id], at=at, zone=organisation.profile().zone)
    standing = found.of(form_id, participant_id)
    if standing.word is not None and not standing.allows:
        raise signing.RefusedByAnother(name=standing.word.signer.first_name if standing.word.signer else "")


def _not_refused_by_another(form_id: UUID, participant_id: UUID, guardian_id: UUID, *, at: datetime) -> None:
    """Raises RefusedByAnother."""
    found = consents.standings([form_id], [participant_id], at=at, zone=organisation.profile().zone)
    if refusal := found.of(form_id, participant_id).refusal_of_another(guardian_id):
        raise signing.RefusedByAnother(name=refusal.signer.first_name if refusal.signer else "")


def submitted(guardian: Guardian, participant: Participant, entry: Entry, *, actor: Actor, at: datetime) -> UUID | None:
    if entry.version is None:
        return None
    submission = forms.submit(
        version_id=entry.version.id,
        participant_id=participant.id,
        signer_id=guardian.id,
        answers=entry.answers,
        actor=actor,
        at=at,
    )
    return submission.id
