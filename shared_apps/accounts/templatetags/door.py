"""What the page of connection offers: the identity providers, and whether the password's form stands beside them."""

from typing import Any

from django import template
from django.template.context import Context

from shared_apps.accounts import door as doors

register = template.Library()


@register.simple_tag(takes_context=True)
def door(context: Context) -> dict[str, Any]:
    return doors.offered(context["request"])
