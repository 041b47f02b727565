"""The accounts at the processor of those who are paid: opened, left once nothing is under way, opened anew.

A payee has one account for life: its books, its kept cards and the refunds of what it took are of that account alone.
Whoever opens another one after leaving it is therefore a new payee, which takes over all that the old one sells.
"""

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing import operations as billing
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.models import ConnectedAccount
from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Offering
from tenant_apps.organisation import banking
from tenant_apps.organisation.models import Establishment, Payee
from tenant_apps.payments.disputed import UNDECIDED
from tenant_apps.payments.models import Instalment, Means, Payment, Refund, RefundMeans, RefundStatus, Status
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.states import LIVE
from tenants.context import current

_SUCCESSOR = "successor"
_NAME_LENGTH = 200
# What a new payee has of the one that it takes the place of; its bank account, and its code, are given by `banking`.
_TAKEN_OVER = ("legal_name", "address", "registration_numbers", "accounting", "slips")


class ProcessorAway(Refusal):
    code = "processor_away"
    message = gettext_lazy("Le processeur de paiement ne répond pas pour l’instant. Réessayez dans quelques minutes.")


class AccountRefused(Refusal):
    code = "account_refused"
    message = gettext_lazy(
        "Le processeur de paiement a refusé la demande. Vérifiez l’adresse courriel, puis réessayez."
    )


class StillInUse(Refusal):
    code = "account_in_use"
    message = gettext_lazy("Ce compte sert encore\u202f: {what}. Attendez la fin, puis recommencez.")


class NotConnected(Refusal):
    code = "account_not_connected"
    message = gettext_lazy("Ce compte n’est pas relié au processeur de paiement.")


def account_of(payee: Payee) -> ConnectedAccount | None:
    """None for a payee that has none yet, and for one that names an account of nobody here."""
    return ConnectedAccount.objects.filter(processor_id=payee.processor_account).first()


def open_account(*, payee_id: UUID, email: str, actor: Actor, at: datetime) -> Payee:
    """Who is paid from now on, with its account: that payee, or who takes its place where its account was left.

    Asked twice, or by two at once, it is one account. Raises ProcessorAway or AccountRefused.
    """
    payee = Payee.objects.get(pk=payee_id)
    known = account_of(payee)
    while known is not None and known.is_disconnected:
        payee = _take_over(payee_id=payee.id, actor=actor, at=at)
        known = account_of(payee)
    if known is not None:
        return payee
    try:
        account = billing.connect_account(
            organisation_id=current().pk, name=payee.name, email=email, at=at, payee=payee.id
        )
    except ProcessorUnavailable as error:
        raise ProcessorAway from error
    except ProcessorRefused as error:
        raise AccountRefused from error
    return _link(payee_id=payee.id, processor_account=account.processor_id, actor=actor, at=at)


def page_of(payee: Payee, *, return_url: str, refresh_url: str) -> str:
    """Where a person tells the processor what it asks. Raises NotConnected, ProcessorAway or AccountRefused."""
    account = account_of(payee)
    if account is None or account.is_disconnected:
        raise NotConnected
    try:
        return billing.onboarding_page(account, return_url=return_url, refresh_url=refresh_url)
    except ProcessorUnavailable as error:
        raise ProcessorAway from error
    except ProcessorRefused as error:
        raise AccountRefused from error


def look_again(payee: Payee) -> ConnectedAccount:
    """What the processor says of it now. Raises NotConnected, ProcessorAway or AccountRefused."""
    if account_of(payee) is None:
        raise NotConnected
    try:
        return billing.refresh_account(processor_id=payee.processor_account)
    except ProcessorUnavailable as error:
        raise ProcessorAway from error
    except ProcessorRefused as error:
        raise AccountRefused from error


def under_way(payee: Payee) -> list[str]:
    """What of the account's money is still to come or to go, in words; empty for what may be left."""
    payees = Payee.objects.filter(processor_account=payee.processor_account)
    online = Payment.objects.filter(order__payee__in=payees, means=Means.ONLINE)
    payments = online.filter(status__in=LIVE).count()
    disputes = online.filter(dispute__status__in=UNDECIDED).count()
    instalments = Instalment.objects.filter(order__payee__in=payees, status__in=OPEN, left_cents__gt=0).count()
    waiting = (RefundStatus.DUE, RefundStatus.PENDING)
    refunds = Refund.objects.filter(
        payment__order__payee__in=payees, means=RefundMeans.CARD, status__in=waiting
    ).count()
    found = (
        (payments, ngettext("%(n)s paiement en cours", "%(n)s paiements en cours", payments)),
        (instalments, ngettext("%(n)s versement à venir", "%(n)s versements à venir", instalments)),
        (refunds, ngettext("%(n)s remboursement en cours", "%(n)s remboursements en cours", refunds)),
        (disputes, ngettext("%(n)s paiement contesté", "%(n)s paiements contestés", disputes)),
    )
    return [words % {"n": count} for count, words in found if count]


def disconnect(*, payee_id: UUID, actor: Actor, at: datetime) -> None:
    """Take no new payment by its account, and keep it to give back what it took.

    One that never took any money is closed at the processor too. Raises NotConnected or StillInUse.
    """
    payee = _leave(payee_id=payee_id, actor=actor, at=at)
    payees = Payee.objects.filter(processor_account=payee.processor_account)
    if not Payment.objects.filter(order__payee__in=payees, means=Means.ONLINE, status=Status.SUCCEEDED).exists():
        billing.close_if_empty(processor_id=payee.processor_account)


@operation
def _leave(*, payee_id: UUID, actor: Actor, at: datetime) -> Payee:
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    if account_of(payee) is None:
        raise NotConnected
    if what := under_way(payee):
        raise StillInUse(what=", ".join(what))
    if billing.disconnect(processor_id=payee.processor_account, at=at):
        _record("payees.account_left", payee, actor, at)
    return payee


@operation
def _link(*, payee_id: UUID, processor_account: str, actor: Actor, at: datetime) -> Payee:
    mine = Payee.objects.filter(pk=payee_id)
    linked = mine.exclude(processor_account=processor_account).update(processor_account=processor_account)
    payee = mine.get()
    if linked:
        _record("payees.account_opened", payee, actor, at)
    return payee


@operation
def _take_over(*, payee_id: UUID, actor: Actor, at: datetime) -> Payee:
    """Who takes the place of a payee whose account was left: one at most, whoever asks for it."""
    old = lock_one(Payee.objects.filter(pk=payee_id))
    name = uuid5(old.id, _SUCCESSOR)
    known = Payee.objects.filter(pk=name).first()
    if known is not None:
        return known
    new = Payee.objects.create(id=name, name=old.name, **{column: getattr(old, column) for column in _TAKEN_OVER})
    if old.iban or old.bank_account:
        banking.set_bank(payee_id=new.id, iban=old.iban, bic=old.bic, bank_account=old.bank_account)
    Establishment.objects.filter(payee=old).update(payee=new)
    Offering.objects.filter(payee=old).update(payee=new)
    Payee.objects.filter(pk=old.pk).update(name=_former(old))
    _record("payees.taken_over", new, actor, at)
    return Payee.objects.get(pk=new.pk)


def _former(old: Payee) -> str:
    """Told apart from who takes its place, and from those whose account was left before."""
    number = Payee.objects.filter(legal_name=old.legal_name).count() - 1
    words = _("%(name)s (ancien compte %(number)s)")
    return words % {"name": Truncator(old.name).chars(_NAME_LENGTH - 40), "number": number}


def _record(action: str, payee: Payee, actor: Actor, at: datetime) -> None:
    details = {"name": payee.name, "account": payee.processor_account}
    audit.record(action=action, subject="payee", subject_id=payee.id, actor=actor, at=at, details=details)
