"""Places about to be lost: one reminder to the family, before the end (S4-34)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel import clock
from shared_apps.design import formats
from tenant_apps.families.models import Guardian
from tenant_apps.families.queries import hidden_from
from tenant_apps.notifications import guest_links
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations import holding
from tenant_apps.registrations.models import Basket, Registration, Status
from tenants import links

# Nobody is written to in the night by a rule, unless the morning would be too late.
_MORNING, _EVENING = time(8), time(20)
# Who reads their mail in the morning still has this long.
_TO_ANSWER = timedelta(hours=2)


def remind(*, at: datetime) -> int:
    """Tell whoever's places end soon; in the night only those who could do nothing any more in the morning."""
    return holding.remind(at=at, ending_before=_too_late(at, organisation.profile().zone))


def ending(payload: dict[str, Any]) -> None:
    """What was paid or let go since is not named, and where nothing is left nobody is written to."""
    basket = Basket.objects.select_related("guardian").get(pk=payload["basket"])
    guardian, until = basket.guardian, datetime.fromisoformat(payload["until"])
    lines = _ending(basket, until)
    if not lines or not guardian.email:
        return
    profile = organisation.profile()
    with override(guardian.language):
        send(
            _letter(guardian, basket, lines, profile),
            key=f"basket:{basket.id}:ending:{payload['until']}",
            recipient=guardian.email,
            language=guardian.language,
            profile=profile,
        )


def _ending(basket: Basket, until: datetime) -> Sequence[Registration]:
    held = Registration.objects.filter(basket=basket, status=Status.HELD, held_until__lte=until)
    shown = held.exclude(participant_id__in=hidden_from(basket.guardian_id))
    return list(shown.select_related("participant", "option__offering"))


def _letter(guardian: Guardian, basket: Basket, lines: Sequence[Registration], profile: Profile) -> Letter:
    locale = formats.locale_for(guardian.language, profile.territory)
    first = min(line.held_until for line in lines)
    until = formats.datetime_words(first.astimezone(profile.zone), locale)
    return Letter(
        subject=_("Vos places sont gardées jusqu’au %(moment)s") % {"moment": until},
        paragraphs=[
            _("Bonjour,"),
            _("Une inscription n’est pas terminée. Après ce délai, les places sont libérées pour d’autres familles."),
        ],
        facts=[
            (_("Places gardées jusqu’au"), until),
            *((line.participant.first_name, f"{line.option.offering}\n{line.option}") for line in lines),
        ],
        action=(_("Finaliser mes inscriptions"), _address(guardian, basket)),
        notes=[_("Rien à faire si vous ne voulez plus de ces places\u202f: elles se libèrent toutes seules.")],
    )


def _address(guardian: Guardian, basket: Basket) -> str:
    return guest_links.to_basket(basket) if guardian.user_id is None else links.absolute(reverse("finalise"))


def _too_late(at: datetime, zone: ZoneInfo) -> datetime | None:
    """In the night, the moment before which a hold must end to be told of at once; None by day."""
    local = at.astimezone(zone)
    if _MORNING <= local.time() < _EVENING:
        return None
    morning = clock.local_date(at, zone) + timedelta(days=1 if local.time() >= _EVENING else 0)
    return datetime.combine(morning, _MORNING, tzinfo=zone) + _TO_ANSWER


LISTENERS = {"registrations.ending": ending}
