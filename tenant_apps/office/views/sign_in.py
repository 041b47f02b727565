"""« Connexion »: the identity providers of the organisation, and whether families may have a password beside them."""

from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.accounts.providers import fetch, operations, presets, sources
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.provider_forms import PasswordsForm, ProviderForm
from tenant_apps.office.scope import SETTINGS
from tenant_apps.organisation import door

SECTION = "ways_in"
_managers = staff(*SETTINGS)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def ways_in(request: HttpRequest) -> HttpResponse:
    now = {"passwords": door.rules(request).passwords.value}
    form = PasswordsForm(posted(request), initial=now)
    if request.method == "POST" and form.is_valid():
        door.allow_passwords(choice=form.cleaned_data["passwords"], actor=actor_of(request), at=clock.now())
        messages.success(request, _("La règle est enregistrée."))
        return redirect("office:ways_in")
    context = {"apps": sources.all_of_them(), "form": form, "presets": presets.LABELS}
    return page(request, "office/ways_in.html", context, section=SECTION)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def add_provider(request: HttpRequest, preset: str) -> HttpResponse:
    if preset not in presets.PRESETS:
        raise Http404
    form = ProviderForm(posted(request), source=presets.preset(preset))
    if request.method == "POST" and form.is_valid():
        secret = form.cleaned_data["secret"]
        app = operations.add(source=form.told(), secret=secret, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Le fournisseur est enregistré. Inscrivez chez lui l’adresse de retour."))
        return redirect("office:provider", app.provider_id)
    return page(request, "office/provider.html", {"form": form, "label": _label(preset)}, section=SECTION)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    app = _app_or_404(provider_id)
    form = _form(app, posted(request))
    if request.method == "POST" and form.is_valid() and _changed(request, app, form):
        messages.success(request, _("Le fournisseur est enregistré."))
        return redirect("office:provider", provider_id)
    return _page(request, app, form)


@_managers
@recently("security")
@require_POST
def check_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask the provider what it says of itself, and show it."""
    app = _app_or_404(provider_id)
    try:
        found = fetch.metadata(app.settings["server_url"])
    except requests.RequestException:
        return _page(request, app, _form(app, None), has_failed=True)
    return _page(request, app, _form(app, None), found=_readable(found))


@_managers
@recently("security")
@require_POST
def serve_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """In service, or out of it: as the button says."""
    app = _app_or_404(provider_id)
    if not app.client_id:
        messages.error(request, _("Écrivez d’abord l’identifiant de client."))
    elif request.POST.get("to") == "on":
        operations.put_in_service(provider_id=provider_id, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Les familles peuvent se connecter avec ce fournisseur."))
    else:
        operations.take_out_of_service(provider_id=provider_id, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Ce fournisseur n’est plus offert."))
    return redirect("office:provider", provider_id)


@_managers
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def remove_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    app = _app_or_404(provider_id)
    if request.method == "POST":
        operations.remove(provider_id=provider_id, actor=actor_of(request), at=clock.now())
        messages.success(request, _("Le fournisseur est retiré."))
        return redirect("office:ways_in")
    accounts = sources.accounts_of(app)
    return page(request, "office/provider_remove.html", {"app": app, "accounts": accounts}, section=SECTION)


def _changed(request: HttpRequest, app: SocialApp, form: ProviderForm) -> bool:
    try:
        operations.change(
            provider_id=app.provider_id,
            source=form.told(),
            secret=form.cleaned_data["secret"],
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("issuer", str(refusal))
        return False
    return True


def _page(request: HttpRequest, app: SocialApp, form: ProviderForm, **more: Any) -> HttpResponse:
    back = reverse("openid_connect_callback", args=[app.provider_id])
    context = {
        "form": form,
        "app": app,
        "is_active": form.source.is_active,
        "label": _label(form.source.preset),
        "redirect_uri": request.build_absolute_uri(back),
        **more,
    }
    return page(request, "office/provider.html", context, section=SECTION)


def _form(app: SocialApp, said: Any) -> ProviderForm:
    return ProviderForm(said, source=sources.source_of(app), has_secret=bool(app.settings.get("sealed_secret")))


def _readable(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "issuer": told["issuer"],
        "authorization": told["authorization_endpoint"],
        "scopes": _words(told.get("scopes_supported")),
        "claims": _words(told.get("claims_supported")),
    }


def _words(told: Any) -> str:
    return ", ".join(str(each) for each in told[:50]) if isinstance(told, list) else ""


def _label(preset: str) -> Any:
    return presets.LABELS.get(preset, preset)


def _app_or_404(provider_id: str) -> SocialApp:
    found: SocialApp | None = SocialApp.objects.filter(provider=sources.KIND, provider_id=provider_id).first()
    if found is None:
        raise Http404
    return found
