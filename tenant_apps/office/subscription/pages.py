"""What the pages of the subscription share: the organisation's own, its words, and what goes wrong at the processor."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing import overview
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.overview import Overview
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import View
from tenants.context import current

HOME = "office:subscription"


def own() -> Overview:
    """Or a page that is not there, where the platform sells nothing."""
    found = overview.of(current(), at=clock.now())
    if found is None:
        raise Http404
    return found


def done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(HOME)


def said_by_the_processor(view: View) -> View:
    """Its refusals and its silences are words on the page, not errors."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> object:
        try:
            return view(request, *args, **kwargs)
        except ProcessorUnavailable:
            messages.error(request, _("Le processeur de paiement ne répond pas. Réessayez dans quelques minutes."))
        except ProcessorRefused:
            messages.error(request, _("Le processeur de paiement a refusé. Vérifiez la carte ou les coordonnées."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return redirect(HOME)

    return asked  # type: ignore[return-value]
