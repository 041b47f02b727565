"""The workplace, under /gestion/."""

from django.urls import include, path

from tenant_apps.office.views import finances, groups, home, journal, lists, offerings, orders, registrations, sign_in

app_name = "office"

urlpatterns = [
    path("", home.home, name="home"),
    path("activites", offerings.offerings, name="offerings"),
    path("activites/<slug:slug>", offerings.offering, name="offering"),
    path("activites/<slug:slug>/places/<uuid:option_id>", offerings.capacity, name="capacity"),
    path("activites/<slug:slug>/groupe", groups.group, name="group"),
    path("activites/<slug:slug>/groupe.csv", groups.group_csv, name="group_csv"),
    path("inscriptions", registrations.registrations, name="registrations"),
    path("inscriptions.csv", registrations.registrations_csv, name="registrations_csv"),
    path("commandes/<slug:reference>", orders.order, name="order"),
    path("recus/<uuid:receipt_id>.pdf", orders.receipt, name="receipt"),
    path("", include("tenant_apps.office.consent_urls")),
    path("finances", finances.finances, name="finances"),
    path("finances.csv", finances.payments_csv, name="payments_csv"),
    path("finances/journal", journal.journal, name="journal"),
    path("finances/journal.csv", journal.journal_csv, name="journal_csv"),
    path("etablissements", lists.establishments, name="establishments"),
    path("personnel", lists.people, name="people"),
    path("reglages/connexion", sign_in.ways_in, name="ways_in"),
    path("reglages/connexion/ajouter/<slug:preset>", sign_in.add_provider, name="add_provider"),
    path("reglages/connexion/<slug:provider_id>", sign_in.provider, name="provider"),
    path("reglages/connexion/<slug:provider_id>/verifier", sign_in.check_provider, name="check_provider"),
    path("reglages/connexion/<slug:provider_id>/service", sign_in.serve_provider, name="serve_provider"),
    path("reglages/connexion/<slug:provider_id>/retirer", sign_in.remove_provider, name="remove_provider"),
]
