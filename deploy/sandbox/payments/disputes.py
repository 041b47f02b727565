"""Disputes: a payer's bank takes money back and asks questions."""

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import fees, ledger
from deploy.sandbox.work import Work, job

_EVIDENCE = (
    *("access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure"),
    *("cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name"),
    *("customer_purchase_ip", "customer_signature", "duplicate_charge_documentation"),
    *("duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt"),
    *("refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date"),
    *("service_documentation", "shipping_address", "shipping_carrier", "shipping_date"),
    *("shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text"),
)


def open_on(work: Work, charge: Json, *, reason: str) -> Json:
    """The bank takes the money back, with a fee, until the dispute is decided."""
    identifier = new_id("dp")
    transaction = ledger.record(
        work,
        "adjustment",
        source=identifier,
        amount=-charge["amount"],
        currency=charge["currency"],
        fees=[fees.stripe_fee(fees.DISPUTE, charge["currency"])],
        description=f"Chargeback withdrawal for {charge['id']}",
    )
    kind = charge["payment_method_details"]["type"]
    brand = charge["payment_method_details"][kind].get("brand")
    dispute = work.add(
        {
            "id": identifier,
            "object": "dispute",
            "amount": charge["amount"],
            "balance_transactions": [transaction],
            "charge": charge["id"],
            "created": work.now,
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": dict.fromkeys(_EVIDENCE) | {"enhanced_evidence": {}},
            "evidence_details": {
                "due_by": work.now + 9 * DAY,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                kind: {
                    "brand": brand,
                    "case_type": "chargeback",
                    "network": brand,
                    "network_reason_code": "10.4",
                }
                if kind == "card"
                else {},
                "type": kind,
            },
            "reason": reason,
            "status": "needs_response",
        }
    )
    work.save(charge | {"disputed": True})
    work.emit("charge.dispute.created", dispute)
    work.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close(work: Work, dispute: Json, *, won: bool) -> Json:
    """The bank has decided; what was taken comes back when the merchant wins."""
    changes: Json = {"status": "won" if won else "lost"}
    if won:
        transaction = ledger.record(
            work,
            "adjustment",
            source=dispute["id"],
            amount=dispute["amount"],
            currency=dispute["currency"],
            description=f"Chargeback reversal for {dispute['charge']}",
        )
        changes["balance_transactions"] = [*dispute["balance_transactions"], transaction]
    dispute = work.save(dispute | changes)
    work.emit("charge.dispute.closed", dispute)
    if won:
        work.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


@job("dispute_debit")
def dispute_debit(work: Work, charge_id: str) -> None:
    """A payer denies a debit weeks later."""
    charge = work.get("charge", charge_id)
    if not charge["disputed"]:
        open_on(work, charge, reason="debit_not_authorized")
