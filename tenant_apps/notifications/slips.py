"""What is written about tax slips: what is missing for them, and that they are there. No number is ever in it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenant_apps.families.models import Guardian
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries as organisation
from tenants import links


def asked(payload: dict[str, Any]) -> None:
    guardian = Guardian.objects.get(pk=payload["guardian"])
    with override(guardian.language):
        letter = Letter(
            subject=_("Vos attestations fiscales %(year)s\u202f: il manque un renseignement")
            % {"year": payload["year"]},
            paragraphs=[
                _("Bonjour,"),
                _("Pour établir votre attestation de frais de garde, il nous manque un renseignement."),
                _("Donnez-le dans votre dossier, jamais par courriel\u202f: il y est chiffré."),
            ],
            action=_page(guardian),
        )
        _send(guardian, letter, key=f"slips:asked:{payload['kind']}:{payload['year']}:{guardian.pk}")


def published(payload: dict[str, Any]) -> None:
    guardian = Guardian.objects.get(pk=payload["guardian"])
    with override(guardian.language):
        letter = Letter(
            subject=_("Vos attestations fiscales sont prêtes"),
            paragraphs=[_("Bonjour,"), _("Vos attestations de frais de garde vous attendent dans votre dossier.")],
            action=_page(guardian),
        )
        _send(guardian, letter, key=f"slips:published:{payload['slips'][0]}")


def _page(guardian: Guardian) -> tuple[str, str] | None:
    """A guest has no file: the organisation hands it over another way."""
    return (_("Mes attestations"), links.absolute(reverse("slips"))) if guardian.user_id else None


def _send(guardian: Guardian, letter: Letter, *, key: str) -> None:
    send(letter, key=key, recipient=guardian.email, language=guardian.language, profile=organisation.profile())


LISTENERS = {"slips.asked": asked, "slips.published": published}
