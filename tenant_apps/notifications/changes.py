"""What is written about changes: to staff that one waits, to the family what was done, kept and given back.

A family's reason and the answer to it are read once signed in; why the organisation itself cancels is said at once.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from tenant_apps.changes import queries, telling, wording
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.rebates import CAUSE
from tenant_apps.families.queries import hidden_from
from tenant_apps.notifications import refunds
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.payments.models import Refund
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tenants import links


def asked(payload: dict[str, Any]) -> None:
    """To the organisation's own address: who asks, and what, is read in the workplace."""
    profile = organisation.profile()
    waiting = ChangeRequest.objects.filter(pk=payload["change"], status=Status.ASKED).first()
    if waiting is None or not profile.contact_email:
        return
    language = staff_language(profile)
    with override(language):
        letter = Letter(
            subject=_("Demande de changement à traiter"),
            paragraphs=[
                _("Bonjour,"),
                _("Une famille demande un changement d’inscription. Elle attend votre réponse."),
            ],
            action=(_("Voir les demandes"), links.absolute(reverse("office:change_requests"))),
        )
        send(
            letter,
            key=f"change:{waiting.id}:staff",
            recipient=profile.contact_email,
            language=language,
            profile=profile,
        )


def decided(payload: dict[str, Any]) -> None:
    change = _told(payload["change"])
    if change is None or change.status not in (Status.ACCEPTED, Status.REFUSED):
        return
    profile = organisation.profile()
    guardian = change.guardian
    with override(guardian.language):
        letter = _refused(change) if change.status == Status.REFUSED else _accepted(change, profile)
        send(
            letter,
            key=f"change:{change.id}:decided",
            recipient=guardian.email,
            language=guardian.language,
            profile=profile,
        )


def closed_for(payload: dict[str, Any]) -> None:
    """To who waited for a choice that the organisation cancels, or had it in their basket."""
    known = Registration.objects.select_related("basket__guardian", "participant", "option__offering")
    line = known.get(pk=payload["registration"])
    guardian = line.basket.guardian
    if not guardian.email or line.participant_id in hidden_from(guardian.id):
        return
    with override(guardian.language):
        letter = Letter(
            subject=_("Annulation\u202f: %(offering)s") % {"offering": line.option.offering},
            paragraphs=[
                _("Bonjour,"),
                _("Nous avons dû annuler ce choix, et nous en sommes désolés."),
                _("La place attendue, ou gardée pour vous, n’est plus possible. Elle ne vous coûte rien."),
                *filter(None, payload["answer"].splitlines()),
            ],
            facts=[(str(line.participant), f"{line.option.offering} – {line.option}")],
        )
        send(
            letter,
            key=f"closed:{line.id}",
            recipient=guardian.email,
            language=guardian.language,
            profile=organisation.profile(),
        )


def _told(change_id: str) -> ChangeRequest | None:
    """None where the guardian is kept away from the child since."""
    known = ChangeRequest.objects.select_related(
        "guardian", "registration__participant", "registration__option__offering", "option__offering", "participant"
    )
    change = known.filter(pk=change_id).first()
    if change is None or not change.guardian.email:
        return None
    return None if change.registration.participant_id in hidden_from(change.guardian_id) else change


def _accepted(change: ChangeRequest, profile: Profile) -> Letter:
    line = queries.stands_for(change)
    if line is not None and queries.is_to_pay(line):
        until = formats.datetime_words(
            line.held_until.astimezone(profile.zone), formats.locale_for(change.guardian.language, profile.territory)
        )
        return Letter(
            subject=_("Votre changement attend votre paiement"),
            paragraphs=[
                _("Bonjour,"),
                _("Le nouveau choix est dans votre panier, et l’inscription d’avant reste à vous d’ici là."),
            ],
            facts=[
                *_names(change),
                (_("À payer"), _money(line.amount_cents, change, profile)),
                (_("Gardé jusqu’au"), until),
            ],
            action=(_("Voir mon panier"), links.absolute(reverse("basket"))),
        )
    is_cancelled = change.registration.status == Registered.CANCELLED
    answer = telling.said(change).answer if is_cancelled else ""
    paragraphs = [_("Bonjour,"), _what(change, is_cancelled=is_cancelled), *filter(None, answer.splitlines())]
    paragraphs += refunds.how(Refund.objects.filter(reason=f"{CAUSE}{change.id.hex}"))
    return Letter(
        subject=_("%(change)s\u202f: %(offering)s")
        % {"change": wording.title(change), "offering": change.registration.option.offering},
        paragraphs=paragraphs,
        facts=[*_names(change), *_sums(change, profile)],
        action=_page(change),
    )


def _what(change: ChangeRequest, *, is_cancelled: bool) -> str:
    if is_cancelled:
        return _("Nous avons dû annuler cette inscription, et nous en sommes désolés.")
    return {
        Kind.WITHDRAWAL: _("La désinscription est faite\u202f: la place est libérée."),
        Kind.SWAP: _("Le changement est fait\u202f: voici la nouvelle inscription."),
        Kind.TRANSFER: _("Le transfert est fait\u202f: la place est au nom de l’autre enfant."),
    }[Kind(change.kind)]


def _refused(change: ChangeRequest) -> Letter:
    told = _("Votre demande n’a pas pu être acceptée, et l’inscription reste comme elle est. La raison vous attend.")
    return Letter(_("Réponse à votre demande"), [_("Bonjour,"), told], facts=_names(change), action=_page(change))


def _names(change: ChangeRequest) -> list[tuple[str, str]]:
    option = change.registration.option
    return [(str(change.registration.participant), f"{option.offering} – {option}")]


def _sums(change: ChangeRequest, profile: Profile) -> list[tuple[str, str]]:
    found = [(_("Frais retenus"), change.fee_cents), (_("Montant rendu"), change.refund_cents)]
    return [(name, _money(cents, change, profile)) for name, cents in found if cents]


def _money(cents: int, change: ChangeRequest, profile: Profile) -> str:
    locale = formats.locale_for(change.guardian.language, profile.territory)
    return formats.money(cents, profile.currency.upper(), locale)


def _page(change: ChangeRequest) -> tuple[str, str] | None:
    """A guest has no file to read it in."""
    if change.guardian.user_id is None:
        return None
    return _("Voir dans mon dossier"), links.absolute(reverse("change", args=[change.id]))


LISTENERS = {"changes.asked": asked, "changes.decided": decided, "changes.closed_for": closed_for}
