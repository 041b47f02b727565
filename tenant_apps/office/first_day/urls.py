"""The addresses of the first day, part of those of `office`."""

from django.urls import path

from tenant_apps.office.first_day import views

urlpatterns = [
    path("premier-jour/fermer", views.dismiss, name="first_day_dismiss"),
    path("premier-jour/essai", views.trial, name="first_day_trial"),
    path("premier-jour/ouvrir", views.go_live, name="go_live"),
]
