"""What has outlived its purpose, at a moment, by the terms of the organisation: only found here, never touched."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Greatest

from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event, Message, MessageStatus
from tenant_apps.changes import forgetting as changes
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.entitlements.forgetting import named_uploads
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.models import Status as RequestStatus
from tenant_apps.families.models import Guardian, LinkRequest, LinkStatus, Participant
from tenant_apps.forms.models import Sealed, Submission, Upload
from tenant_apps.imports import tidying
from tenant_apps.imports.models import ImportRun
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.keeping import Keeping
from tenant_apps.organisation.rules import read
from tenant_apps.payments.models import Payment, Refund, RefundStatus
from tenant_apps.payments.states import LIVE
from tenant_apps.privacy import activity
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING

_UNCLAIMED = timedelta(days=1)
_SAID = ("participant.added", "participant.changed")


@dataclass(frozen=True)
class Terms:
    at: datetime
    today: date
    keeping: Keeping

    @cached_property
    def health_before(self) -> date:
        return self.today - timedelta(days=self.keeping.health_days)

    @cached_property
    def participation_before(self) -> date:
        return self.today - timedelta(days=self.keeping.participation_days)

    @cached_property
    def short_before(self) -> datetime:
        return self.at - timedelta(days=self.keeping.short_days)


def terms_of(at: datetime) -> Terms:
    profile = organisation.profile()
    return Terms(at=at, today=clock.local_date(at, profile.zone), keeping=read(profile.rules).keeping)


def outlived_health(terms: Terms) -> QuerySet[Participant]:
    """Who has answers about health, and neither an activity, nor a valid record, nor a word of the family since."""
    sealed = Exists(Sealed.objects.filter(submission__participant=OuterRef("pk")))
    files = Exists(Upload.objects.filter(participant=OuterRef("pk"), is_health=True))
    return (
        Participant.objects.filter(~Q(sealed=None) | sealed | files)
        .annotate(until=Greatest(_day("created_at"), _last_activity(), _last_said(), _last_valid()))
        .filter(until__lt=terms.health_before)
    )


def superseded_records(terms: Terms) -> QuerySet[Sealed]:
    """Of records that have run out, and that a later one of the same child and form has replaced."""
    later = Submission.objects.filter(
        participant=OuterRef("submission__participant"),
        version__form=OuterRef("submission__version__form"),
        submitted_at__gt=OuterRef("submission__submitted_at"),
    )
    run_out = Sealed.objects.annotate(valid_until=_valid_until("submission__"))
    return run_out.filter(Exists(later), valid_until__lt=terms.at - timedelta(days=terms.keeping.health_days))


def unclaimed_uploads(terms: Terms) -> QuerySet[Upload]:
    unclaimed = Upload.objects.filter(participant=None, created_at__lt=terms.at - _UNCLAIMED)
    return unclaimed.exclude(id__in=named_uploads()).exclude(id__in=changes.named_uploads())


def decided_proofs(terms: Terms) -> QuerySet[Entitlement]:
    """Requests that were answered a while ago, and still have the files that were sent to prove something."""
    return Entitlement.objects.exclude(uploads=[]).filter(decided_at__lt=terms.short_before)


def ended_requests_with_words(terms: Terms) -> QuerySet[Entitlement]:
    """What a family said of a child is health, and goes as soon."""
    return _ended_before(terms.health_before).exclude(sealed=None)


def ended_requests(terms: Terms) -> QuerySet[Entitlement]:
    return _ended_before(terms.participation_before)


def _ended_before(day: date) -> QuerySet[Entitlement]:
    """Refused, taken back, or run out since then; what waits or still holds has not ended."""
    answered = Q(status__in=[RequestStatus.REFUSED, RequestStatus.WITHDRAWN], decided_at__date__lt=day)
    return Entitlement.objects.filter(answered | Q(status=RequestStatus.GRANTED, valid_until_on__lt=day))


def decided_change_proofs(terms: Terms) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.exclude(uploads=[]).filter(decided_at__lt=terms.short_before)


def ended_changes_with_words(terms: Terms) -> QuerySet[ChangeRequest]:
    """A reason may be one of health."""
    return ChangeRequest.objects.filter(decided_at__date__lt=terms.health_before).exclude(sealed=None)


def ended_changes(terms: Terms) -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(decided_at__date__lt=terms.participation_before)


def old_messages(terms: Terms) -> QuerySet[Message]:
    return Message.objects.exclude(status=MessageStatus.QUEUED).filter(created_at__lt=terms.short_before)


def old_events(terms: Terms) -> QuerySet[Event]:
    return Event.objects.filter(handled_at__lt=terms.short_before)


def old_link_requests(terms: Terms) -> QuerySet[LinkRequest]:
    """Decided, or whose time is over."""
    over = Q(expires_at__lt=terms.short_before) | Q(decided_at__lt=terms.short_before)
    return LinkRequest.objects.filter(over | (~Q(status=LinkStatus.PENDING) & Q(created_at__lt=terms.short_before)))


def old_imports(terms: Terms) -> QuerySet[ImportRun]:
    return tidying.telling(ended_before=terms.short_before)


def former_participants(terms: Terms) -> QuerySet[Participant]:
    """Taken off their family's list, without an activity for the whole term; not forgotten yet."""
    removed = Participant.objects.filter(merged_into=None).exclude(removed_at=None).exclude(last_name="", first_name="")
    latest = removed.annotate(until=Greatest(_day("removed_at"), _last_activity()))
    return latest.filter(until__lt=terms.participation_before)


def former_guests(terms: Terms) -> QuerySet[Guardian]:
    """Without an account, owing and owed nothing, and whose children have had no activity for the whole term.

    Parents of pupils who are in the organisation's own files stay as long as those do.
    """
    own = Participant.objects.filter(guardianships__guardian=OuterRef("pk"))
    active = own.annotate(until=Greatest(_day("created_at"), _last_activity())).exclude(
        until__lt=terms.participation_before
    )
    open_things = (
        Order.objects.filter(guardian=OuterRef("pk"), status=OrderStatus.OPEN),
        Payment.objects.filter(order__guardian=OuterRef("pk"), status__in=LIVE),
        Refund.objects.filter(
            payment__order__guardian=OuterRef("pk"), status__in=[RefundStatus.DUE, RefundStatus.PENDING]
        ),
        own.filter(removed_at=None).exclude(external_id=""),
        active,
    )
    guests = Guardian.objects.filter(user=None, merged_into=None).exclude(first_name="", last_name="", email="")
    guests = guests.annotate(until=Greatest(_day("created_at"), _last_taken()))
    for found in open_things:
        guests = guests.exclude(Exists(found))
    return guests.filter(until__lt=terms.participation_before)


def _day(column: str) -> Cast:
    return Cast(column, DateField())


def _latest(rows: QuerySet[Any], day: Any) -> Subquery:
    """The latest of `day` in rows that an OuterRef chooses."""
    return Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(latest=Max(day)).values("latest"))


def _last_activity() -> Subquery:
    of_either = Q(participant=OuterRef("pk")) | Q(participant=OuterRef("merged_into"))
    return _latest(activity.dated(Registration.objects.filter(of_either, status__in=TAKING)), "last_on")


def _last_taken() -> Subquery:
    taken = Registration.objects.filter(basket__guardian=OuterRef("pk"), status__in=TAKING)
    return _latest(activity.dated(taken), "last_on")


def _last_said() -> Subquery:
    said = Entry.objects.filter(subject="participant", subject_id=OuterRef("pk"), action__in=_SAID)
    return _latest(said, _day("at"))


def _last_valid() -> Subquery:
    """The day until which the last of the records holds; one without a term, the day it was signed."""
    return _latest(Submission.objects.filter(participant=OuterRef("pk")), Cast(_valid_until(""), DateField()))


def _valid_until(of: str) -> "ExpressionWrapper[Any]":
    days = ExpressionWrapper(
        F(f"{of}version__form__validity_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    return ExpressionWrapper(F(f"{of}submitted_at") + days, output_field=DateField())
