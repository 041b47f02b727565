"""The mail after a draw: one for each family, with all that became of its wishes."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from shared_apps.design import formats
from tenant_apps.families.models import Guardian
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.openings.models import Opening
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations.lottery import queries
from tenant_apps.registrations.lottery.queries import Need, Shown
from tenants import links


def drawn(payload: dict[str, Any]) -> None:
    """What was had and until when, the rank of the rest; children are named to those who wished for them alone."""
    guardian = Guardian.objects.filter(pk=payload["guardian"]).first()
    opening = Opening.objects.filter(pk=payload["opening"]).first()
    if guardian is None or opening is None or not guardian.email:
        return
    needs = queries.of_family(opening.id, guardian.id)
    if not needs:
        return
    profile = organisation.profile()
    with override(guardian.language):
        send(
            _letter(opening, needs, guardian, profile),
            key=f"draw:{opening.id}:{guardian.id}",
            recipient=guardian.email,
            language=guardian.language,
            profile=profile,
        )


def _letter(opening: Opening, needs: list[Need], guardian: Guardian, profile: Profile) -> Letter:
    had = [need for need in needs if need.had]
    locale = formats.locale_for(guardian.language, profile.territory)
    facts = [(_names(need), _became(need)) for need in needs]
    ends = min((need.offered_until for need in had if need.offered_until), default=None)
    if ends is not None:
        facts.append((_("À confirmer avant le"), formats.datetime_words(ends.astimezone(profile.zone), locale)))
    action = (_("Confirmer mes places"), "basket") if had else (_("Voir mes souhaits"), "wishes")
    address = reverse(action[1], args=[] if had else [opening.id])
    return Letter(
        subject=_("Résultat du tirage\u202f: %(opening)s") % {"opening": opening},
        paragraphs=[_("Bonjour,"), _summary(len(had), len(needs))],
        facts=facts,
        action=(action[0], links.absolute(address)),
        notes=[
            *([_("Une place qui n’est pas confirmée à temps va à une autre famille.")] if had else []),
            _("Chacun peut vérifier le tirage\u202f: %(address)s")
            % {"address": links.absolute(reverse("draw_results", args=[opening.id]))},
        ],
    )


def _summary(had: int, every: int) -> str:
    if not had:
        return _("Le tirage a eu lieu, et aucun de vos souhaits n’a pu être comblé. Voici votre rang.")
    return ngettext(
        "Le tirage a eu lieu\u202f: %(had)s souhait obtenu sur %(every)s.",
        "Le tirage a eu lieu\u202f: %(had)s souhaits obtenus sur %(every)s.",
        had,
    ) % {"had": had, "every": every}


def _names(need: Need) -> str:
    return ", ".join(child.shown_name for child in need.children)


def _became(need: Need) -> str:
    if need.had:
        return _("Obtenu\u202f: %(choice)s") % {"choice": _choice(need.had)}
    if need.waiting:
        first = need.waiting[0]
        return _("En liste d’attente (rang %(rank)s)\u202f: %(choice)s") % {
            "rank": max(first.ranks, default=need.place),
            "choice": _choice(first),
        }
    return _("Non obtenu (rang %(rank)s dans le tirage)") % {"rank": need.place}


def _choice(choice: Shown) -> str:
    return ", ".join(sorted({f"{line.option.offering}, {line.option.shown('name')}" for line in choice.lines}))


LISTENERS = {"wishes.drawn": drawn}
