"""The operators' console, under /console."""

from django.urls import include, path

from tenant_apps.console.views import migrations, organisations, payees, support

app_name = "console"

urlpatterns = [
    path("", include("tenant_apps.console.arrival_urls")),
    path("console", organisations.every, name="organisations"),
    path("console/nouvelle", organisations.new, name="new"),
    path("console/migrations", migrations.migrations, name="migrations"),
    path("console/migrations/lancer", migrations.migrated, name="migrate"),
    path("console/organisations/<slug:slug>", organisations.one, name="organisation"),
    path("console/organisations/<slug:slug>/suspendre", organisations.suspended, name="suspend"),
    path("console/organisations/<slug:slug>/reprendre", organisations.resumed, name="resume"),
    path("console/organisations/<slug:slug>/preparer", organisations.prepared_again, name="prepare"),
    path("console/organisations/<slug:slug>/comptes", payees.accounts, name="payees"),
    path("console/organisations/<slug:slug>/comptes/verifier", payees.look_again, name="payees_look_again"),
    path("console/organisations/<slug:slug>/soutien", support.grants, name="support"),
    path("console/organisations/<slug:slug>/soutien/entrer", support.enter, name="support_enter"),
]
