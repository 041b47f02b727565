"""Step 7: what still stands against publication, then publish, schedule, take back or put away."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from kernel.words import in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog import places, windows
from tenant_apps.catalog.errors import NotReady
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import publishing
from tenant_apps.catalog.readiness import Lack
from tenant_apps.office.editor import consequences, preview, saving, shell
from tenant_apps.office.editor.forms.moments import MomentField
from tenant_apps.office.first_day.following import lead_on
from tenant_apps.office.scope import CHANGES

_STEP = "publier"


class ScheduleForm(forms.Form):
    publishes_at = MomentField(
        label=gettext_lazy("Jour et heure de la publication"),
        help_text=gettext_lazy("Avant ce moment, les familles ne voient rien."),
    )

    def clean_publishes_at(self) -> datetime:
        publishes_at: datetime = self.cleaned_data["publishes_at"]
        if publishes_at <= clock.now():
            raise forms.ValidationError(_("Ce moment est passé."))
        return publishes_at


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_publishing(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    move = request.POST.get("move", "")
    form = ScheduleForm(
        posted(request) if move == "schedule" else None, initial={"publishes_at": offering.publishes_at}
    )
    warned: list[str] = []
    if request.method == "POST":
        publishes_at = form.cleaned_data["publishes_at"] if move == "schedule" and form.is_valid() else None
        if move in ("withdraw", "archive") and not saving.is_confirmed(request):
            warned = consequences.of_withdrawal(shell.held(offering))
        if not form.errors and not warned and _moved(request, offering, move, publishes_at):
            return redirect(shell.address(_STEP, slug))
    context = {
        "form": form,
        "consequences": warned,
        "move": move,
        "items": [(lack, link(offering, lack)) for lack in shell.lacks(request, offering)],
        "open_to_all": [_open_to_all(*each) for each in windows.without_condition(windows.windows_of(offering))],
        "windows_href": shell.address("conditions", slug),
        "free": [(option.name, shell.option_address(slug, str(option.pk), "")) for option in _free(offering)],
        "preview": preview.of(request, offering),
        "is_scheduled": bool(offering.publishes_at and offering.publishes_at > clock.now()),
    }
    return shell.show(request, "publishing", offering, _STEP, context, status=422 if form.errors else 200)


def link(offering: Offering, lack: Lack) -> str:
    """To the field where it is put right."""
    anchor = f"#id_{lack.field}" if lack.field else ""
    if lack.option_id:
        return shell.option_address(offering.slug, lack.option_id, lack.field) + anchor
    return shell.address(lack.step, offering.slug) + anchor


def _open_to_all(window: windows.Window, following: windows.Window) -> str:
    return _(
        "La période «\u202f%(first)s\u202f» n’a pas de condition\u202f: elle ouvre à tout le monde, "
        "avant «\u202f%(next)s\u202f»."
    ) % {"first": in_language(window.name), "next": in_language(following.name)}


def _free(offering: Offering) -> list[Option]:
    """Those that anybody may take for nothing and without limit, beside others that have a price."""
    offered = [option for option in offering.options.all() if option.is_offered]
    if not any(option.price_cents for option in offered):
        return []
    free = [option for option in offered if not option.price_cents and not option.is_voluntary]
    capacities = places.of(option.pk for option in free)
    return [option for option in free if capacities.get(option.pk) is None]


def _moved(request: HttpRequest, offering: Offering, move: str, publishes_at: datetime | None) -> bool:
    told: dict[str, Any] = {"offering_id": offering.id, "actor": actor_of(request), "at": clock.now()}
    moves: dict[str, tuple[Callable[[], object], str]] = {
        "publish": (lambda: publishing.publish(**told), _("L’activité est publiée.")),
        "schedule": (lambda: publishing.publish(**told, publishes_at=publishes_at), _("La publication est prévue.")),
        "withdraw": (lambda: publishing.withdraw(**told), _("L’activité est de nouveau un brouillon.")),
        "archive": (lambda: publishing.archive(**told), _("L’activité est archivée.")),
    }
    if move not in moves:
        raise Http404
    act, done = moves[move]
    try:
        act()
    except NotReady:
        # The page lists what is missing.
        return False
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return True
    messages.success(request, done)
    if move == "publish":
        lead_on(request)
    return True
