"""A policy in sentences, for families before they choose and for staff who set it; and a request in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing.wording import amount, percent
from tenant_apps.catalog.reasons import day_words
from tenant_apps.changes.models import ChangeRequest, Kind
from tenant_apps.changes.policy import Decision, Fee, Policy, days_of
from tenant_apps.changes.quotes import Quote
from tenant_apps.registrations.models import Status as Registered

# What each thing that a policy says is called, in forms of the workplace.
FIELDS = {
    "allowed": gettext_lazy("Les familles peuvent le demander elles-mêmes"),
    "until_days": gettext_lazy("Jusqu’à combien de jours avant le début"),
    "fees": gettext_lazy("Frais retenus"),
    "from_days_before": gettext_lazy("À partir de combien de jours avant le début"),
    "percent": gettext_lazy("En pour cent de ce qui a été payé"),
    "cents": gettext_lazy("Montant fixe"),
    "asks_reason": gettext_lazy("Demander la raison"),
    "asks_proof": gettext_lazy("Demander un document, s’il y a lieu"),
    "decision": gettext_lazy("Qui décide"),
}
DECISIONS = [
    (Decision.AUTOMATIC.value, gettext_lazy("C’est accepté aussitôt")),
    (Decision.STAFF.value, gettext_lazy("Le personnel décide")),
]


def explain(policy: Policy) -> list[str]:
    """Without the dates of an option: the practice of an organisation, or of an offering."""
    if not policy.allowed:
        return [_("Les familles écrivent à l’organisation\u202f: rien ne se fait en ligne.")]
    said = []
    if policy.until_days is not None:
        said.append(
            ngettext(
                "Possible jusqu’à %(days)s jour avant le début.",
                "Possible jusqu’à %(days)s jours avant le début.",
                policy.until_days,
            )
            % {"days": policy.until_days}
        )
    said += [_explained(fee) for fee in _in_order(policy)] or [_("Sans frais.")]
    if policy.asks_reason:
        said.append(_("La raison est demandée."))
    if policy.asks_proof:
        said.append(_("Un document est demandé, s’il y a lieu."))
    said.append(_("Le personnel décide.") if policy.decision == Decision.STAFF else _("C’est accepté aussitôt."))
    return said


def fees_of(policy: Policy, option: Option) -> list[str]:
    """With the days of an option: « Dès le 8 juillet 2026 : 50 % de ce qui a été payé »."""
    first, _last = days_of(option)
    said = []
    for fee in _in_order(policy):
        if fee.from_days_before is None:
            said.append(_("Dès l’inscription\u202f: %(fee)s") % {"fee": fee_words(fee)})
        elif first is not None:
            day = day_words(first - timedelta(days=fee.from_days_before))
            said.append(_("Dès le %(day)s\u202f: %(fee)s") % {"day": day, "fee": fee_words(fee)})
    return said


def fee_words(fee: Fee) -> str:
    if fee.percent >= 100:
        return _("aucun remboursement")
    if fee.percent and fee.cents:
        return _("%(percent)s de ce qui a été payé, et %(amount)s") % _values(fee)
    if fee.percent:
        return _("%(percent)s de ce qui a été payé") % _values(fee)
    return amount(fee.cents) if fee.cents else _("sans frais")


def title(request: ChangeRequest) -> str:
    """« Désinscription », or « Annulation » where the organisation did it."""
    if request.kind == Kind.WITHDRAWAL and request.registration.status == Registered.CANCELLED:
        return _("Annulation par l’organisation")
    return str(request.get_kind_display())


def _explained(fee: Fee) -> str:
    if fee.from_days_before is None:
        return _("Dès l’inscription\u202f: %(fee)s.") % {"fee": fee_words(fee)}
    return ngettext(
        "Dès %(days)s jour avant le début\u202f: %(fee)s.",
        "Dès %(days)s jours avant le début\u202f: %(fee)s.",
        fee.from_days_before,
    ) % {"days": fee.from_days_before, "fee": fee_words(fee)}


def _values(fee: Fee) -> dict[str, str]:
    return {"percent": percent(fee.percent), "amount": amount(fee.cents)}


def _in_order(policy: Policy) -> list[Fee]:
    """As time goes by."""
    return sorted(policy.fees, key=lambda fee: -(10_000 if fee.from_days_before is None else fee.from_days_before))


def sums(quote: Quote) -> str:
    """What a change costs or gives back, in a few words beside its choice."""
    said = {"fee": amount(quote.fee_cents), "due": amount(quote.due_cents), "refund": amount(quote.refund_cents)}
    if quote.due_cents:
        return (_("%(due)s à payer, dont %(fee)s de frais") if quote.fee_cents else _("%(due)s à payer")) % said
    if quote.refund_cents:
        return (_("%(refund)s rendus, %(fee)s de frais retenus") if quote.fee_cents else _("%(refund)s rendus")) % said
    return _("%(fee)s de frais retenus, rien n’est rendu") % said if quote.fee_cents else _("même prix")
