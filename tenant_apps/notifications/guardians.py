"""What an adult is told of what staff did: an address that was corrected, an account to be opened."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenant_apps.families.models import Guardian
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenants import links


def email_corrected(payload: dict[str, Any]) -> None:
    """At both addresses: whoever did not ask for it can say so."""
    guardian, profile = Guardian.objects.get(pk=payload["guardian"]), organisation.profile()
    with override(guardian.language):
        letter = _correction(profile)
        for address in payload["addresses"]:
            key = f"guardian:{guardian.pk}:email:{payload['key']}:{address}"
            send(letter, key=key, recipient=address, language=guardian.language, profile=profile)


def invited(payload: dict[str, Any]) -> None:
    """To the address that the organisation knows: the account that proves it has the file at once."""
    guardian, profile = Guardian.objects.get(pk=payload["guardian"]), organisation.profile()
    if guardian.user_id is not None:
        return
    with override(guardian.language):
        key = f"guardian:{guardian.pk}:invited:{payload['key']}"
        letter = _invitation(profile, guardian)
        send(letter, key=key, recipient=guardian.email, language=guardian.language, profile=profile)


def _correction(profile: Profile) -> Letter:
    return Letter(
        subject=_("Votre courriel a été corrigé"),
        paragraphs=[
            _("Bonjour,"),
            _(
                "À partir de maintenant, %(organisation)s vous écrit à la nouvelle adresse que vous avez donnée. "
                "Ce message part à l’ancienne et à la nouvelle."
            )
            % {"organisation": profile.name},
            _("Si vous n’avez rien demandé, répondez à ce message."),
        ],
    )


def _invitation(profile: Profile, guardian: Guardian) -> Letter:
    return Letter(
        subject=_("Ouvrez votre compte\u202f: %(organisation)s") % {"organisation": profile.name},
        paragraphs=[
            _("Bonjour,"),
            _("%(organisation)s vous invite à ouvrir un compte pour inscrire votre enfant, signer et payer en ligne.")
            % {"organisation": profile.name},
            _("Utilisez cette adresse, %(email)s\u202f: votre dossier paraîtra aussitôt.") % {"email": guardian.email},
        ],
        action=(_("Ouvrir mon compte"), links.absolute(reverse("account_signup"))),
    )


LISTENERS = {"guardian.email_corrected": email_corrected, "guardian.invited": invited}
