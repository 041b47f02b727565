"""The addresses of waiting lists in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.waiting import views

_LIST = "activites/<slug:slug>/attente"

urlpatterns = [
    path(_LIST, views.listed, name="waiting"),
    path(f"{_LIST}.csv", views.listed_csv, name="waiting_csv"),
    path(f"{_LIST}/<uuid:request_id>/proposer", views.offer, name="waiting_offer"),
    path(f"{_LIST}/<uuid:request_id>/retirer", views.remove, name="waiting_remove"),
]
