"""What the tables of the platform's billing hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_EVENT = Held(
    DataClass.PAYMENT,
    _("Suivre les paiements que le processeur annonce"),
    Retention.ACCOUNTING,
    Basis.LAW,
    is_exported=False,
)
_BILLED = Held(
    DataClass.PAYMENT, _("Facturer le service à l’organisation"), Retention.ACCOUNTING, Basis.LAW, is_exported=False
)

FIELDS = {
    **fields("ConnectedAccount", "id organisation payee processor_id name charges_enabled payouts_enabled"),
    **fields("ConnectedAccount", "requirements_due requirements deadline_at checked_at deadline_told opened_at"),
    **fields("ConnectedAccount", "disconnected_at fee_basis_points created_at"),
    **fields("ProcessorEvent", "processor_id kind account received_at due_at handled_at attempts"),
    # The processor's own words of a payment: the name on a card, an address.
    **fields("ProcessorEvent", "payload last_error", _EVENT),
    **fields("Plan", "code position is_offered names summaries prices participants fee_basis_points trial_days"),
    **fields("Plan", "limits processor"),
    **fields("Subscription", "id organisation plan state collection currency trial_until period_start period_end"),
    **fields("Subscription", "customer_id processor_id past_due_since reminders suspend_after ends_at created_at"),
    **fields("Subscription", "sold checked_at"),
    **fields("Subscription", "billing card", _BILLED),
    **fields("Invoice", "id organisation processor_id number state currency net_cents tax_cents total_cents due_cents"),
    **fields("Invoice", "lines period_start period_end issued_at due_at paid_at page_url pdf_url"),
    **fields("Usage", "id organisation day participants transactions volume_cents sent_at"),
}
