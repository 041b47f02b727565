"""What was done about a family, in words: the names of the actions of the audit trail."""

from django.utils.translation import gettext_lazy as _

from shared_apps.audit.trails import Words

WORDS: Words = {
    "account.disabled": _("Compte désactivé"),
    "account.enabled": _("Compte réactivé"),
    "claim.accepted": _("Demande de rattachement acceptée"),
    "claim.made": _("Demande de rattachement reçue"),
    "claim.refused": _("Demande de rattachement refusée"),
    "claim.withdrawn": _("Demande de rattachement retirée"),
    "consent.signed": _("Autorisation signée"),
    "form.submitted": _("Formulaire envoyé"),
    "guardian.billing_changed": _("Facturation et attestations changées"),
    "guardian.changed": _("Coordonnées changées par la personne"),
    "guardian.claimed": _("Dossier retrouvé à l’ouverture du compte"),
    "guardian.email_corrected": _("Courriel corrigé"),
    "guardian.household_joined": _("Réunie à un autre ménage"),
    "guardian.household_split": _("Séparée du ménage"),
    "guardian.invited": _("Invitée à ouvrir un compte"),
    "guardian.joined": _("Reliée à un compte"),
    "guardian.merged": _("Dossier fusionné avec un autre"),
    "health.read": _("Réponses sur la santé consultées"),
    "invitation.accepted": _("Invitation acceptée"),
    "invitation.cancelled": _("Invitation annulée"),
    "invitation.refused": _("Invitation refusée"),
    "invitation.sent": _("Invitation envoyée à un autre parent"),
    "invitation.sent_again": _("Invitation envoyée de nouveau"),
    "letter.made": _("Lettre d’activation imprimée"),
    "letter.used": _("Lettre d’activation utilisée"),
    "link.added": _("Parent rattaché"),
    "link.blocked": _("Accès d’un adulte bloqué"),
    "link.changed": _("Droits ou garde changés"),
    "link.unblocked": _("Accès d’un adulte rétabli"),
    "participant.added": _("Dossier créé"),
    "participant.changed": _("Dossier changé"),
    "participant.corrected": _("Identité corrigée par le personnel"),
    "participant.merged": _("Dossier fusionné avec un autre"),
    "participant.removed": _("Retiré par la famille"),
}
