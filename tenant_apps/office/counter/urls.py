"""The addresses of the counter in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.counter import queue, views

urlpatterns = [
    path("comptoir", views.counter, name="counter"),
    path("comptoir/code", views.begin_by_code, name="counter_code"),
    path("comptoir/famille", views.new_family, name="counter_new_family"),
    path("comptoir/ecrans", views.screens, name="counter_screens"),
    path("comptoir/familles/<uuid:guardian_id>", views.begin, name="counter_begin"),
    path("comptoir/ouvertures/<uuid:opening_id>", queue.queue, name="counter_queue"),
    path("comptoir/ouvertures/<uuid:opening_id>/familles/<uuid:guardian_id>", queue.take_ticket, name="counter_ticket"),
]
