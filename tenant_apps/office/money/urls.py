"""The addresses of money in the workplace, part of those of `office`, under « finances/ »."""

from django.urls import URLPattern, path

from tenant_apps.office.money import (
    at_counter,
    bank,
    bank_line,
    breaks,
    credits,
    deposits,
    disputes,
    owing,
    receipts,
    receiving,
    refunds,
)

urlpatterns: list[URLPattern] = [
    path("comptoir", at_counter.check_out_at_counter, name="counter_check_out"),
    path("a-recevoir", owing.owing, name="owing"),
    path("a-recevoir.csv", owing.owing_csv, name="owing_csv"),
    path("commandes/<slug:reference>/abandonner", disputes.forgive, name="forgive"),
    path("commandes/<slug:reference>/rembourser", refunds.give_back, name="refund"),
    path("commandes/<slug:reference>/recevoir", receiving.receive, name="receive"),
    path("commandes/<slug:reference>/rappeler", receiving.remind, name="remind"),
    path("echeances/<uuid:instalment_id>", receiving.due_day, name="due_day"),
    path("contestations", disputes.disputes, name="disputes"),
    path("credits", credits.credits, name="credits"),
    path("credits/<uuid:guardian_id>", credits.credit_of, name="credit"),
    path("credits/<uuid:guardian_id>/<slug:what>", credits.credit_change, name="credit_change"),
    path("depots", deposits.deposits, name="deposits"),
    path("depots/<uuid:payee_id>", deposits.deposit, name="deposit"),
    path("depots/<uuid:payee_id>/<int:number>.pdf", deposits.deposit_slip, name="deposit_slip"),
    path("recus/<uuid:receipt_id>/corriger", receipts.receipt_correct, name="receipt_correct"),
    path("remboursements", refunds.refunds, name="refunds"),
    path("remboursements/<uuid:refund_id>", refunds.refund_page, name="refund_page"),
    path("virements", bank.bank, name="bank"),
    path("virements/importer", bank.bank_import, name="bank_import"),
    path("virements/importer/confirmer", bank.bank_confirm, name="bank_confirm"),
    path("virements/<uuid:line_id>", bank_line.bank_line, name="bank_line"),
    path("rapprochement", breaks.breaks, name="breaks"),
    path("rapprochement/maintenant", breaks.reconcile_now, name="reconcile_now"),
    path("rapprochement/<uuid:line_id>", breaks.break_page, name="break"),
]
