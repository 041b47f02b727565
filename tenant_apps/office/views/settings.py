"""The settings of the organisation, gathered: each card leads to pages of its own."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shared_apps.accounts.access import staff
from tenant_apps.office.pages import page
from tenant_apps.office.scope import SETTINGS


@staff(*SETTINGS)
def settings(request: HttpRequest) -> HttpResponse:
    cards = [
        ("identity", _("Identité"), _("Nom, coordonnées, langues, logo et couleurs."), "landmark"),
        ("establishments", _("Établissements"), _("Les écoles ou les lieux, et la page de chacun."), "school"),
        ("people", _("Personnel"), _("Qui travaille ici, avec quel rôle."), "users"),
        ("payment_settings", _("Paiement"), _("Moyens de paiement, versements, codes comptables."), "receipt"),
        ("payee_accounts", _("Comptes de paiement"), _("Qui est payé, et ce que le processeur attend."), "wallet"),
        ("domains", _("Domaines"), _("Les adresses où les familles vous trouvent."), "map-pin"),
        ("ways_in", _("Connexion des familles"), _("Comptes, identité en ligne, portail de l’organisation."), "log-in"),
        ("subscription", _("Abonnement"), _("Votre forfait, ce que vous utilisez, vos factures."), "receipt"),
        (
            "support",
            _("Soutien"),
            _("Les accès donnés à l’équipe de la plateforme, et ce qu’elle a regardé."),
            "shield-check",
        ),
        ("leaving", _("Données et départ"), _("La copie complète de vos données, et comment partir."), "log-out"),
    ]
    shown = [
        {"url": reverse(f"office:{name}"), "label": label, "text": text, "icon": drawing}
        for name, label, text, drawing in cards
    ]
    return page(request, "office/settings.html", {"cards": shown}, section="settings")
