"""What each kind of rule is for, in one line, where staff choose one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONDITIONS: dict[str, Promise] = {
    "age": _("Un âge minimal, maximal ou les deux, à un jour donné."),
    "level": _("Seulement certains niveaux."),
    "establishment": _("Seulement certains établissements."),
    "residence": _("Seulement les résidents, ou seulement les familles de l’extérieur."),
    "membership": _("Une adhésion valable est demandée d’abord."),
    "earlier": _("Une inscription confirmée à une autre activité est demandée d’abord."),
    "form": _("Une fiche remplie et à jour, comme la fiche santé."),
    "approval": _("Votre équipe accepte chaque demande avant l’inscription."),
    "support_request": _("Une demande de soutien acceptée par votre équipe."),
    "limit_child": _("Tant d’inscriptions au plus pour une même personne."),
    "limit_family": _("Tant d’inscriptions au plus pour une même famille."),
    "no_clash": _("Refuse deux activités de la même personne à la même heure."),
}
PRICES: dict[str, Promise] = {
    "residence": _("Un autre prix pour les résidents, ou pour les familles de l’extérieur."),
    "early": _("Un autre prix jusqu’à un jour donné."),
    "late": _("Un autre prix à partir d’un jour donné."),
    "income": _("Un autre prix selon la tranche de revenu que votre équipe a reconnue."),
    "subsidy": _("Un autre prix pour qui a reçu une aide financière."),
    "promotion": _("Un autre prix pour qui donne le code dans son panier."),
}
