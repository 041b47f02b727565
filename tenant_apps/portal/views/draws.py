"""« Résultats du tirage », for anybody, without a name: the promise, the seed, the figures, the file to run again."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kernel.words import in_language
from shared_apps.accounts.access import public
from tenant_apps.openings import ordering
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.openings.terms import terms_of
from tenant_apps.registrations.lottery import publication, queries
from tenant_apps.registrations.lottery.priorities import told


@public
@require_safe
def results(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    opening = get_object_or_404(Opening, pk=opening_id, mode=Mode.LOTTERY)
    context = {
        "opening": opening,
        "groups": [{**group, "name": in_language(group["name"])} for group in told(terms_of(opening).priorities)],
        "commitment": ordering.commitment(opening.seed),
        "figures": queries.figures(opening.id) if opening.drawn_at else None,
    }
    return render(request, "portal/draw.html", context)


@public
@require_safe
def file(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """The document of the draw, once there is one."""
    content = publication.read(get_object_or_404(Opening, pk=opening_id, mode=Mode.LOTTERY))
    if content is None:
        raise Http404
    name = f"tirage-{opening_id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/json", headers=headers)
