"""The addresses of changes in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.changes import closing, counter, views

urlpatterns = [
    path("changements", views.changes, name="change_requests"),
    path("changements/<uuid:change_id>", views.change, name="change_request"),
    path("changements/<uuid:change_id>/preuves/<uuid:upload_id>", views.proof, name="change_proof"),
    path("inscriptions/<uuid:registration_id>/changer", counter.counter, name="registration_change"),
    path("activites/<slug:slug>/annuler", closing.close, name="close_options"),
]
