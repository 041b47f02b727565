"""What a family that waits is told: that a place is offered and until when, and that its time to answer ran out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.families.models import Guardian
from tenant_apps.families.queries import hidden_from
from tenant_apps.notifications import guest_links
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations import waiting_terms
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus
from tenant_apps.registrations.waiting_terms import OnRefusal
from tenants import links


def offered(payload: dict[str, Any]) -> None:
    """Nothing where it was answered before the mail could leave."""
    found = _told(payload["request"])
    if found is None:
        return
    request, lines = found
    if request.status != RequestStatus.OFFERED or request.offered_at is None or request.offered_until is None:
        return
    profile = organisation.profile()
    with override(request.guardian.language):
        letter = _offer(request.guardian, lines, request.offered_until, profile)
        _send(request, letter, f"offered:{request.offered_at.isoformat()}", profile)


def lapsed(payload: dict[str, Any]) -> None:
    """What becomes of the rank is what the request says now."""
    found = _told(payload["request"])
    if found is None:
        return
    request, lines = found
    if request.status not in (RequestStatus.WAITING, RequestStatus.LAPSED):
        return
    profile = organisation.profile()
    with override(request.guardian.language):
        letter = Letter(
            subject=_("La place proposée n’est plus gardée"),
            paragraphs=[_("Bonjour,"), _("Le délai pour répondre est écoulé."), _after(request, lines)],
            facts=_facts(lines),
            action=(_("Mes listes d’attente"), _address(request.guardian)),
        )
        _send(request, letter, f"lapsed:{request.offered_at}", profile)


def _told(request_id: str) -> tuple[PlaceRequest, Sequence[Registration]] | None:
    """None where there is no address, or where the guardian is kept away from one of the children since."""
    request = PlaceRequest.objects.select_related("guardian").get(pk=request_id)
    lines = list(request.registrations.select_related("participant", "option__offering"))
    hidden = set(hidden_from(request.guardian_id))
    if not request.guardian.email or not lines or hidden & {line.participant_id for line in lines}:
        return None
    return request, lines


def _offer(guardian: Guardian, lines: Sequence[Registration], until: datetime, profile: Profile) -> Letter:
    locale = formats.locale_for(guardian.language, profile.territory)
    moment = formats.datetime_words(until.astimezone(profile.zone), locale)
    return Letter(
        subject=_("Une place vous est proposée\u202f: %(offering)s") % {"offering": lines[0].option.offering},
        paragraphs=[
            _("Bonjour,"),
            _("Votre tour est venu sur la liste d’attente. La place vous est gardée jusqu’à la fin du délai."),
        ],
        facts=[*_facts(lines), (_("À prendre avant le"), moment)],
        action=(_("Répondre à l’offre"), _address(guardian)),
        notes=[_rule(lines)],
    )


def _facts(lines: Sequence[Registration]) -> list[tuple[str, str]]:
    return [(line.participant.first_name, f"{line.option.offering}\n{line.option}") for line in lines]


def _rule(lines: Sequence[Registration]) -> str:
    match _on_refusal(lines):
        case OnRefusal.KEEP:
            return _("Si vous refusez, ou sans réponse de votre part, vous gardez votre rang.")
        case OnRefusal.LOSE:
            return _("Si vous refusez, ou sans réponse de votre part, vous passez à la fin de la liste.")
        case _:
            return _("Si vous refusez, ou sans réponse de votre part, vous quittez la liste.")


def _after(request: PlaceRequest, lines: Sequence[Registration]) -> str:
    if request.status == RequestStatus.LAPSED:
        return _("Vous n’êtes plus sur la liste d’attente. Vous pouvez la demander de nouveau.")
    if _on_refusal(lines) is OnRefusal.KEEP:
        return _("Vous gardez votre rang sur la liste d’attente.")
    return _("Vous êtes maintenant à la fin de la liste d’attente.")


def _on_refusal(lines: Sequence[Registration]) -> OnRefusal:
    usual = waiting_terms.usual()
    return waiting_terms.terms_together(usual, [line.option.offering for line in lines]).on_refusal


def _address(guardian: Guardian) -> str:
    return guest_links.to_offers(guardian) if guardian.user_id is None else links.absolute(reverse("waiting_lists"))


def _send(request: PlaceRequest, letter: Letter, key: str, profile: Profile) -> None:
    guardian = request.guardian
    send(
        letter,
        key=f"request:{request.id}:{key}",
        recipient=guardian.email,
        language=guardian.language,
        profile=profile,
    )


LISTENERS = {"registrations.offered": offered, "registrations.offer_lapsed": lapsed}
