"""How django-allauth behaves here: its mails are rows of the outbox, its secrets are encrypted, its words are ours."""

import io
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kernel import clock, ids
from shared_apps.accounts import access, codes, confirmation, door, secrets, sessions, user_agents
from shared_apps.accounts.models import User
from shared_apps.outbox import operations as outbox

# On the platform's own host there is no organisation to take a colour from.
_PLATFORM_COLOUR = "#0b5d56"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Ce compte n’est pas actif."),
        "email_password_mismatch": _("Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez l’un et l’autre."),
        "login_password_mismatch": _(
            "Cet identifiant et ce mot de passe ne vont pas ensemble. Vérifiez l’un et l’autre."
        ),
        "email_taken": _("Un compte existe déjà avec ce courriel."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon. Vérifiez-le dans le dernier courriel reçu."),
        "incorrect_password": _("Ce mot de passe n’est pas le bon."),
        "rate_limited": _("Trop de demandes en peu de temps. Attendez quelques minutes et réessayez."),
        "same_as_current": _("C’est déjà la valeur actuelle."),
        "too_many_login_attempts": _("Trop d’essais sans succès. Attendez quelques minutes et réessayez."),
    }

    def validation_error(self, code: str, *args: Any) -> Any:
        """One message for an address and for a code, or it would tell which of them is known."""
        if code == "email_password_mismatch" and codes.accepted(self.request):
            code = "login_password_mismatch"
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return door.accepts_sign_up(request)

    def pre_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse | None:
        refused = door.refuse(request, user, login["signal_kwargs"])
        response: HttpResponse | None = refused or super().pre_login(request, user, **login)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return access.home_of(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Of a family its own page, which says what comes first: nobody is on their list yet."""
        home = access.home_of(request)
        return reverse("account") if home == reverse("home") else home

    def login(self, request: HttpRequest, user: User) -> None:
        stays = sessions.asked_to_stay(request.session)
        super().login(request, user)
        sessions.begin(request.session, stays=stays, at=clock.now())

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **login: Any) -> HttpResponse:
        # Who came with a provider's identity is written to already (providers_mail).
        if signup and "sociallogin" not in (login["signal_kwargs"] or {}):
            code = codes.shown(user.code) if codes.accepted(request) else ""
            self.send_mail("account/email/welcome", user.email, {"user": user, "user_code": code})
        response: HttpResponse = super().post_login(request, user, signup=signup, **login)
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Our own rule (access.recently) stands before it, and knows people who have no password."""
        return not confirmation.is_recent(self.request, "security")

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """A code by e-mail for who has no second factor: it would open the account just as well."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and all(method["id"] == "reauthenticate" for method in methods):
            methods.append({"id": "mail", "description": "", "url": reverse("confirm_by_mail")})
        return methods

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.language = get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        everything = {"email": email, **context}
        subject = render_to_string(f"{template_prefix}_subject.txt", everything, self.request).strip()
        text = render_to_string(f"{template_prefix}_message.txt", everything, self.request).strip()
        outbox.queue_message(
            unique_key=context.get("unique_key") or f"{template_prefix}/{ids.uuid7()}",
            recipient=email,
            language=get_language() or "fr",
            subject=f"{self.request.organisation.name} – {subject}",
            text=text + "\n",
            html=self._laid_out(subject, text, code=context.get("code", "")),
            at=clock.now(),
        )

    def _laid_out(self, subject: str, text: str, *, code: str) -> str:
        """The text as a letter with the organisation's face, its code standing out."""
        name = self.request.organisation.name
        # The letter says these two at places of their own.
        paragraphs = [part for part in text.split("\n\n") if part.strip() not in {code, name}]
        letter = {"subject": subject, "paragraphs": paragraphs, "facts": [(gettext("Code"), code)] if code else []}
        own_face = {"name": name, "brand_colour": _PLATFORM_COLOUR}
        context = {"letter": letter, "language": get_language() or "fr", "own_face": own_face}
        return render_to_string("account/email/letter.html", context, self.request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Le second facteur est obligatoire pour votre compte."),
        "incorrect_code": _("Ce code n’est pas le bon. Il change toutes les 30 secondes."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text, purpose="second-factor")

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text, purpose="second-factor")

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """A passkey is named after where it was made."""
        return user_agents.words(self.request.META.get("HTTP_USER_AGENT", ""))

    def build_totp_svg(self, url: str) -> str:
        """On its own white ground: a dark page would hide it from the telephone."""
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, light="#ffffff")
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last second factor of who must have one stays."""
        return not access.needs_second_factor(self.request) or _has_another(authenticator)


def _has_another(authenticator: Authenticator) -> bool:
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    own = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=factors)
    return bool(own.exclude(pk=authenticator.pk).exists())
