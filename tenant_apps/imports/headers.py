"""The columns of the simple table, by the names that people give them, in French and in English."""

import re

from kernel.folding import fold

# The first name of each is the one that the model file shows.
FRENCH = {
    "external_id": ("identifiant", "id", "identifiant externe"),
    "student_number": ("numéro de fiche", "no de fiche", "fiche", "numéro d’élève", "matricule"),
    "last_name": ("nom", "nom de famille", "nom légal"),
    "first_name": ("prénom", "prénom légal"),
    "used_name": ("prénom usuel", "prénom d’usage"),
    "birth_date": ("date de naissance", "naissance", "né le", "née le"),
    "establishment": ("école", "établissement", "lieu"),
    "level": ("niveau", "niveau scolaire", "année", "année d’études"),
    "home_group": ("groupe", "groupe-repère", "classe"),
    "teacher": ("enseignant", "enseignante", "titulaire", "nom de l’enseignant"),
    "national_number": ("numéro national", "numéro de registre national", "niss"),
}
ENGLISH = {
    "external_id": ("identifier", "external id", "sourcedid"),
    "student_number": ("student number", "student id"),
    "last_name": ("last name", "family name", "surname"),
    "first_name": ("first name", "given name"),
    "used_name": ("preferred name", "used name", "preferred first name"),
    "birth_date": ("date of birth", "birth date", "birthdate"),
    "establishment": ("school", "establishment", "place"),
    "level": ("level", "grade"),
    "home_group": ("group", "home group", "homeroom", "class"),
    "teacher": ("teacher", "homeroom teacher"),
    "national_number": ("national number", "national register number"),
}
ADULT_FRENCH = {
    "last_name": ("nom", "nom de famille"),
    "first_name": ("prénom",),
    "email": ("courriel", "adresse courriel", "e-mail", "adresse e-mail"),
    "phone": ("téléphone", "numéro de téléphone", "tél"),
    "role": ("lien", "rôle"),
    "reference": ("référence", "matricule"),
    "national_number": FRENCH["national_number"],
}
ADULT_ENGLISH = {
    "last_name": ("last name", "family name"),
    "first_name": ("first name", "given name"),
    "email": ("email", "e-mail address", "email address"),
    "phone": ("phone", "telephone", "phone number"),
    "role": ("role", "relationship"),
    "reference": ("reference", "reference number"),
    "national_number": ENGLISH["national_number"],
}
MOST_ADULTS = 4
_ADULT = re.compile(rf"(?:parent|guardian|tuteur) ?([1-{MOST_ADULTS}]) ?(.+)")


def plain(name: str) -> str:
    """« Nom de l’élève : » and « NOM DE L'ELEVE » are one name."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(name)).split())


def _by_name(*languages: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(name): column for language in languages for column, names in language.items() for name in names}


_CHILD_NAMES = _by_name(FRENCH, ENGLISH)
_ADULT_NAMES = _by_name(ADULT_FRENCH, ADULT_ENGLISH)


def meaning(name: str) -> str | None:
    """The column that a heading names, « first_name », or « 2.first_name » of the second adult; None for none."""
    name = plain(name)
    if adult := _ADULT.fullmatch(name):
        column = _ADULT_NAMES.get(adult[2])
        return f"{adult[1]}.{column}" if column else None
    return _CHILD_NAMES.get(name)


def shown(column: str, *, language: str) -> str:
    """The heading that the model file has for a column."""
    child, adult = (FRENCH, ADULT_FRENCH) if language == "fr" else (ENGLISH, ADULT_ENGLISH)
    number, _, own = column.rpartition(".")
    if not number:
        return child[column][0]
    return f"parent {number} {adult[own][0]}"
