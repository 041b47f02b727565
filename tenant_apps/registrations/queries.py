"""Questions about baskets, registrations and places."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel import clock
from kernel.kept import kept, only
from tenant_apps.families.models import Guardianship
from tenant_apps.registrations import counting
from tenant_apps.registrations.models import Basket, Places, Registration
from tenant_apps.registrations.states import PENDING, TAKING

_NO_BASKET = UUID(int=0)


def places_left(option_ids: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, int | None]:
    """Places that anybody may take, by option; None where they are unlimited (registrations.counting)."""
    return counting.left(option_ids, at=at or clock.now())


def limited(option_ids: Iterable[UUID]) -> set[UUID]:
    """Those of them that can run out of places, of their own or of a quota that they share."""
    asked = list(option_ids)
    return set(_limited(asked)) if asked else set()


@kept
def _limited(option_ids: list[UUID]) -> QuerySet[Places, UUID]:
    counters = Places.objects.filter(Q(capacity__isnull=False) | ~Q(shared=[]), option_id__among=option_ids)
    return counters.values_list("option_id", flat=True)


def full_options(*, at: datetime) -> set[UUID]:
    """The options that nobody can take any more of; a hold that ran out is a free place, if nobody waits for it."""
    tight = counting.tight()
    return {option for option, left in places_left(tight, at=at).items() if left == 0} if tight else set()


def pending_options(option_ids: Iterable[UUID]) -> set[UUID]:
    """Those of them that are in a basket, or about to be paid."""
    claims = Registration.objects.filter(option__in=list(option_ids), status__in=PENDING)
    return set(claims.order_by().values_list("option_id", flat=True))


def open_basket_of(guardian_id: UUID) -> Basket | None:
    return only(_open_baskets(guardian_id))


@kept
def _open_baskets(guardian_id: UUID) -> QuerySet[Basket]:
    return Basket.objects.filter(guardian_id=guardian_id, closed_at=None)


def basket_lines(basket_id: UUID) -> list[Registration]:
    """What the basket holds, with all that a page shows of it."""
    return sorted(_pending_lines(basket_id), key=lambda line: (line.created_at, line.id))


@kept
def _pending_lines(basket_id: UUID) -> QuerySet[Registration]:
    lines = Registration.objects.filter(_shown(), basket_id=basket_id, status__in=PENDING)
    return _with_names(lines).order_by()


def taken_once(participant_id: UUID, offering_id: UUID, *, apart_from: UUID | None = None) -> set[UUID]:
    """The options of an offering that the participant has, and cannot have twice; not those of the basket named."""
    return set(_taken_once(participant_id, offering_id, apart_from or _NO_BASKET))


@kept
def _taken_once(participant_id: UUID, offering_id: UUID, apart_from: UUID) -> QuerySet[Registration, UUID]:
    single = Registration.objects.filter(participant_id=participant_id, option__offering_id=offering_id, is_single=True)
    taken = single.filter(status__in=TAKING).exclude(basket_id=apart_from, status__in=PENDING)
    return taken.order_by().values_list("option_id", flat=True)


def had_by(guardian_id: UUID, participant_ids: Iterable[UUID]) -> QuerySet[Registration]:
    """What these participants have through this guardian, confirmed or not yet."""
    own = Registration.objects.filter(_shown(), basket__guardian_id=guardian_id)
    return _with_names(own.filter(participant_id__in=list(participant_ids), status__in=TAKING))


def registrations_of(guardian_id: UUID) -> QuerySet[Registration]:
    """All that was ever confirmed for this guardian, newest first."""
    own = Registration.objects.filter(_shown(), basket__guardian_id=guardian_id)
    return _with_names(own.exclude(confirmed_at=None)).order_by("-confirmed_at", "-id")


def _shown() -> Q:
    """Nothing of a participant from whom the basket's guardian is kept away."""
    kept_away = Guardianship.objects.filter(
        guardian_id=OuterRef("basket__guardian_id"), participant_id=OuterRef("participant_id"), is_blocked=True
    )
    return ~Q(Exists(kept_away))


def _with_names(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    return registrations.select_related("participant", "option__offering__payee", "submission__sealed", "consent")
