"""The certificate of an erasure as a paper that anybody reads (PDF/UA)."""

import json
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from shared_apps.documents import rendering
from tenants.models import Departure

# The platform's own colour: the organisation has none any more.
_BRAND = "#1d4f91"


def pdf(departure: Departure, *, language: str) -> bytes:
    with override(language):
        return rendering.pdf("erasure", _words(departure, language))


def data(departure: Departure) -> bytes:
    """The same for a machine."""
    return json.dumps(departure.certificate, ensure_ascii=False, indent=1).encode()


def file_name(departure: Departure) -> str:
    return f"effacement-{departure.organisation.slug}.pdf"


def _words(departure: Departure, language: str) -> dict[str, Any]:
    said = departure.certificate
    organisation = said["organisation"]
    locale = formats.locale_for(language, departure.organisation.country)
    there_was, found = said["there_was"], said["found"]

    def moment(text: str) -> str:
        return formats.datetime_words(datetime.fromisoformat(text), locale)

    return {
        "title": _("Certificat d’effacement"),
        "lang": locale.language,
        "region": departure.organisation.country,
        "paper": rendering.paper(departure.organisation.country),
        "brand": _BRAND,
        "payee": {"name": "Préau", "lines": []},
        "issued_label": _("Établi le"),
        "issued": moment(said["erased_at"]),
        "facts": [
            [_("Organisation"), organisation["name"]],
            [_("Adresse"), organisation["slug"]],
            [_("Région des données"), organisation["region"]],
            [_("Départ annoncé le"), moment(said["announced_at"])],
            [_("Annoncé par"), said["announced_by"] or "—"],
            [_("Effacement commencé le"), moment(said["begun_at"])],
            [_("Effacement terminé le"), moment(said["erased_at"])],
        ],
        "was_title": _("Ce qui était là"),
        "was": [
            [_("Tables"), _count(there_was["tables"], locale)],
            [_("Lignes"), _count(there_was["rows"], locale)],
            [_("Fichiers"), _count(there_was["files"], locale)],
        ],
        "columns": [_("Où"), _("Trouvé")],
        "found_title": _("Ce qui a été cherché ensuite"),
        "found": [[words, _count(found[key], locale)] for key, words in _places().items()],
        "kept_title": _("Ce qui reste, et pourquoi"),
        "kept": [
            _(
                "Le nom de l’organisation, son adresse, ses dates et ce certificat, avec le nom de la personne qui a "
                "annoncé le départ, pour montrer ce qui a été fait."
            ),
            _("Les factures de la plateforme et leurs montants, que la loi fait garder. Elles ne nomment personne."),
            _("Les copies de sauvegarde de toute la base, qui sont détruites à leur tour au plus tard le %(day)s.")
            % {"day": formats.date_words(datetime.fromisoformat(said["backups_until"]).date(), locale, length="long")},
        ],
        "hash_label": _("Empreinte du certificat (SHA-256)"),
        "hash": said["sha256"],
        "footer": "Préau",
        "page": _("Page"),
    }


def _places() -> dict[str, str]:
    return {
        "schema": _("Schéma dans la base de données"),
        "role": _("Rôle dans la base de données"),
        "registry": _("Lignes du registre qui la nomment, hors ce qui reste"),
        "files": _("Fichiers sous son préfixe"),
        "cache": _("Valeurs dans le cache"),
    }


def _count(number: int, locale: Any) -> str:
    told: str = format_decimal(number, locale=locale)
    return told
