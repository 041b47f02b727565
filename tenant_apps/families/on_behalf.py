"""A member of staff who acts for a family, with the family's own screens (S2-03): whom, since when and until when.

What is known of it stays in the session of who acts; `portal.acting` asks here at every request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from kernel.registry import Registry
from tenant_apps.families.models import Guardian

REST = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
_KEY = "on_behalf"
# The session is not written at each page.
_OFTEN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Acting:
    """`basket_id`: the one whose family read out a code, where it did (registrations.helping)."""

    guardian: Guardian
    basket_id: UUID | None

    @property
    def id(self) -> UUID:
        return self.guardian.id

    @property
    def name(self) -> str:
        return name_of(self.guardian)


# Said by the workplace, at start-up: may this member of staff, as they are now, act for that family?
RULES: Registry[Callable[[HttpRequest, Acting], bool]] = Registry("rule of who acts for whom")

# Said by the same: may they, besides, read what families say about health?
READERS: Registry[Callable[[HttpRequest], bool]] = Registry("rule of who reads about health")


def begin(request: HttpRequest, guardian_id: UUID, *, at: datetime, basket_id: UUID | None = None) -> None:
    """One family at a time: the caller has asked `is_begun`. Forms of pages opened before are not taken any more."""
    request.session[_KEY] = {
        "guardian": str(guardian_id),
        "basket": str(basket_id) if basket_id else "",
        "user": str(request.user.pk),
        "since": at.timestamp(),
        "last": at.timestamp(),
    }
    rotate_token(request)


def is_begun(request: HttpRequest) -> bool:
    return _KEY in request.session


def guardian_id_of(request: HttpRequest) -> UUID | None:
    """Whom the session names, whether it is still allowed or not."""
    said = request.session.get(_KEY)
    return UUID(said["guardian"]) if said else None


def begun_by(request: HttpRequest) -> UUID | None:
    """The account that began it, which may be signed out by now."""
    said = request.session.get(_KEY)
    return UUID(said["user"]) if said else None


def basket_id_of(request: HttpRequest) -> UUID | None:
    said = request.session.get(_KEY)
    return UUID(said["basket"]) if said and said["basket"] else None


def current(request: HttpRequest, *, at: datetime) -> Acting | None:
    """Whom this session acts for now: None once it rested too long, lasted too long, or is not allowed any more."""
    said = request.session.get(_KEY)
    if not said or said["user"] != str(request.user.pk) or _is_over(said, at):
        return None
    guardian = Guardian.objects.filter(id=said["guardian"], merged_into=None).first()
    if guardian is None:
        return None
    acting = Acting(guardian, UUID(said["basket"]) if said["basket"] else None)
    if not all(allows(request, acting) for _name, allows in RULES):
        return None
    if at - _moment(said["last"]) >= _OFTEN:
        request.session[_KEY] = {**said, "last": at.timestamp()}
    return acting


def end(request: HttpRequest) -> None:
    """A page of the family that stayed open cannot be sent any more, for this family or for the next."""
    if request.session.pop(_KEY, None):
        rotate_token(request)


def acting_for(request: HttpRequest) -> Guardian | None:
    """The family that this page is for, where a member of staff opened it for them."""
    acting: Acting | None = getattr(request, "represented", None)
    return acting.guardian if acting else None


def name_of(guardian: Guardian) -> str:
    return f"{guardian.first_name} {guardian.last_name}".strip() or str(guardian)


def _is_over(said: dict[str, float], at: datetime) -> bool:
    return at - _moment(said["last"]) >= REST or at - _moment(said["since"]) >= LONGEST


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
