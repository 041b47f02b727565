"""The codes of the families' screens, in the order of a visit; a code stays its screen's for ever (O-21)."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenant_apps.organisation.screens import SCREENS, Screen

PORTAL = {
    "home": Screen("P-1", _("Accueil")),
    "catalogue": Screen("P-2", _("Liste ou calendrier des activités, avec les filtres")),
    "offering": Screen("P-3", _("Page d’une activité")),
    "register": Screen("P-4", _("Inscription\u202f: le choix de la personne, puis le formulaire")),
    "added": Screen("P-5", _("«\u202fAjouté au panier\u202f», avec les deux suites possibles")),
    "basket": Screen("P-6", _("Panier")),
    "basket_abandon": Screen("P-7", _("Confirmation avant d’abandonner tout le panier")),
    "checkout": Screen("P-8", _("Résumé des informations, avant de payer")),
    "payment_return": Screen("P-9", _("Attente de la réponse du paiement")),
    "confirmation": Screen("P-10", _("Confirmation de la commande")),
    "helping": Screen("P-11", _("Aide par téléphone\u202f: le code à dicter")),
    "finalise": Screen("P-12", _("Inscriptions à finaliser, enfant par enfant")),
    "waiting_lists": Screen("P-13", _("Listes d’attente\u202f: le rang, et les places proposées")),
    "waiting_leave": Screen("P-14", _("Confirmation avant de quitter une liste d’attente")),
    "waiting_refuse": Screen("P-15", _("Confirmation avant de refuser une place proposée")),
    "waiting_offer": Screen("P-16", _("Place proposée à une famille sans compte, par le lien d’un courriel")),
    "account": Screen("P-20", _("Mon dossier")),
    "bookings": Screen("P-21", _("Mes inscriptions")),
    "invoices": Screen("P-22", _("Comptes et reçus")),
    "to_do": Screen("P-23", _("Fiches à remplir")),
    "record": Screen("P-24", _("Une fiche à remplir ou à confirmer")),
    "consents": Screen("P-25", _("Autorisations")),
    "consent": Screen("P-26", _("Une autorisation à signer")),
    "consent_withdraw": Screen("P-27", _("Retrait d’une autorisation")),
    "consent_signed": Screen("P-28", _("Une autorisation signée")),
    "entitlements": Screen("P-29", _("Preuves et demandes")),
    "entitlement": Screen("P-30", _("Une preuve ou une demande")),
    "entitlement_withdraw": Screen("P-31", _("Retrait d’une demande")),
    "ask_residence": Screen("P-32", _("Preuve de résidence")),
    "ask_income": Screen("P-33", _("Preuve de revenu")),
    "ask_subsidy": Screen("P-34", _("Demande d’aide financière")),
    "ask_approval": Screen("P-35", _("Demande d’approbation pour une activité")),
    "ask_support": Screen("P-36", _("Demande de soutien pour une activité")),
    "instalments": Screen("P-37", _("Versements à venir")),
    "statement": Screen("P-38", _("Compte d’une commande\u202f: ce qui est payé, dû et à venir")),
    "slips": Screen("P-39", _("Attestations fiscales")),
    "my_data": Screen("P-40", _("Mes données")),
    "my_data_erase": Screen("P-41", _("Effacement de mes données")),
    "profile": Screen("P-42", _("Profil\u202f: la liste des enfants et des membres")),
    "contact_details": Screen("P-43", _("Coordonnées de la famille")),
    "child_add": Screen("P-44", _("Ajout d’une personne à la liste")),
    "child": Screen("P-45", _("Une personne de la liste")),
    "child_edit": Screen("P-46", _("Dossier d’une personne, à modifier")),
    "child_remove": Screen("P-47", _("Confirmation avant de retirer une personne de la liste")),
    "member_add": Screen("P-48", _("«\u202fJe m’inscris aussi\u202f»")),
    "pick_up_add": Screen("P-49", _("Personne autorisée à venir chercher")),
    "invite": Screen("P-50", _("Invitation d’un autre parent")),
    "claim": Screen("P-51", _("Réponse à une demande de rattachement")),
    "invitation": Screen("P-52", _("Invitation reçue d’un autre parent")),
    "activate": Screen("P-53", _("Code d’une lettre d’activation")),
    "changes": Screen("P-70", _("Une inscription, et ce qui peut en être changé")),
    "change_withdraw": Screen("P-71", _("Désinscription, avec les frais et le remboursement")),
    "change_swap": Screen("P-72", _("Changement de choix")),
    "change_transfer": Screen("P-73", _("Transfert à un autre enfant")),
    "change": Screen("P-74", _("Une demande de changement et sa réponse")),
    "change_transfer_form": Screen("P-75", _("Ce qu’une activité demande de l’autre enfant, avant un transfert")),
    "waiting_room": Screen("P-80", _("Salle d’attente d’une ouverture")),
    "wishes": Screen("P-81", _("Mes souhaits, avant et après une ouverture")),
    "wish_add": Screen("P-82", _("Un souhait à ajouter")),
    "wish_edit": Screen("P-83", _("Un souhait à modifier")),
    "wish_form": Screen("P-84", _("Ce qu’une activité demande, à remplir avec les souhaits")),
    "draw_results": Screen("P-85", _("Résultats d’un tirage, pour tout le monde")),
    "pay_embedded": Screen("P-17", _("Paiement, avec la page du processeur dans la nôtre")),
    "accessibility": Screen("P-60", _("Accessibilité")),
    "privacy": Screen("P-61", _("Confidentialité")),
}
# Addresses that answer with a file, with a piece of a page, or only send the browser on.
NOT_SCREENS = frozenset(
    {
        "establishment",
        "basket_promotion",
        "basket_remove",
        "basket_renew",
        "basket_take_again",
        "basket_wait",
        "payment_cancelled",
        "receipt",
        "slip_document",
        "invoice",
        "statement_receipt",
        "statement_pay",
        "statement_return",
        "statement_cancelled",
        "change_card",
        "card_changed",
        "draw_file",
        "calendar_file",
        "consent_proof",
        "my_data_copy",
        "upload",
        "invitation_resend",
        "invitation_cancel",
        "claim_withdraw",
        "billing_ask",
        "pick_up_remove",
        "brand_css",
        "picture",
        "robots",
        "sitemap",
        "integration_script",
        "integration",
        "change_cancel",
        "turn",
        "queue_order",
        "acting_end",
        "helping_stop",
        "send_pay_link",
        "basket_link",
    }
)


def register_all() -> None:
    for name, screen in PORTAL.items():
        SCREENS.register(name, screen)


def code_of(request: HttpRequest) -> str:
    """The code at the foot of the page; nothing for the pages of accounts, which every clerk knows by their title."""
    match = request.resolver_match
    screen = SCREENS.get(match.url_name or "") if match and not match.namespaces else None
    return screen.code if screen else ""
