"""The addresses of the families' portal."""

from django.urls import path

from tenant_apps.portal.views import (
    account,
    assets,
    basket,
    catalogue,
    checkout,
    confirmation,
    registration,
    statements,
)

urlpatterns = [
    path("", catalogue.home, name="home"),
    path("activites", catalogue.catalogue, name="catalogue"),
    path("activites/<slug:slug>", catalogue.offering, name="offering"),
    path("activites/<slug:slug>/inscription", registration.register, name="register"),
    path("activites/<slug:slug>/ajoute", registration.added, name="added"),
    path("panier", basket.basket, name="basket"),
    path("panier/supprimer/<uuid:registration_id>", basket.remove, name="basket_remove"),
    path("panier/abandonner", basket.abandon, name="basket_abandon"),
    path("commande", checkout.checkout, name="checkout"),
    path("paiement/retour/<slug:token>", checkout.payment_return, name="payment_return"),
    path("paiement/annule/<slug:token>", checkout.payment_cancelled, name="payment_cancelled"),
    path("confirmation/<slug:token>", confirmation.confirmation, name="confirmation"),
    path("confirmation/<slug:token>/recu.pdf", confirmation.receipt, name="receipt"),
    path("confirmation/<slug:token>/calendrier.ics", confirmation.calendar, name="calendar_file"),
    path("mon-dossier", account.account, name="account"),
    path("mon-dossier/inscriptions", account.bookings, name="bookings"),
    path("mon-dossier/comptes-et-recus", account.invoices, name="invoices"),
    path("profil", account.profile, name="profile"),
    path("profil/enfants/ajouter", account.child_add, name="child_add"),
    path("profil/enfants/<uuid:participant_id>/modifier", account.child_edit, name="child_edit"),
    path("profil/enfants/<uuid:participant_id>/supprimer", account.child_remove, name="child_remove"),
    path("marque.css", assets.brand_css, name="brand_css"),
    path("images/<path:path>", assets.picture, name="picture"),
    path("robots.txt", assets.robots, name="robots"),
    path("accessibilite", statements.accessibility, name="accessibility"),
    path("confidentialite", statements.privacy, name="privacy"),
]
