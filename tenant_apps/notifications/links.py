"""What is written to who is invited, to who invited, to who asked, and to staff who must answer."""

from datetime import datetime
from typing import Any

from babel import Locale
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.accounts import secrets
from shared_apps.design import formats
from tenant_apps.families import codes, queries
from tenant_apps.families.models import Guardian, LinkRequest, LinkStatus
from tenant_apps.families.operations import invitations
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenants import links


def invited(payload: dict[str, Any]) -> None:
    """The one place where the code is. Whoever reads it by mistake learns nothing of the child."""
    request = LinkRequest.objects.select_related("invited_by").get(pk=payload["request"])
    code = secrets.decrypt(payload["code"], purpose=invitations.PURPOSE)
    if request.status != LinkStatus.PENDING or request.code_hash != codes.hashed(code) or request.invited_by is None:
        return
    profile, language = organisation.profile(), request.invited_by.language
    with override(language):
        name = _name(request.invited_by)
        letter = Letter(
            subject=_("%(name)s vous invite à partager le dossier d’un enfant") % {"name": name},
            paragraphs=[
                _("Bonjour,"),
                _("%(name)s vous invite à suivre avec elle ou lui les inscriptions d’un enfant chez %(organisation)s.")
                % {"name": name, "organisation": profile.name},
                _("Connectez-vous ou créez un compte\u202f: vous verrez ce qui est proposé avant d’accepter."),
            ],
            facts=[
                (_("Code"), codes.spelled(code)),
                (_("Valable jusqu’au"), _until(request.expires_at, profile, language)),
            ],
            action=(_("Voir l’invitation"), links.absolute(f"{reverse('invitation')}?code={code}")),
            notes=[_("Si vous ne connaissez pas cette personne, ignorez ce message\u202f: rien ne se fera sans vous.")],
        )
        send(letter, key=f"invitation:{request.code_hash}", recipient=request.email, language=language, profile=profile)


def invitation_answered(payload: dict[str, Any]) -> None:
    request = LinkRequest.objects.select_related("invited_by").get(pk=payload["request"])
    if request.invited_by is None or _is_hidden(request, request.invited_by):
        return
    accepted = request.status == LinkStatus.ACCEPTED
    with override(request.invited_by.language):
        letter = Letter(
            subject=_("Votre invitation est acceptée") if accepted else _("Votre invitation est refusée"),
            paragraphs=[
                _("Bonjour,"),
                _("L’invitation envoyée à %(email)s est acceptée.") % {"email": request.email}
                if accepted
                else _("L’invitation envoyée à %(email)s est refusée.") % {"email": request.email},
            ],
            action=(_("Mon dossier"), links.absolute(reverse("account"))),
        )
        _to(request.invited_by, letter, key=f"invitation:{request.id}:answered")


def claimed(payload: dict[str, Any]) -> None:
    """Staff hear of it, and so does every guardian who may answer."""
    request = LinkRequest.objects.get(pk=payload["request"])
    if request.status != LinkStatus.PENDING:
        return
    for link in queries.responsible_for(request.participant_id):
        guardian = link.guardian
        if guardian.user_id is None or not queries.claims_to_decide(guardian.id).filter(id=request.id).exists():
            continue
        with override(guardian.language):
            letter = Letter(
                subject=_("Quelqu’un demande à suivre un enfant de votre liste"),
                paragraphs=[_("Bonjour,"), _("Voyez qui le demande, puis acceptez ou refusez.")],
                action=(_("Répondre à la demande"), links.absolute(reverse("claim", args=[request.id]))),
            )
            _to(guardian, letter, key=f"claim:{request.id}:{guardian.id}")
    profile = organisation.profile()
    with override(staff_language(profile)):
        letter = Letter(
            subject=_("Demande de rattachement à traiter"),
            paragraphs=[
                _("Bonjour,"),
                _("Un parent demande à suivre un enfant déjà connu. Sa demande attend votre réponse."),
            ],
        )
        _to_staff(letter, key=f"claim:{request.id}:staff", profile=profile)


def claim_decided(payload: dict[str, Any]) -> None:
    """The child is named by what the asker wrote, and by nothing else."""
    request = LinkRequest.objects.select_related("guardian").get(pk=payload["request"])
    if request.guardian is None:
        return
    child = f"{request.said.get('first_name', '')} {request.said.get('last_name', '')}".strip()
    with override(request.guardian.language):
        if request.status == LinkStatus.ACCEPTED:
            told = _("Votre demande pour %(child)s est acceptée\u202f: l’enfant figure dans votre liste.")
        else:
            told = _("Votre demande pour %(child)s n’a pas pu être acceptée. Écrivez-nous si vous avez une question.")
        letter = Letter(
            subject=_("Réponse à votre demande"),
            paragraphs=[_("Bonjour,"), told % {"child": child}],
            action=(_("Mon dossier"), links.absolute(reverse("account"))),
        )
        _to(request.guardian, letter, key=f"claim:{request.id}:decided")


def billing_asked(payload: dict[str, Any]) -> None:
    guardian = Guardian.objects.get(pk=payload["guardian"])
    profile = organisation.profile()
    with override(staff_language(profile)):
        told = _("%(name)s demande à devenir responsable de la facturation.") % {"name": str(guardian)}
        letter = Letter(subject=_("Demande de facturation"), paragraphs=[_("Bonjour,"), told])
        _to_staff(letter, key=f"billing:{guardian.id}:{payload['on']}", profile=profile)


def _is_hidden(request: LinkRequest, guardian: Guardian) -> bool:
    return request.participant_id in queries.hidden_from(guardian.id)


def _until(moment: datetime | None, profile: Profile, language: str) -> str:
    locale: Locale = formats.locale_for(language, profile.territory)
    return formats.datetime_words(moment.astimezone(profile.zone), locale) if moment else ""


def _name(guardian: Guardian) -> str:
    return f"{guardian.first_name} {guardian.last_name}".strip() or _("Un parent")


def _to(guardian: Guardian, letter: Letter, *, key: str) -> None:
    send(letter, key=key, recipient=guardian.email, language=guardian.language, profile=organisation.profile())


def _to_staff(letter: Letter, *, key: str, profile: Profile) -> None:
    if profile.contact_email:
        send(letter, key=key, recipient=profile.contact_email, language=staff_language(profile), profile=profile)


LISTENERS = {
    "families.invited": invited,
    "families.invitation_answered": invitation_answered,
    "families.claimed": claimed,
    "families.claim_decided": claim_decided,
    "families.billing_asked": billing_asked,
}
