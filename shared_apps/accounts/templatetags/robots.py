"""The hidden part of a form that asks a browser for a little work."""

from typing import Any

from django import template
from django.template.context import Context

from shared_apps.accounts import robots

register = template.Library()


@register.inclusion_tag("components/robot.html", takes_context=True)
def robot_check(context: Context) -> dict[str, Any]:
    """Inside the form, before its button."""
    return {
        "challenge": robots.challenge(),
        "shown": robots.shown_now(context["request"]),
        "names": {"proof": robots.PROOF, "shown": robots.SHOWN, "trap": robots.TRAP},
    }
