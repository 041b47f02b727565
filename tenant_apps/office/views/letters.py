"""Activation letters: for whom, how many, and the PDF that alone holds the codes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from tenant_apps.families.operations import letters as operations
from tenant_apps.office import acquaintance, letters
from tenant_apps.office.family_filters import ParticipantFilters, narrowed
from tenant_apps.office.pages import page
from tenant_apps.office.scope import LETTERS, of_request
from tenant_apps.organisation.context import profile_of


@staff(*LETTERS)
@recently("data")
def activation_letters(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = ParticipantFilters(request.GET, scope=scope)
    known = narrowed(letters.without_account(acquaintance.participants(scope)), form)
    if request.method == "POST":
        return _printed(request, known)
    listed = known.select_related("establishment", "level").order_by("search_text", "id")
    return page(
        request,
        "office/letters.html",
        {"form": form, "found": listed[: letters.MOST], "total": known.count(), "most": letters.MOST},
        section="families",
    )


def _printed(request: HttpRequest, known: Any) -> HttpResponse:
    """Only of those whom the member knows, whatever the form names."""
    wanted = known.filter(pk__in=_ids(request.POST.getlist("participants"))).select_related("establishment", "level")
    children = {each.pk: each for each in wanted[: letters.MOST]}
    at = clock.now()
    if not children:
        messages.error(request, _("Choisissez au moins un enfant."))
        return redirect(request.get_full_path())
    # What could not be drawn is not made: the letters sent before still serve.
    with transaction.atomic():
        made = operations.make_letters(participant_ids=children, actor=actor_of(request), at=at)
        coded = [(children[each.participant.pk], each.code) for each in made]
        drawn = letters.pdf(coded, profile_of(request), language=get_language() or "fr", at=at)
    response = HttpResponse(drawn, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="lettres-activation.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _ids(said: list[str]) -> list[UUID]:
    found = []
    for each in said:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found
