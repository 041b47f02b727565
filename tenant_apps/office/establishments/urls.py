"""The addresses of the establishments, part of those of `office`."""

from django.urls import path

from tenant_apps.office.establishments import views

urlpatterns = [
    path("etablissements", views.establishments, name="establishments"),
    path("etablissements/ajouter", views.add, name="establishment_add"),
    path("etablissements/<uuid:establishment_id>", views.edit, name="establishment_edit"),
    path("etablissements/<uuid:establishment_id>/deplacer", views.move, name="establishment_move"),
    path("etablissements/<uuid:establishment_id>/retirer", views.remove, name="establishment_remove"),
]
