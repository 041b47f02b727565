"""The addresses of data and departure, part of those of `office`."""

from django.urls import path

from tenant_apps.office.leaving import views

urlpatterns = [
    path("reglages/depart", views.leaving, name="leaving"),
    path("reglages/depart/annoncer", views.announce, name="leaving_announce"),
    path("reglages/depart/annuler", views.stay, name="leaving_stay"),
    path("reglages/depart/export", views.exports, name="exports"),
    path("reglages/depart/export/demander", views.ask_export, name="ask_export"),
    path("reglages/depart/export/<uuid:export_id>.zip", views.download, name="export_file"),
]
