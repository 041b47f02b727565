"""What an organisation's owners are told of its own names: one is in service, leads elsewhere, or is another's now."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenant_apps.notifications import letters
from tenant_apps.notifications.letters import Letter
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Role
from tenants import links


def verified(payload: dict[str, Any]) -> None:
    name = payload["domain"]
    _to_owners(
        payload,
        lambda: Letter(
            subject=_("%(name)s est vérifié") % {"name": name},
            paragraphs=[
                _("Bonjour,"),
                _(
                    "Le DNS mène bien à votre site\u202f: ce nom est en service et conduit à votre adresse principale. "
                    "Vous pouvez en faire l’adresse principale, celle de tous vos liens."
                ),
            ],
            action=_page(name),
        ),
    )


def broken(payload: dict[str, Any]) -> None:
    name = payload["domain"]
    _to_owners(
        payload,
        lambda: Letter(
            subject=_("%(name)s ne mène plus à votre site") % {"name": name},
            paragraphs=[
                _("Bonjour,"),
                _(
                    "Depuis deux jours, le DNS de ce nom ne mène plus ici. Vos liens portent désormais votre adresse "
                    "sur la plateforme, qui fonctionne. Une fois le DNS corrigé, vous pourrez faire de nouveau de ce "
                    "nom l’adresse principale."
                ),
            ],
            action=_page(name),
        ),
    )


def lost(payload: dict[str, Any]) -> None:
    name = payload["domain"]
    _to_owners(
        payload,
        lambda: Letter(
            subject=_("%(name)s sert maintenant une autre organisation") % {"name": name},
            paragraphs=[
                _("Bonjour,"),
                _(
                    "Le DNS de ce nom porte la preuve d’une autre organisation et ne porte plus la vôtre\u202f: "
                    "il ne mène plus à votre site. Vos liens portent votre adresse sur la plateforme. Si ce n’est pas "
                    "voulu, parlez-en à la personne qui gère le DNS."
                ),
            ],
            action=_page(name),
        ),
    )


def _to_owners(payload: dict[str, Any], letter: Any) -> None:
    profile = organisation.profile()
    language = letters.staff_language(profile)
    with override(language):
        written = letter()
    for owner in organisation.at_work([Role.OWNER]):
        letters.send(
            written,
            key=f"domain:{payload['domain']}:{payload['at']}:{owner.pk}",
            recipient=owner.user.email,
            language=language,
            profile=profile,
        )


def _page(name: str) -> tuple[str, str]:
    path = reverse("office:domain", urlconf="config.urls.organisation", args=[name])
    return _("Voir ce nom"), links.absolute(path)


LISTENERS = {"domains.verified": verified, "domains.broken": broken, "domains.lost": lost}
