"""What is written to who is invited to work here."""

from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation import staff
from tenant_apps.organisation.models import MemberState, Profile, StaffMember


def invited(payload: dict[str, Any]) -> None:
    """The one place where the link is: the last one that was asked for, while it is good for something."""
    member = StaffMember.objects.select_related("user").filter(pk=payload["member"], state=MemberState.INVITED).first()
    if member is None or staff.instant(member) != payload["at"]:
        return
    profile = organisation.profile()
    language = member.user.language or staff_language(profile)
    with override(language):
        key = f"staff:{member.pk}:invited:{payload['at']}"
        letter = _letter(member, profile, language)
        send(letter, key=key, recipient=member.user.email, language=language, profile=profile)


def _letter(member: StaffMember, profile: Profile, language: str) -> Letter:
    locale: Locale = formats.locale_for(language, profile.territory)
    until = formats.datetime_words(staff.ends_at(member).astimezone(profile.zone), locale)
    return Letter(
        subject=_("Vous êtes invité à travailler avec %(organisation)s") % {"organisation": profile.name},
        paragraphs=[
            _("Bonjour,"),
            _("%(organisation)s vous ouvre son espace de travail\u202f: activités, inscriptions, familles.")
            % {"organisation": profile.name},
        ],
        facts=[(_("Votre rôle"), member.get_role_display()), (_("Valable jusqu’au"), until)],
        action=(_("Accepter l’invitation"), staff.invitation_link(member)),
        notes=[
            _("Ce lien est pour vous seul\u202f: ne le transférez pas."),
            _("Si vous n’attendiez rien, ignorez ce message."),
        ],
    )


LISTENERS = {"staff.invited": invited}
