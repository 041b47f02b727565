"""The catalogue as a whole, and the settings of what it costs and of how families are helped."""

from django.urls import path

from tenant_apps.office.catalogue import help_texts, prices

urlpatterns = [
    path("reglages/tarifs", prices.tables, name="prices"),
    path("reglages/tarifs/residence", prices.residence, name="price_residence"),
    path("reglages/tarifs/<slug:section>/ajouter", prices.row, name="price_add"),
    path("reglages/tarifs/<slug:section>/entree/<str:key>", prices.row, name="price_row"),
    path("reglages/tarifs/<slug:section>/entree/<str:key>/retirer", prices.drop_row, name="price_drop"),
    path("reglages/aide", help_texts.texts, name="help_texts"),
    path("reglages/aide/organisation", help_texts.for_everybody, name="help_text"),
    path("reglages/aide/etablissements/<slug:code>", help_texts.for_establishment, name="establishment_help"),
]
