"""What is written about requests to open an organisation: to who asks, and to the operators.

Nothing that a stranger typed goes to an address that nobody has proved yet.
"""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from kernel import signing
from shared_apps.accounts.models import User
from tenant_apps.notifications.letters import Letter, send
from tenant_apps.organisation import queries
from tenants import links
from tenants.models import Organisation, SignUp
from tenants.operations.sign_up import CODE_VALID

_PURPOSE = "sign up"
_SITE = settings.URLCONFS["operations"]


def request_path(asked: SignUp) -> str:
    """Where the request is followed: whoever has this address sees it."""
    token = signing.sign(asked.pk.hex, purpose=_PURPOSE)
    return reverse("console:request", args=[token], urlconf=_SITE)


def request_of(token: str) -> str | None:
    """The identifier that such an address holds."""
    try:
        return str(signing.read(token, purpose=_PURPOSE))
    except signing.BadSignature:
        return None


def send_code(asked: SignUp, code: str, *, at: datetime) -> None:
    letter = Letter(
        subject=_("Votre code de vérification"),
        paragraphs=[
            _("Bonjour,"),
            _("Recopiez ce code dans la page restée ouverte, pour confirmer que cette adresse est la vôtre."),
        ],
        facts=[
            (_("Code"), code),
            (_("Valable"), _("%(minutes)d minutes") % {"minutes": CODE_VALID.total_seconds() // 60}),
        ],
        notes=[_("Si vous n’avez rien demandé, ignorez ce message\u202f: rien ne sera ouvert à votre nom.")],
    )
    _send(letter, asked, f"code:{at.timestamp():.6f}", (get_language() or "fr")[:2], at)


def received(asked: SignUp, *, at: datetime) -> None:
    """To who asked and to every operator, that the request waits for an answer."""
    with override(asked.language):
        letter = Letter(
            subject=_("Votre demande est envoyée"),
            paragraphs=[
                _("Bonjour,"),
                _("Notre équipe lit votre demande et vous répond par courriel."),
                _("L’adresse de votre site vous est gardée deux semaines."),
            ],
            facts=_facts(asked),
            action=(_("Suivre ma demande"), links.absolute(request_path(asked))),
        )
        _send(letter, asked, f"received:{at.timestamp():.6f}", asked.language, at)
    page = links.absolute(reverse("console:sign_up_detail", args=[asked.pk], urlconf=_SITE))
    for operator in _operators():
        with override(operator.language or settings.LANGUAGE_CODE):
            letter = Letter(
                subject=_("Une organisation demande à ouvrir son espace"),
                paragraphs=[_("Bonjour,"), _("Une demande confirmée attend votre réponse.")],
                facts=_facts(asked),
                action=(_("Lire la demande"), page),
            )
            _to_operator(letter, operator, f"sign-up:{asked.pk}:{at.timestamp():.6f}", at)


def accepted(asked: SignUp, *, at: datetime) -> None:
    with override(asked.language):
        letter = Letter(
            subject=_("Votre demande est acceptée"),
            paragraphs=[
                _("Bonjour,"),
                _("Votre espace est en préparation. L’invitation qui vous l’ouvre vient dans un autre message."),
            ],
            facts=_facts(asked),
            action=(_("Suivre la préparation"), links.absolute(request_path(asked))),
        )
        _send(letter, asked, "accepted", asked.language, at)


def refused(asked: SignUp, *, at: datetime) -> None:
    with override(asked.language):
        letter = Letter(
            subject=_("Réponse à votre demande"),
            paragraphs=[
                _("Bonjour,"),
                _("Nous ne pouvons pas ouvrir cet espace. Voici pourquoi\u202f:"),
                *filter(None, asked.reason.splitlines()),
            ],
            facts=_facts(asked),
        )
        _send(letter, asked, "refused", asked.language, at)


def preparation_failed(organisation: Organisation, *, at: datetime) -> None:
    """Inside the operations: to every operator, once a day."""
    page = links.absolute(reverse("console:organisation", args=[organisation.slug], urlconf=_SITE))
    for operator in _operators():
        with override(operator.language or settings.LANGUAGE_CODE):
            letter = Letter(
                subject=_("La préparation d’un espace s’est interrompue"),
                paragraphs=[
                    _("Bonjour,"),
                    _("Rien n’en est resté. La cause est dans le journal\u202f; redemandez-la ensuite."),
                ],
                facts=[(_("Organisation"), organisation.name)],
                action=(_("Voir l’organisation"), page),
            )
            _to_operator(letter, operator, f"failed:{organisation.pk}:{at.date()}", at)


def _facts(asked: SignUp) -> list[tuple[str, str]]:
    return [(_("Organisation"), asked.name), (_("Adresse"), host_of(asked.slug))]


def host_of(slug: str) -> str:
    """As people read and type it, without what a browser adds by itself."""
    return urlsplit(links.at(f"{slug}.{settings.PLATFORM_DOMAIN}")).netloc


def _operators() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("email"))


def _send(letter: Letter, asked: SignUp, what: str, language: str, at: datetime) -> None:
    key = f"sign-up:{asked.pk}:{what}"
    send(letter, key=key, recipient=asked.owner_email, language=language, profile=queries.profile(), at=at)


def _to_operator(letter: Letter, operator: User, key: str, at: datetime) -> None:
    language = operator.language or settings.LANGUAGE_CODE
    key = f"{key}:{operator.pk}"
    send(letter, key=key, recipient=operator.email, language=language, profile=queries.profile(), at=at)
