"""What is written to owners and administrators of an organisation that leaves, at each step and before each date."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import leaving
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenants import links
from tenants.leaving.departing import TOLD
from tenants.models import Departure


def told(payload: dict[str, Any]) -> None:
    departure = Departure.objects.filter(pk=payload["departure"]).first()
    step = payload["step"]
    # Nobody is reminded of what was given up since.
    if departure is None or (departure.cancelled_at and step != "cancelled"):
        return
    profile = organisation.profile()
    for to in leaving.answerable():
        with override(to.language):
            key = f"leaving:{payload['departure']}:{payload.get('key', step)}:{to.email}"
            letter = _letter(departure, step, profile, to.language)
            send(letter, key=key, recipient=to.email, language=to.language, profile=profile)


def _letter(departure: Departure, step: str, profile: Profile, language: str) -> Letter:
    closes_on, erases_on = (_day(day, profile, language) for day in (departure.closes_on, departure.erases_on))
    subject, sentence = _words(step)
    said = {"organisation": profile.name, "closes_on": closes_on, "erases_on": erases_on}
    facts = [(_("Fermeture"), closes_on), (_("Effacement de toutes les données"), erases_on)]
    return Letter(
        subject=subject % said,
        paragraphs=[_("Bonjour,"), sentence % said],
        facts=[] if step == "cancelled" else facts,
        action=(_("Voir le départ et prendre les données"), links.absolute(reverse("office:leaving"))),
        notes=[] if step == "cancelled" else [_("Le départ peut être annulé jusqu’au jour de l’effacement.")],
    )


def _words(step: str) -> tuple[str, str]:
    told = {
        "announced": (
            _("Départ annoncé\u202f: %(organisation)s"),
            _("Le départ de votre organisation est annoncé. D’ici là, tout continue comme d’habitude."),
        ),
        "closing": (
            _("Votre organisation ferme le %(closes_on)s"),
            _(
                "À partir du %(closes_on)s, votre site peut seulement être consulté. "
                "Les familles peuvent encore y prendre leurs copies."
            ),
        ),
        "closed": (
            _("Votre organisation est fermée"),
            _("Votre site peut seulement être consulté. Prenez vos données avant le %(erases_on)s."),
        ),
        "erasing": (
            _("Vos données seront effacées le %(erases_on)s"),
            _("Toutes les données de votre organisation sont effacées pour de bon le %(erases_on)s. Prenez-les avant."),
        ),
        "cancelled": (
            _("Départ annulé\u202f: %(organisation)s"),
            _("Le départ de votre organisation est annulé. Rien n’est effacé."),
        ),
    }
    return told[step]


def _day(day: date, profile: Profile, language: str) -> str:
    return formats.date_words(day, formats.locale_for(language, profile.territory), length="long")


LISTENERS = {TOLD: told}
