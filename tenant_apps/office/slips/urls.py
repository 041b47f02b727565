"""The addresses of tax slips in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.slips import doing, views

urlpatterns = [
    path("attestations", views.slips, name="slips"),
    path("attestations/apercu.pdf", views.preview, name="slips_preview"),
    path("attestations/fichier", views.file, name="slips_file"),
    path("attestations/faire", doing.make, name="slips_make"),
    path("attestations/publier", doing.publish, name="slips_publish"),
    path("attestations/demander", doing.ask, name="slips_ask"),
    path("attestations/<uuid:slip_id>", views.slip, name="slip"),
    path("attestations/<uuid:slip_id>.pdf", views.document, name="slip_pdf"),
    path("attestations/<uuid:slip_id>/modifier", doing.amend, name="slip_amend"),
    path("attestations/<uuid:slip_id>/annuler", doing.cancel, name="slip_cancel"),
]
