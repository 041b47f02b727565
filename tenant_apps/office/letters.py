"""Activation letters as a PDF: one page for each child, with a code that is written nowhere else."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import segno
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.families import codes
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.families.operations.letters import VALID_FOR
from tenant_apps.organisation.models import Profile
from tenants import links

# One PDF is drawn while the reader waits.
MOST = 500


def without_account(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Whom a letter would serve: nobody with an account is responsible yet, and the birth date proves who reads it."""
    held = Guardianship.objects.filter(participant=OuterRef("pk"), is_blocked=False, guardian__user__isnull=False)
    return participants.filter(~Exists(held), removed_at=None).exclude(birth_date=None)


def pdf(letters: Sequence[tuple[Participant, str]], profile: Profile, *, language: str, at: datetime) -> bytes:
    return rendering.pdf("activation", _words(letters, profile, language, at))


def _words(
    letters: Sequence[tuple[Participant, str]], profile: Profile, language: str, at: datetime
) -> dict[str, object]:
    locale = formats.locale_for(language, profile.territory)
    address = links.absolute(reverse("activate"))
    return {
        "title": _("Lettres d’activation"),
        "lang": locale.language,
        "region": profile.territory,
        "paper": rendering.paper(profile.territory),
        "brand": profile.brand_colour,
        "sender": profile.name,
        "date": formats.date_words(_day(at, profile.zone), locale, length="long"),
        "footer": f"{profile.name} · {profile.contact_email}",
        "heading": _("Ouvrez l’accès au dossier de votre enfant"),
        "intro": _(
            "Vous pouvez inscrire votre enfant, signer ses autorisations et payer en ligne. "
            "Ce code personnel vous rattache à son dossier. Ne le donnez à personne."
        ),
        "steps_title": _("Comment faire"),
        "steps": [
            _("Allez à l’adresse ci-dessus, ou visez le carré avec l’appareil photo de votre téléphone."),
            _("Ouvrez un compte avec votre courriel, ou connectez-vous."),
            _("Écrivez le code et la date de naissance de l’enfant."),
        ],
        "code_label": _("Votre code"),
        "address_label": _("Adresse"),
        "address": address,
        "child_label": _("Enfant"),
        "valid": _("Ce code est valable jusqu’au %(day)s et ne sert qu’une fois.")
        % {"day": formats.date_words(_day(at + VALID_FOR, profile.zone), locale, length="long")},
        "help": _help(profile),
        "qr_alt": _("Code à viser avec un téléphone\u202f: il ouvre la page d’activation avec ce code."),
        "letters": [_letter(child, code, address) for child, code in letters],
    }


def _letter(child: Participant, code: str, address: str) -> dict[str, str]:
    facts = [str(each) for each in (child.level, child.establishment) if each]
    segno.make(f"{address}?code={code}", error="m").save(out := io.BytesIO(), kind="svg", scale=4, light="#ffffff")
    return {
        "child": f"{child.shown_name} {child.last_name}",
        "facts": " · ".join(facts),
        "code": codes.spelled(code),
        "qr": out.getvalue().decode(),
    }


def _help(profile: Profile) -> str:
    ways = " · ".join(each for each in (profile.contact_phone, profile.contact_email) if each)
    return _("Une question\u202f? %(ways)s") % {"ways": ways} if ways else ""


def _day(at: datetime, zone: ZoneInfo) -> date:
    return clock.local_date(at, zone)
