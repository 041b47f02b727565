"""The addresses of money in the workplace, part of those of `office`, under « finances/ »."""

from django.urls import URLPattern, path

from tenant_apps.office.money import receipts

urlpatterns: list[URLPattern] = [
    path("recus/<uuid:receipt_id>/corriger", receipts.receipt_correct, name="receipt_correct"),
]
