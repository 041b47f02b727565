"""The addresses of the subscription, part of those of `office`."""

from django.urls import path

from tenant_apps.office.subscription import views

urlpatterns = [
    path("reglages/abonnement", views.subscription, name="subscription"),
    path("reglages/abonnement/facturation", views.details, name="subscription_details"),
    path("reglages/abonnement/forfaits", views.choices, name="subscription_plans"),
    path("reglages/abonnement/forfaits/<slug:code>", views.choose, name="subscription_plan"),
    path("reglages/abonnement/carte", views.card, name="subscription_card"),
    path("reglages/abonnement/carte/retour", views.card_given, name="subscription_card_given"),
    path("reglages/abonnement/sur-facture", views.on_invoice, name="subscription_on_invoice"),
    path("reglages/abonnement/fin", views.end, name="subscription_end"),
    path("reglages/abonnement/continuer", views.go_on, name="subscription_go_on"),
]
