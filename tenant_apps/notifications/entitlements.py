"""What is written about requests: to staff that one waits, to the family that it was answered or is about to run out.

No mail says what was asked for, nor what was said of a child: those are read once signed in.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel import clock
from shared_apps.design import formats
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.families.queries import hidden_from
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING
from tenants import links

# Long enough to find another lease, or the next notice of assessment.
_BEFORE = timedelta(days=30)
# Nobody is written to in the night by a rule.
_HOURS = range(8, 20)
_PROOFS = (Kind.RESIDENCE, Kind.INCOME, Kind.SUBSIDY)


def asked(payload: dict[str, Any]) -> None:
    """To the organisation's own address: who asks is read in the workplace."""
    profile = organisation.profile()
    waiting = Entitlement.objects.filter(pk__in=payload["entitlements"], status=Status.ASKED).order_by("id").first()
    if waiting is None or not profile.contact_email:
        return
    language = staff_language(profile)
    with override(language):
        letter = Letter(
            subject=_("Demande d’une famille à traiter"),
            paragraphs=[_("Bonjour,"), _("Une famille a envoyé une demande. Elle attend votre réponse.")],
            action=(_("Voir les demandes"), links.absolute(reverse("office:entitlements"))),
        )
        key = f"entitlement:{waiting.id}:staff"
        send(letter, key=key, recipient=profile.contact_email, language=language, profile=profile)


def decided(payload: dict[str, Any]) -> None:
    found = _told(payload["entitlement"])
    if found is None or found.status not in (Status.GRANTED, Status.REFUSED):
        return
    profile = organisation.profile()
    with override(found.guardian.language):
        letter = _accepted(found, profile) if found.status == Status.GRANTED else _refused(found)
        _send(found, letter, f"decided:{payload['key']}", profile)


def ended(payload: dict[str, Any]) -> None:
    found = _told(payload["entitlement"])
    if found is None or found.valid_until_on is None:
        return
    profile = organisation.profile()
    with override(found.guardian.language):
        letter = Letter(
            subject=_("Ce qui vous était accordé prend fin"),
            paragraphs=[_("Bonjour,"), _("Ce que nous vous avions accordé prend fin plus tôt que prévu.")],
            facts=[(_("Dernier jour"), _day(found.valid_until_on, found, profile))],
            action=_page(found),
        )
        _send(found, letter, f"ended:{payload['key']}", profile)


def remind_before_the_end(*, at: datetime) -> int:
    """A month before what was granted runs out, once, unless the family has already asked again."""
    profile = organisation.profile()
    if at.astimezone(profile.zone).hour not in _HOURS:
        return 0
    ending = _ending(clock.local_date(at, profile.zone)).select_related("guardian")
    for found in ending:
        with override(found.guardian.language):
            _send(found, _reminder(found, profile), f"ends:{found.valid_until_on}", profile)
    return len(ending)


def _ending(today: date) -> QuerySet[Entitlement]:
    """What was granted a month ago or less is too fresh to be asked for again."""
    lasting = Q(status=Status.GRANTED, valid_until_on=None) | _later()
    same = Q(participant=None) | Q(participant=OuterRef("participant"))
    renewed = Entitlement.objects.filter(
        Q(status=Status.ASKED) | lasting,
        same,
        guardian=OuterRef("guardian"),
        kind=OuterRef("kind"),
        key=OuterRef("key"),
    )
    return Entitlement.objects.filter(
        ~Exists(renewed),
        kind__in=_PROOFS,
        status=Status.GRANTED,
        valid_until_on__range=(today, today + _BEFORE),
        valid_from_on__lt=today - _BEFORE,
    ).exclude(guardian__email="")


def _later() -> Q:
    return Q(status=Status.GRANTED, valid_until_on__gt=OuterRef("valid_until_on"))


def _told(entitlement_id: str) -> Entitlement | None:
    """None where the guardian is kept away from the child since."""
    found = Entitlement.objects.select_related("guardian", "option__offering").filter(pk=entitlement_id).first()
    if found is None or not found.guardian.email:
        return None
    return None if found.participant_id in hidden_from(found.guardian_id) else found


def _accepted(found: Entitlement, profile: Profile) -> Letter:
    facts = [(_("Valable jusqu’au"), _day(found.valid_until_on, found, profile))] if found.valid_until_on else []
    place = _place(found)
    if place is None:
        told = _("Vos prochaines inscriptions en tiennent compte dès maintenant.")
        return Letter(_accepted_subject(), [_("Bonjour,"), told], facts, _page(found))
    locale = formats.locale_for(found.guardian.language, profile.territory)
    until = formats.datetime_words(place.held_until.astimezone(profile.zone), locale)
    told = _("Une place est gardée dans votre panier\u202f: terminez l’inscription avant la fin du délai.")
    return Letter(
        subject=_accepted_subject(),
        paragraphs=[_("Bonjour,"), told],
        facts=[(_("Place gardée jusqu’au"), until)],
        action=(_("Terminer l’inscription"), links.absolute(_finishing(place))),
    )


def _accepted_subject() -> str:
    return _("Votre demande est acceptée")


def _refused(found: Entitlement) -> Letter:
    told = _("Votre demande n’a pas pu être acceptée. La raison vous attend dans votre dossier.")
    return Letter(_("Réponse à votre demande"), [_("Bonjour,"), told], action=_page(found))


def _reminder(found: Entitlement, profile: Profile) -> Letter:
    told = _("Une preuve que vous nous avez donnée ne sera bientôt plus valable. Envoyez la suivante dès maintenant.")
    return Letter(
        subject=_("Une preuve arrive à sa fin"),
        paragraphs=[_("Bonjour,"), told],
        facts=[(_("Valable jusqu’au"), _day(found.valid_until_on, found, profile))],
        action=(_("Mes preuves et demandes"), links.absolute(reverse("entitlements"))),
    )


def _place(found: Entitlement) -> Registration | None:
    """What the family has to finish, once support is granted."""
    if found.kind != Kind.SUPPORT or found.option_id is None or found.participant_id is None:
        return None
    held = Registration.objects.filter(
        basket__guardian_id=found.guardian_id,
        basket__closed_at=None,
        participant_id=found.participant_id,
        option_id=found.option_id,
        status__in=PENDING,
    )
    return held.select_related("option__offering").first()


def _finishing(place: Registration) -> str:
    """What the form or the authorization asks comes first, where there is one."""
    offering = place.option.offering
    if offering.registration_form_id or offering.consent_form_id:
        return f"{reverse('register', args=[offering.slug])}?enfant={place.participant_id}"
    return reverse("basket")


def _page(found: Entitlement) -> tuple[str, str]:
    return _("Lire la réponse"), links.absolute(reverse("entitlement", args=[found.id]))


def _day(day: date | None, found: Entitlement, profile: Profile) -> str:
    return formats.date_words(day, formats.locale_for(found.guardian.language, profile.territory)) if day else ""


def _send(found: Entitlement, letter: Letter, key: str, profile: Profile) -> None:
    guardian = found.guardian
    send(
        letter,
        key=f"entitlement:{found.id}:{key}",
        recipient=guardian.email,
        language=guardian.language,
        profile=profile,
    )


LISTENERS = {"entitlements.asked": asked, "entitlements.decided": decided, "entitlements.ended": ended}
