"""The addresses of money in the workplace, part of those of `office`, under « finances/ »."""

from django.urls import URLPattern, path

from tenant_apps.office.money import at_counter, deposits, owing, receipts, receiving

urlpatterns: list[URLPattern] = [
    path("comptoir", at_counter.check_out_at_counter, name="counter_check_out"),
    path("a-recevoir", owing.owing, name="owing"),
    path("a-recevoir.csv", owing.owing_csv, name="owing_csv"),
    path("commandes/<slug:reference>/recevoir", receiving.receive, name="receive"),
    path("commandes/<slug:reference>/rappeler", receiving.remind, name="remind"),
    path("echeances/<uuid:instalment_id>", receiving.due_day, name="due_day"),
    path("depots", deposits.deposits, name="deposits"),
    path("depots/<uuid:payee_id>", deposits.deposit, name="deposit"),
    path("depots/<uuid:payee_id>/<int:number>.pdf", deposits.deposit_slip, name="deposit_slip"),
    path("recus/<uuid:receipt_id>/corriger", receipts.receipt_correct, name="receipt_correct"),
]
