"""« Demandes »: who asks to open an organisation, what they said, and the answer."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from billing import plans
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, operator
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import told
from tenant_apps.console import kinds, platform_rules, sign_ups, telling, trails
from tenant_apps.console.pages import page
from tenants.context import in_registry
from tenants.models import Arrivals, SignUp, SignUpState
from tenants.operations import sign_up

_SECTION = "console:sign_ups"
_A_PAGE = 50


class RefusalForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Votre réponse"),
        help_text=gettext_lazy("Elle est envoyée telle quelle à la personne qui a écrit."),
        max_length=2000,
        widget=forms.Textarea,
    )


class RulesForm(forms.Form):
    arrivals = forms.ChoiceField(
        label=gettext_lazy("Nouvelles organisations"), choices=Arrivals.choices, widget=forms.RadioSelect
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Courriel de contact"),
        help_text=gettext_lazy(
            "Montré au bas du site de la plateforme, quand l’accueil est fermé, et sous chacun de ses messages."
        ),
        max_length=254,
    )


@operator
def every(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100].replace("\0", "")
    with in_registry():
        found = Paginator(_search(words), _A_PAGE).get_page(request.GET.get("page"))
        list(found)
    return page(request, "console/sign_ups.html", {"found": found, "words": words}, section=_SECTION)


@operator
def one(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    return _detail(request, sign_up_id, RefusalForm())


@require_POST
@operator
def approved(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    _asked(sign_up_id)
    try:
        made = sign_ups.approve(sign_up_id=sign_up_id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("console:sign_up_detail", sign_up_id)
    messages.success(request, _("La demande est acceptée\u202f: l’espace se prépare."))
    return redirect("console:organisation", made.slug)


@require_POST
@operator
def refused(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _detail(request, sign_up_id, form)
    _asked(sign_up_id)
    try:
        sign_ups.refuse(
            sign_up_id=sign_up_id, words=form.cleaned_data["words"], actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La réponse est envoyée."))
    return redirect("console:sign_up_detail", sign_up_id)


@operator
def rules(request: HttpRequest) -> HttpResponse:
    now = {"arrivals": sign_up.arrivals(), "contact_email": platform_rules.contact()}
    form = RulesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        platform_rules.change(
            rule=Arrivals(form.cleaned_data["arrivals"]),
            contact_email=form.cleaned_data["contact_email"],
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("C’est enregistré."))
        return redirect("console:rules")
    events = told(Entry.objects.filter(subject="platform").order_by("-at", "-id")[:20], trails.WORDS)
    context = {"form": form, "events": events}
    return page(request, "console/rules.html", context, section="console:rules", status=422 if form.errors else 200)


def _detail(request: HttpRequest, sign_up_id: UUID, form: RefusalForm) -> HttpResponse:
    asked = _asked(sign_up_id)
    entries = Entry.objects.filter(subject="sign_up", subject_id=sign_up_id).order_by("-at", "-id")
    context = {
        "asked": asked,
        "form": form,
        "kind": kinds.NAMES.get(asked.preset, asked.preset),
        "host": telling.host_of(asked.slug),
        "plan": next((plans.name_of(plan) for plan in plans.offered() if plan.code == asked.plan), asked.plan),
        "events": told(entries, trails.WORDS),
    }
    return page(request, "console/sign_up_detail.html", context, section=_SECTION, status=422 if form.errors else 200)


def _asked(sign_up_id: UUID) -> SignUp:
    """Of whoever proved their address; the others are nobody's business yet."""
    asked = sign_up.find(str(sign_up_id))
    if asked is None or (asked.state == SignUpState.UNCONFIRMED and asked.confirmed_at is None):
        raise Http404
    return asked


def _search(words: str) -> QuerySet[SignUp]:
    """Those that wait come first, the oldest before the others; then what was decided, the latest first."""
    unproved = Q(state=SignUpState.UNCONFIRMED, confirmed_at=None)
    first = Case(When(state=SignUpState.WAITING, then=Value(0)), default=Value(1))
    found = SignUp.objects.exclude(unproved).select_related("organisation")
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(slug__icontains=word)
            | Q(owner_email__icontains=word)
            | Q(owner_last_name__icontains=word)
        )
    waits_since = Case(When(state=SignUpState.WAITING, then="confirmed_at"))
    return found.order_by(first, waits_since.asc(nulls_last=True), "-created_at")
