"""The operators' console, under /console."""

from django.urls import include, path

from tenant_apps.console.views import (
    board,
    domains,
    leaving,
    migrations,
    organisations,
    payees,
    restores,
    support,
    watching,
)

app_name = "console"

urlpatterns = [
    path("", include("tenant_apps.console.arrival_urls")),
    path("", include("tenant_apps.console.billing_urls")),
    path("console", board.organisations, name="organisations"),
    path("console/nouvelle", organisations.new, name="new"),
    path("console/erreurs", watching.faults, name="faults"),
    path("console/erreurs/<int:fault_id>/reglee", watching.fault_settled, name="fault_settle"),
    path("console/erreurs/<int:fault_id>/rouvrir", watching.fault_reopened, name="fault_reopen"),
    path("console/taches", watching.tasks, name="tasks"),
    path("console/taches/evenements", watching.events_again, name="events_again"),
    path("console/journal", watching.deeds, name="journal"),
    path("console/migrations", migrations.migrations, name="migrations"),
    path("console/migrations/lancer", migrations.migrated, name="migrate"),
    path("console/organisations/<slug:slug>", organisations.one, name="organisation"),
    path("console/organisations/<slug:slug>/sante", watching.of_one, name="health"),
    path("console/organisations/<slug:slug>/sante/courriels", watching.mail_again, name="mail_again"),
    path("console/organisations/<slug:slug>/suspendre", organisations.suspended, name="suspend"),
    path("console/organisations/<slug:slug>/reprendre", organisations.resumed, name="resume"),
    path("console/organisations/<slug:slug>/preparer", organisations.prepared_again, name="prepare"),
    path("console/organisations/<slug:slug>/domaines", domains.listed, name="domains"),
    path("console/organisations/<slug:slug>/domaines/<str:name>", domains.checked, name="domain_check"),
    path("console/organisations/<slug:slug>/comptes", payees.accounts, name="payees"),
    path("console/organisations/<slug:slug>/comptes/verifier", payees.look_again, name="payees_look_again"),
    path("console/organisations/<slug:slug>/depart", leaving.shown, name="leaving"),
    path("console/organisations/<slug:slug>/depart/copie", leaving.export_asked, name="leaving_export"),
    path("console/organisations/<slug:slug>/depart/annuler", leaving.cancelled, name="leaving_cancel"),
    path("console/organisations/<slug:slug>/depart/certificat.pdf", leaving.certificate, name="certificate"),
    path("console/organisations/<slug:slug>/depart/certificat.json", leaving.certificate_data, name="certificate_data"),
    path("console/organisations/<slug:slug>/restaurations", restores.listed, name="restores"),
    path("console/organisations/<slug:slug>/soutien", support.grants, name="support"),
    path("console/organisations/<slug:slug>/soutien/entrer", support.enter, name="support_enter"),
]
