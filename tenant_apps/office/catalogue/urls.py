"""The catalogue as a whole, and the settings of what it costs and of how families are helped."""

from django.urls import path

from tenant_apps.office.catalogue import bulk, categories, copies, help_texts, prices, seasons, supplier, tables, trial

urlpatterns = [
    path("activites/<slug:slug>/copier", copies.duplicate, name="duplicate"),
    path("activites/<slug:slug>/commande", supplier.order, name="supplier"),
    path("activites/<slug:slug>/commande.csv", supplier.order_csv, name="supplier_csv"),
    path("activites/<slug:slug>/essai", trial.offering, name="trial"),
    path("catalogue/essai", trial.catalogue, name="trial_catalogue"),
    path("catalogue/lot", bulk.many, name="bulk"),
    path("catalogue/saisons", seasons.listed, name="seasons"),
    path("catalogue/saisons/nouvelle", seasons.season, name="season_add"),
    path("catalogue/saisons/<uuid:season_id>", seasons.season, name="season"),
    path("catalogue/saisons/<uuid:season_id>/copier", copies.clone, name="clone_season"),
    path("catalogue/categories", categories.listed, name="categories"),
    path("catalogue/categories/nouvelle", categories.category, name="category_add"),
    path("catalogue/categories/<slug:slug>/modifier", categories.category, name="category"),
    path("catalogue/categories/<slug:slug>/deplacer", categories.move, name="category_move"),
    path("catalogue/importer", tables.begin, name="table_new"),
    path("catalogue/importer/<uuid:file_id>", tables.check, name="table_check"),
    path("catalogue/importer/<uuid:file_id>/ecrire", tables.write, name="table_write"),
    path("catalogue/importer/<uuid:file_id>/abandonner", tables.leave, name="table_leave"),
    path("catalogue/modele.csv", tables.model, name="table_model"),
    path("catalogue/exporter.csv", tables.export, name="table_export"),
    path("reglages/tarifs", prices.tables, name="prices"),
    path("reglages/tarifs/residence", prices.residence, name="price_residence"),
    path("reglages/tarifs/<slug:section>/ajouter", prices.row, name="price_add"),
    path("reglages/tarifs/<slug:section>/entree/<str:key>", prices.row, name="price_row"),
    path("reglages/tarifs/<slug:section>/entree/<str:key>/retirer", prices.drop_row, name="price_drop"),
    path("reglages/aide", help_texts.texts, name="help_texts"),
    path("reglages/aide/organisation", help_texts.for_everybody, name="help_text"),
    path("reglages/aide/etablissements/<slug:code>", help_texts.for_establishment, name="establishment_help"),
]
