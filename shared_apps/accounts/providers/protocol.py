"""OpenID Connect as we speak it: django-allauth's flow with a nonce, signatures always checked, and no claim kept."""

import secrets
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.providers import fetch, identity, sources
from shared_apps.accounts.providers.rules import rules_of

# A provider signs with its own key: what is « signed » with the secret we share, or not at all, is not from it.
_SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
_LONGEST_SUBJECT = 191
# Between their clock and ours.
_LEEWAY_SECONDS = 30


class Conversation(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One sign-in with one provider. `state` is what was kept of its beginning, once the person is back."""

    state: Mapping[str, Any] | None = None

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = fetch.metadata(self.get_provider().app.settings["server_url"])
        return self._openid_config

    def get_client(self, request: HttpRequest, app: Any) -> OAuth2Client:
        client = super().get_client(request, app)
        client.consumer_secret = sources.secret_of(app)
        return client

    def parse_token(self, data: Mapping[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **told: Any) -> SocialLogin:
        """Raises OAuth2Error for whatever is not a proper answer."""
        try:
            claims = self._identified(app, str(told["response"]["id_token"]))
            if "userinfo_endpoint" in self.openid_config:
                more = self._fetch_user_info(token.token)
                if more["sub"] != claims["sub"]:
                    raise OAuth2Error("the two answers are about different people")
                claims |= more
            return self.get_provider().sociallogin_from_response(request, claims)
        except (AttributeError, KeyError, TypeError, ValueError, jwt.PyJWTError) as error:
            raise OAuth2Error(f"not an answer of OpenID Connect: {error}") from error

    def _identified(self, app: Any, id_token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(id_token)
        if header["alg"] not in _SIGNATURES:
            raise OAuth2Error("not signed by the provider")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=self._key(header),
            algorithms=[header["alg"]],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("meant for another application")
        if not self.state or claims.get("nonce") != self.state["nonce"]:
            raise OAuth2Error("not the answer to what was asked")
        return claims

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """The provider's key that the token names; it need not name one where there is only one."""
        with fetch.Session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(response.json()).keys if key.public_key_use in (None, "sig")]
        [found] = [key for key in keys if header.get("kid") in (None, key.key_id)]
        return found


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = Conversation

    @property
    def source(self) -> sources.Source:
        return sources.source_of(self.app)

    def serialize(self) -> dict[str, Any]:
        return {"id": self.app.provider_id}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing of the address but where to go on: neither more scopes, nor another purpose than to sign in."""
        asked: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        return {"process": "login", "next_url": asked.get("next_url")}

    def redirect(self, request: HttpRequest, process: str, **options: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        try:
            response: HttpResponse = super().redirect(
                request, process, auth_params={"nonce": nonce}, nonce=nonce, **options
            )
        except requests.RequestException as error:
            return failed(request, self, error)
        return response

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        subject = str(data["sub"])
        if not 0 < len(subject) <= _LONGEST_SUBJECT or "\x00" in subject:
            raise ValueError("no usable subject")
        return subject

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, str]:
        return {"identity": identity.sealed(self._columns(data))}

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, str]:
        columns = self._columns(data)
        return {name: columns[name] for name in ("last_name", "first_name", "email") if name in columns}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[EmailAddress]:
        """Verified where the organisation trusts the provider for it, and the provider does not say the contrary."""
        email = self._columns(data).get("email")
        verified = self.source.is_verified and data.get("email_verified") is not False
        return [EmailAddress(email=email, verified=verified, primary=True)] if email else []

    def _columns(self, data: Mapping[str, Any]) -> dict[str, str]:
        asked = rules_of(self.request).asks_national_number
        return identity.read(data, self.source, with_national_number=asked)


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state
        return state, response


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the provider. Raises SocialApp.DoesNotExist."""
    response: HttpResponse = OAuth2LoginView.adapter_view(Conversation(request, provider_id))(request)
    return response


def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider: sign in, or ask what is missing. Raises SocialApp.DoesNotExist."""
    response: HttpResponse = Callback.adapter_view(Conversation(request, provider_id))(request)
    return response


def failed(request: HttpRequest, provider: Any, error: Exception | None = None) -> HttpResponse:
    response: HttpResponse = render_authentication_error(request, provider, exception=error)
    return response
