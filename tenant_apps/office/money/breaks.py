"""« Rapprochement »: the differences with the processor, each with its age and who sees to it until it is explained."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from kernel.tasks import nudge
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.accounting import breaks as operations
from tenant_apps.accounting import queries
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.accounting.reconciliation.differences import Kind
from tenant_apps.accounting.tasks import reconcile_all
from tenant_apps.office.pages import page
from tenant_apps.office.scope import DEPOSITING, FINANCES, of_request
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import MemberState, Payee, StaffMember

_PER_PAGE = 50


class BreakFilters(forms.Form):
    payee = forms.ModelChoiceField(
        Payee.objects.none(), label=gettext_lazy("Compte de paiement"), required=False, empty_label=gettext_lazy("Tous")
    )
    status = forms.ChoiceField(
        label=gettext_lazy("État"),
        required=False,
        choices=[
            ("", LineStatus.OPEN.label),
            (LineStatus.EXPLAINED, LineStatus.EXPLAINED.label),
            (LineStatus.MATCHED, LineStatus.MATCHED.label),
        ],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["payee"].queryset = organisation.payees()  # type: ignore[attr-defined]


class OwnerForm(forms.Form):
    owner = forms.ChoiceField(label=gettext_lazy("Confier à"))

    def __init__(self, data: Mapping[str, Any] | None, *, people: dict[UUID, str], owner: UUID | None) -> None:
        super().__init__(data, initial={"owner": str(owner or "")})
        choices = [("", _("Choisissez une personne")), *((str(key), name) for key, name in people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]


class ExplainForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Explication"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Elle reste avec la ligne, à votre nom. Par exemple la pièce qui justifie l’écart."),
        error_messages={"required": gettext_lazy("Expliquez l’écart avant de le classer.")},
    )


@staff(*FINANCES)
@require_safe
def breaks(request: HttpRequest) -> HttpResponse:
    form = BreakFilters(request.GET)
    form.is_valid()
    wanted = queries.breaks().filter(status=form.cleaned_data.get("status") or LineStatus.OPEN)
    if payee := form.cleaned_data.get("payee"):
        wanted = wanted.filter(payee=payee)
    found = Paginator(wanted.order_by("found_at", "id"), _PER_PAGE).get_page(request.GET.get("page"))
    people = _people()
    zone = profile_of(request).zone
    context = {
        "form": form,
        "found": found,
        "rows": [_row(line, people, zone) for line in found],
        "is_narrowed": any(form.cleaned_data.values()),
        "standings": queries.standings(profile_of(request).currency),
        "may_act": of_request(request).role in DEPOSITING,
    }
    return page(request, "office/money/breaks.html", context, section="finances")


@staff(*FINANCES)
@require_http_methods(["GET", "HEAD", "POST"])
def break_page(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """One difference: what each side says, who sees to it, and why it is."""
    line = get_object_or_404(queries.breaks(), pk=line_id)
    people = _people()
    may_act = of_request(request).role in DEPOSITING and line.status == LineStatus.OPEN
    action = request.POST.get("action") if may_act else None
    owner = OwnerForm(posted(request) if action == "give" else None, people=people, owner=line.owner)
    explain = ExplainForm(posted(request) if action == "explain" else None)
    if action and (said := _acted(request, line, action, owner, explain)):
        messages.success(request, said)
        return redirect("office:breaks")
    context = {
        "row": _row(line, people, profile_of(request).zone),
        "line": line,
        "owner_form": owner,
        "explain_form": explain,
        "may_act": may_act,
        "form": owner if owner.errors else explain,
    }
    status = 422 if owner.errors or explain.errors else 200
    return page(request, "office/money/break.html", context, section="finances", status=status)


@staff(*DEPOSITING)
@require_POST
def reconcile_now(request: HttpRequest) -> HttpResponse:
    nudge(reconcile_all)
    messages.success(request, _("Le rapprochement est lancé\u202f: rechargez cette page dans quelques instants."))
    return redirect("office:breaks")


def _acted(request: HttpRequest, line: StatementLine, action: str, owner: OwnerForm, explain: ExplainForm) -> str:
    """What was done, in words; nothing where a form says why it was not."""
    actor, at = actor_of(request), clock.now()
    form = explain if action == "explain" else owner
    if action != "take" and not form.is_valid():
        return ""
    try:
        if action == "explain":
            operations.explain(line_id=line.pk, note=explain.cleaned_data["note"], actor=actor, at=at)
            return _("L’écart est expliqué et classé.")
        to = request.user.pk if action == "take" else UUID(owner.cleaned_data["owner"])
        operations.take(line_id=line.pk, owner=to, actor=actor, at=at)  # type: ignore[arg-type]
    except Refusal as refusal:
        form.is_valid()
        form.add_error(None, str(refusal))
        return ""
    return _("C’est noté.")


def _row(line: StatementLine, people: dict[UUID, str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "line": line,
        "advice": _advice(line),
        "kind": Kind(line.kind).label,
        "currency": line.currency.upper(),
        "difference": line.cents - (line.expected_cents or 0),
        "days": (clock.today(zone) - clock.local_date(line.found_at, zone)).days,
        "owner": people.get(line.owner, "") if line.owner else "",
    }


def _advice(line: StatementLine) -> str:
    if line.kind == Kind.BALANCE:
        return _("Les deux livres ont les mêmes lignes, mais leurs sommes diffèrent\u202f: vérifiez les écritures.")
    if line.expected_cents is None:
        return _(
            "Aucune commande n’explique cette somme\u202f: elle est inscrite dans «\u202fSommes à attribuer\u202f»."
        )
    if line.cents == 0:
        return _("Nos livres ont cette somme, et le processeur ne l’a pas.")
    return _("Les deux livres ont cette ligne, avec un autre montant.")


def _people() -> dict[UUID, str]:
    """Who may see to a difference."""
    members = StaffMember.objects.filter(role__in=DEPOSITING, state=MemberState.ACTIVE).select_related("user")
    return {member.user_id: str(member.user) for member in members.order_by("user__email")}
