"""What may be wrong with a file or a row of it, and what an import refuses to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.imports.lines import Fault

MESSAGES = {
    # of a cell or a row
    "empty": _("Cette valeur est obligatoire."),
    "too_long": _("Cette valeur dépasse {most} caractères."),
    "control": _("Cette valeur contient un caractère invisible qui n’est pas permis."),
    "formula": _("Cette valeur commence par «\u202f{first}\u202f»\u202f: un tableur la prendrait pour une formule."),
    "bad_date": _("«\u202f{value}\u202f» n’est pas une date. Écrivez AAAA-MM-JJ ou JJ/MM/AAAA."),
    "date_out_of_range": _("La date {value} n’est pas une date de naissance possible."),
    "bad_email": _("«\u202f{value}\u202f» n’est pas une adresse de courriel."),
    "bad_national_number": _(
        "Ce numéro national n’est pas valide\u202f: ses chiffres de contrôle ne correspondent pas."
    ),
    "too_many_cells": _("Cette ligne a plus de colonnes que l’en-tête."),
    "unknown_establishment": _("«\u202f{value}\u202f» n’est aucun de vos établissements."),
    "unknown_level": _("«\u202f{value}\u202f» n’est aucun de vos niveaux."),
    "unknown_org": _("L’établissement «\u202f{value}\u202f» n’est pas dans orgs.csv."),
    "unknown_agent": _("L’adulte «\u202f{value}\u202f» n’est pas dans users.csv, ou n’y a pas de rôle de parent."),
    "nameless_adult": _("Cet adulte n’a pas de nom."),
    "adult_taken": _("Cette valeur est déjà celle d’un autre adulte, à la ligne {other}."),
    "unrecognisable": _(
        "Il faut un identifiant, un numéro de fiche ou une date de naissance pour reconnaître cette personne."
    ),
    "repeated": _("Cette personne est déjà à la ligne {other}."),
    "ambiguous": _("Plusieurs fiches existantes peuvent être celle de cette personne\u202f: {names}."),
    "number_taken": _("Ce numéro est déjà celui d’une autre personne, {names}."),
    "doubtful": _("Une fiche existante est peut-être celle de cette personne, {names}. Dites si c’est la même."),
    # of a whole file
    "binary": _(
        "Ce fichier n’est pas un tableau CSV. Dans votre tableur, choisissez «\u202fEnregistrer sous\u202f», "
        "puis «\u202fCSV UTF-8\u202f»."
    ),
    "encoding": _("Ce fichier n’est pas écrit en UTF-8."),
    "mixed_encoding": _(
        "Ce fichier mélange deux codages de caractères\u202f: ses accents seraient faux. "
        "Enregistrez-le de nouveau en UTF-8."
    ),
    "no_rows": _("Ce fichier est vide\u202f: il lui faut un en-tête et au moins une ligne."),
    "missing_column": _("La colonne «\u202f{column}\u202f» manque dans l’en-tête."),
    "repeated_column": _("La colonne «\u202f{column}\u202f» est deux fois dans l’en-tête."),
    "column_not_allowed": _(
        "La colonne «\u202f{column}\u202f» n’est pas permise\u202f: votre organisation ne demande pas "
        "le numéro national. Retirez-la."
    ),
    "quotes": _("Une ligne est trop longue, ou un guillemet n’est pas refermé, près de la ligne {near}."),
    "too_many_rows": _("Ce fichier dépasse {most} lignes. Coupez-le en plusieurs."),
    "bad_zip": _("Ce fichier n’est pas une archive ZIP lisible."),
    "encrypted_zip": _("Cette archive est protégée par un mot de passe."),
    "zip_too_big": _("Le contenu de cette archive est trop grand."),
    "missing_file": _("Le fichier {name} manque dans l’archive."),
    "wrong_version": _("Cette archive n’est pas en version 1.2 de OneRoster."),
    "delta": _("Cette archive ne contient que des changements. Exportez un ensemble complet («\u202fbulk\u202f»)."),
}


def told(fault: Fault | Mapping[str, Any]) -> str:
    """In the reader's language."""
    code, values = (fault.code, fault.values) if isinstance(fault, Fault) else (fault["code"], fault["values"])
    return str(MESSAGES[code]).format(**values)


class BadFile(Exception):
    """Nothing of the file can be read: what is wrong concerns all of it."""

    def __init__(self, code: str, *, file: str = "", **values: Any) -> None:
        super().__init__(code, file, values)
        self.fault = Fault(file, None, "", code, values)


class NotNow(Refusal):
    code = "import_not_now"
    message = _("Cet import n’est plus à cette étape. La page montre où il en est.")


class AnotherRuns(Refusal):
    code = "another_import_runs"
    message = _("Un autre import est en cours. Attendez qu’il se termine.")


class RowsRefused(Refusal):
    code = "import_rows_refused"
    message = _("Des lignes sont refusées. Corrigez le fichier, ou choisissez d’ignorer ces lignes.")
