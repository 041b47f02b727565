"""Being helped by telephone (O-21): the family reads out a code, and a member of staff looks into the same basket."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import operations as outbox
from shared_apps.vault import sealing
from tenant_apps.registrations import baskets, holding
from tenant_apps.registrations.models import Basket, Registration, Status
from tenant_apps.registrations.operations import open_basket
from tenant_apps.registrations.states import PENDING

CODE_LASTS = timedelta(minutes=15)
HELP_LASTS = timedelta(minutes=30)
_DIGITS = 6
_WRONG = "help.wrong_code"
_SENT = "basket.sent"
# Of a million codes, for one member of staff.
_MOST_WRONG = 5
_REMEMBERED = timedelta(minutes=15)


class TooManyCodes(Refusal):
    code = "too_many_codes"
    message = _("Plusieurs codes refusés. Attendez un quart d’heure, ou cherchez la famille par son nom.")


@operation
def ask(*, guardian_id: UUID, actor: Actor, at: datetime) -> str:
    """A new code for the guardian's basket, in the place of the one before. A hash is kept; who asked remembers it."""
    basket = open_basket(guardian_id=guardian_id, at=at)
    code = _put(basket, at)
    _record("help.asked", basket.id, actor, at)
    return code


@operation
def try_code(*, code: str, helper_id: UUID, actor: Actor, at: datetime) -> Basket | None:
    """The basket that the code opens, for this helper alone and once; None for any other, which is remembered.

    Raises TooManyCodes.
    """
    # One after the other: sent many times at once, they are counted all the same.
    User.objects.filter(id=helper_id).update(id=helper_id)
    wrong = Entry.objects.filter(subject="helper", subject_id=helper_id, action=_WRONG, at__gt=at - _REMEMBERED)
    if wrong.count() >= _MOST_WRONG:
        raise TooManyCodes
    asked = _asked(code, at)
    basket = asked.select_related("guardian").first() if _hashed(code) else None
    used = {"help_code": "", "helper": helper_id, "helped_until": at + HELP_LASTS}
    if basket is None or not asked.filter(id=basket.id).update(**used):
        audit.record(action=_WRONG, subject="helper", subject_id=helper_id, actor=actor, at=at)
        return None
    _record("help.begun", basket.id, actor, at)
    return basket


@operation
def stop(*, basket_id: UUID, actor: Actor, at: datetime) -> None:
    """At once, by the family: the code before it too."""
    _end(Basket.objects.filter(id=basket_id), actor, at)


@operation
def stop_helping(*, basket_id: UUID, helper_id: UUID, actor: Actor, at: datetime) -> None:
    """By the helper: somebody else's help, and a code that the family asked for since, stay as they are."""
    _end(Basket.objects.filter(id=basket_id, helper=helper_id), actor, at)


@operation
def send_pay_link(*, basket_id: UUID, address: str, actor: Actor, at: datetime) -> datetime | None:
    """The family pays by itself what was put into its basket: nobody types its card for it.

    It is given the time to find the mail (`holding.link_hours`). Returns when the first of its places ends now.
    Raises BasketClosed.
    """
    baskets.locked(basket_id)
    _keep_until_read(basket_id, at)
    told = {"basket": str(basket_id), "address": address, "key": at.isoformat()}
    outbox.tell(kind="baskets.to_pay", payload=told, at=at)
    _record(_SENT, basket_id, actor, at)
    pending = Registration.objects.filter(basket_id=basket_id, status__in=PENDING).order_by("held_until")
    return pending.values_list("held_until", flat=True).first()


def sent_at(basket_id: UUID) -> datetime | None:
    """When the way to pay was last sent for it."""
    sent = Entry.objects.filter(subject="basket", subject_id=basket_id, action=_SENT).order_by("-at")
    return sent.values_list("at", flat=True).first()


def is_helped_by(basket_id: UUID, user_id: UUID, *, at: datetime) -> bool:
    mine = Basket.objects.filter(id=basket_id, helper=user_id, helped_until__gt=at, closed_at=None)
    return mine.exists()


def may_be_used(code: str, *, at: datetime) -> bool:
    return _asked(code, at).exists()


def state_of(basket_id: UUID, *, at: datetime) -> Basket | None:
    """The basket while a code may still be used, or somebody helps; else None."""
    return Basket.objects.filter(id=basket_id, helped_until__gt=at, closed_at=None).first()


def _asked(code: str, at: datetime) -> QuerySet[Basket]:
    return Basket.objects.filter(help_code=_hashed(code), helper=None, helped_until__gt=at, closed_at=None)


def _end(concerned: QuerySet[Basket], actor: Actor, at: datetime) -> None:
    over = {"help_code": "", "helper": None, "helped_until": None}
    helped = concerned.exclude(**over)
    for basket_id in list(helped.values_list("id", flat=True)):
        if helped.filter(id=basket_id).update(**over):
            _record("help.ended", basket_id, actor, at)


def _keep_until_read(basket_id: UUID, at: datetime) -> None:
    """Not what a waiting list or a draw offered: its deadline is one that others wait for."""
    held = Registration.objects.filter(basket_id=basket_id, status=Status.HELD, request=None, held_until__gt=at)
    known = holding.usual()
    for line in held.select_related("option__offering"):
        until = at + timedelta(hours=holding.terms_in(known, line.option.offering).link_hours)
        held.filter(pk=line.pk, held_until__lt=until).update(held_until=until, reminded_at=None)


def _put(basket: Basket, at: datetime) -> str:
    while True:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        hashed = _hashed(code)
        Basket.objects.filter(help_code=hashed, helped_until__lte=at).update(help_code="")
        try:
            with transaction.atomic():
                asked = {"help_code": hashed, "helper": None, "helped_until": at + CODE_LASTS}
                Basket.objects.filter(id=basket.id).update(**asked)
        except IntegrityError:
            continue
        return code


def _hashed(said: str) -> str:
    """Whatever the spaces that it was typed with; nothing for what is no code."""
    digits = "".join(said.split())
    is_code = len(digits) == _DIGITS and digits.isascii() and digits.isdigit()
    return sealing.keyed_hash(digits, purpose="help_code") if is_code else ""


def _record(action: str, basket_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="basket", subject_id=basket_id, actor=actor, at=at)
