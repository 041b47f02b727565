"""What owners and who keeps the money are told of an account at the processor: asked, stopped, late, well again."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from billing import requirements, standing
from billing.models import ConnectedAccount
from billing.standing import News
from kernel import clock
from shared_apps.design import formats
from tenant_apps.notifications import about_orders
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee, Role
from tenants import links

_TOLD = (Role.OWNER, Role.FINANCE)

_SUBJECTS: Mapping[str, Promise] = {
    News.PAYMENTS_STOPPED: gettext_lazy("Paiements en ligne arrêtés\u202f: %(payee)s"),
    News.PAYOUTS_STOPPED: gettext_lazy("Virements arrêtés\u202f: %(payee)s"),
    News.ASKED: gettext_lazy("Renseignements demandés\u202f: %(payee)s"),
    News.WELL: gettext_lazy("Compte de paiement en service\u202f: %(payee)s"),
}
_WORDS: Mapping[str, Promise] = {
    News.PAYMENTS_STOPPED: gettext_lazy(
        "Le processeur n’accepte plus de paiement pour ce compte. Les familles ne peuvent plus payer en ligne."
    ),
    News.PAYOUTS_STOPPED: gettext_lazy(
        "Les familles paient toujours en ligne, mais le processeur ne vous vire plus cet argent."
    ),
    News.ASKED: gettext_lazy(
        "Le processeur demande de nouveaux renseignements pour ce compte. Sans eux, il arrêtera les paiements ou les "
        "virements."
    ),
    News.DEADLINE: gettext_lazy(
        "Le processeur attend encore des renseignements pour ce compte. Sans eux, il arrêtera les paiements ou les "
        "virements."
    ),
    News.WELL: gettext_lazy(
        "Le processeur a tout ce qu’il demande\u202f: les familles paient en ligne, et l’argent vous est viré."
    ),
}


def changed(payload: dict[str, Any]) -> None:
    """Nothing of an account that was left in the meantime."""
    account = ConnectedAccount.objects.filter(processor_id=payload["account"], disconnected_at=None).first()
    if account is None:
        return
    profile = organisation.profile()
    language = staff_language(profile)
    with override(language):
        letter = _letter(account, payload)
    for member in organisation.at_work(_TOLD):
        key = f"account:{account.processor_id}:{payload['at']}:{payload['news']}:{member.pk}"
        send(letter, key=key, recipient=member.user.email, language=language, profile=profile)


def _letter(account: ConnectedAccount, payload: dict[str, Any]) -> Letter:
    payee = Payee.objects.filter(processor_account=account.processor_id).order_by("name").first()
    name = payee.name if payee else account.name
    asked = [] if payload["news"] == News.WELL else requirements.all_words(standing.asked_of_us(account))
    facts = [(_("Compte"), name), *((_("À fournir"), words) for words in asked)]
    if asked and account.deadline_at:
        day = clock.local_date(account.deadline_at, organisation.profile().zone)
        facts.append((_("Avant le"), formats.date_words(day, about_orders.locale())))
    is_theirs = payload["news"] in (News.PAYMENTS_STOPPED, News.PAYOUTS_STOPPED) and not asked
    label = _("Compléter le compte") if asked else _("Voir le compte")
    return Letter(
        subject=_subject(payload) % {"payee": name, "days": payload["days"]},
        paragraphs=[_("Bonjour,"), str(_WORDS[payload["news"]])],
        facts=facts,
        action=(label, links.absolute(reverse("office:payee_accounts"))),
        notes=[_("Rien ne vous est demandé\u202f: le processeur fait ses vérifications.")] if is_theirs else [],
    )


def _subject(payload: dict[str, Any]) -> str:
    if payload["news"] != News.DEADLINE:
        return str(_SUBJECTS[payload["news"]])
    return ngettext(
        "Plus que %(days)s jour pour compléter le compte\u202f: %(payee)s",
        "Plus que %(days)s jours pour compléter le compte\u202f: %(payee)s",
        payload["days"],
    )


LISTENERS = {standing.TOLD: changed}
