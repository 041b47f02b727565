"""What operators did to an organisation: how it is noted, and in words."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.trails import Words


def record(action: str, organisation_id: UUID | None, actor: Actor, at: datetime, **details: object) -> None:
    audit.record(action=action, subject="organisation", subject_id=organisation_id, actor=actor, at=at, details=details)


WORDS: Words = {
    "organisations.created": _("Organisation ouverte"),
    "organisations.prepared_again": _("Préparation redemandée"),
    "organisations.suspended": _("Organisation suspendue"),
    "support.entered": _("Espace de travail regardé, par un accès de soutien"),
    "migrations.asked": _("Migrations demandées"),
    "organisations.mail_sent_again": _("Courriels en échec relancés"),
    "faults.settled": _("Erreur réglée"),
    "faults.reopened": _("Erreur rouverte"),
    "platform.events_again": _("Événements du processeur repris"),
    "organisations.export_asked": _("Copie complète demandée"),
    "organisations.departure_announced": _("Départ annoncé"),
    "organisations.departure_cancelled": _("Départ annulé"),
    "organisations.resumed": _("Organisation remise en service"),
    "domains.checked": _("Vérification d’un domaine demandée"),
    "organisations.payees_looked_at": _("Comptes de paiement vérifiés"),
    "sign_ups.asked": _("Demande écrite"),
    "sign_ups.confirmed": _("Courriel confirmé"),
    "sign_ups.approved": _("Demande acceptée"),
    "sign_ups.refused": _("Demande refusée"),
    "platform.arrivals_changed": _("Accueil des organisations changé"),
    "billing.plan_changed": _("Forfait changé"),
    "billing.paid_elsewhere": _("Facture payée autrement"),
    "billing.time_given": _("Délai de paiement prolongé"),
}
