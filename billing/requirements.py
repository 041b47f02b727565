"""What the processor asks of an account, said so that a secretary knows what to bring."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By what the processor's key contains, the most particular first: its keys name persons and versions in between.
_WORDS: tuple[tuple[str, str | Promise], ...] = (
    ("business_details.registered_name", gettext_lazy("Le nom légal de l’organisme, tel qu’il est enregistré")),
    ("business_details.id_numbers", gettext_lazy("Le numéro d’entreprise ou de registre de l’organisme")),
    ("business_details.documents", gettext_lazy("Un document qui prouve l’existence de l’organisme")),
    ("business_details.address", gettext_lazy("L’adresse du siège de l’organisme")),
    ("business_details.phone", gettext_lazy("Le numéro de téléphone de l’organisme")),
    ("business_details.structure", gettext_lazy("La forme juridique de l’organisme")),
    ("business_details.annual_revenue", gettext_lazy("Les recettes annuelles de l’organisme")),
    ("business_details.monthly_estimated_revenue", gettext_lazy("Les recettes mensuelles estimées de l’organisme")),
    ("entity_type", gettext_lazy("Le type d’organisme")),
    ("terms_of_service", gettext_lazy("L’acceptation des conditions du processeur")),
    ("representative_declaration", gettext_lazy("La déclaration que le représentant peut engager l’organisme")),
    ("ownership_declaration", gettext_lazy("La déclaration des propriétaires de l’organisme")),
    ("directorship_declaration", gettext_lazy("La déclaration des administrateurs de l’organisme")),
    ("profile.business_url", gettext_lazy("L’adresse du site web de l’organisme")),
    ("profile.product_description", gettext_lazy("La description de ce que les familles paient")),
    ("profile.doing_business_as", gettext_lazy("Le nom que les familles connaissent")),
    ("bank_account", gettext_lazy("Le compte bancaire qui reçoit les virements")),
    ("payout_method", gettext_lazy("Le compte bancaire qui reçoit les virements")),
    ("external_account", gettext_lazy("Le compte bancaire qui reçoit les virements")),
    ("statement_descriptor", gettext_lazy("Le libellé que les familles lisent sur leur relevé")),
    ("support", gettext_lazy("Le téléphone ou l’adresse que les familles appellent en cas de question")),
    ("mcc", gettext_lazy("Le secteur d’activité de l’organisme")),
    ("verification.document", gettext_lazy("La pièce d’identité du représentant")),
    ("documents.primary_verification", gettext_lazy("La pièce d’identité du représentant")),
    ("documents.secondary_verification", gettext_lazy("Une seconde pièce d’identité du représentant")),
    ("date_of_birth", gettext_lazy("La date de naissance du représentant")),
    ("dob", gettext_lazy("La date de naissance du représentant")),
    ("legal_gender", gettext_lazy("L’identité du représentant")),
    ("id_numbers", gettext_lazy("Le numéro d’identification du représentant")),
    ("relationship", gettext_lazy("La fonction du représentant dans l’organisme")),
    ("representative", gettext_lazy("La personne qui représente l’organisme, et son identité")),
    ("person", gettext_lazy("La personne qui représente l’organisme, et son identité")),
    ("individual", gettext_lazy("La personne qui représente l’organisme, et son identité")),
    ("contact_email", gettext_lazy("L’adresse courriel du compte")),
    ("contact_phone", gettext_lazy("Le numéro de téléphone du compte")),
)


def words(key: str) -> str:
    """One requirement. What nobody foresaw is told with its key, for whoever asks the processor."""
    return next((str(said) for part, said in _WORDS if part in key), "") or _(
        "Renseignement demandé par le processeur (%(key)s)"
    ) % {"key": key}


def all_words(keys: Iterable[str]) -> list[str]:
    """Each thing to bring once, however many keys ask for it."""
    return list(dict.fromkeys(words(key) for key in keys))
