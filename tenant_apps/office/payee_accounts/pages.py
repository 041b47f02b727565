"""A page about the payees' accounts, whose forms may end at the processor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shared_apps.design import security
from tenant_apps.office.pages import page


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = page(
        request, f"office/payee_accounts/{template}.html", context, section="payment_settings", status=status
    )
    response["Content-Security-Policy"] = security.onboarding_policy(settings.STRIPE_API_BASE)
    return response
