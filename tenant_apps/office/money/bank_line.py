"""One transfer: what it may be for, and what staff say that it is."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.accounting.bank import assigning, home, matching, proposals, undoing
from tenant_apps.accounting.bank.errors import LineClosed
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.office.money.bank_forms import AssignForm, NoteForm, OrderSearchForm, UndoForm, orders_named
from tenant_apps.office.money.bank_words import known_words, why
from tenant_apps.office.pages import page
from tenant_apps.office.scope import DEPOSITING, FINANCES, of_request


@staff(*FINANCES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def bank_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    line = get_object_or_404(StatementLine.objects.filter(book=Book.BANK).select_related("payee"), pk=line_id)
    may_act = of_request(request).role in DEPOSITING
    action = request.POST.get("action", "") if may_act else ""
    if action not in ("", "reopen", "undo") and line.status != LineStatus.OPEN:
        messages.error(request, str(LineClosed()))
        return redirect("office:bank_line", line.pk)
    form = _assign_form(request, line, action)
    note = NoteForm(posted(request) if action == "aside" else None)
    undo = UndoForm(posted(request) if action == "undo" else None, payments=home.payments_of(line))
    if action and (said := _acted(request, line, action, form, note, undo)):
        messages.success(request, said)
        return redirect("office:bank_line", line.pk)
    line.refresh_from_db(fields=["status", "note", "ended_at"])
    wrong = next((each for each in (form, note, undo) if each.errors), form)
    context = {"form": wrong, "assign": form, "note": note, "undo": undo, "may_act": may_act}
    status = 422 if wrong.errors else 200
    return page(
        request, "office/money/bank_line.html", {**context, **_shown(request, line)}, section="finances", status=status
    )


def _shown(request: HttpRequest, line: StatementLine) -> dict[str, Any]:
    is_open = line.status == LineStatus.OPEN
    is_in = line.cents > 0
    return {
        "line": line,
        "currency": line.currency.upper(),
        "left": home.left_of(line),
        "payments": home.payments_of(line),
        "why": why(line) if is_open else "",
        "search": OrderSearchForm(request.GET),
        "wanted": request.GET.get("q", "").strip(),
        "known": [(each, known_words(each)) for each in proposals.known_money(line)] if is_open and is_in else [],
        "refunds": matching.refunds_like(line) if is_open and not is_in else [],
    }


def _assign_form(request: HttpRequest, line: StatementLine, action: str) -> AssignForm:
    """In front of the orders that are proposed, or searched, and of those that the form was sent with."""
    if line.status != LineStatus.OPEN or line.cents <= 0:
        return AssignForm(None, proposals=[], left=0)
    found = proposals.of_line(line, request.GET.get("q", ""))
    shown = {each.order.id for each in found}
    sent = [order_id for order_id in orders_named(request.POST) if order_id not in shown]
    found += proposals.of_orders(line, sent) if sent else []
    return AssignForm(posted(request) if action == "assign" else None, proposals=found, left=home.left_of(line))


def _acted(
    request: HttpRequest, line: StatementLine, action: str, form: AssignForm, note: NoteForm, undo: UndoForm
) -> str:
    """What was done, in words; nothing where it was refused, or a form says why."""
    try:
        if action == "undo":
            return _undone(request, line, undo)
        return _do(request, line, action, form, note)
    except Refusal as refusal:
        if action == "assign":
            form.add_error(None, str(refusal))
        else:
            messages.error(request, str(refusal))
        return ""


def _undone(request: HttpRequest, line: StatementLine, undo: UndoForm) -> str:
    if not undo.is_valid():
        return ""
    undoing.take_back(
        line_id=line.pk,
        payment_id=UUID(undo.cleaned_data["payment"]),
        reason=undo.cleaned_data["reason"],
        actor=actor_of(request),
        at=clock.now(),
    )
    return _("Le virement est repris\u202f: la commande doit de nouveau cette somme, et son reçu est annulé.")


def _do(request: HttpRequest, line: StatementLine, action: str, form: AssignForm, note: NoteForm) -> str:
    who: dict[str, Any] = {"line_id": line.pk, "actor": actor_of(request), "at": clock.now()}
    if action == "assign" and form.is_valid():
        assigning.assign(parts=form.parts, left_cents=form.cleaned_data["left"], **who)
        return _("Le virement est attribué. La famille reçoit son reçu par courriel.")
    if action == "aside" and note.is_valid():
        assigning.set_aside(note=note.cleaned_data["note"], **who)
        return _("Le virement est mis de côté.")
    if action == "reopen":
        assigning.reopen(**who)
        return _("Le virement est de nouveau à traiter.")
    if action == "known":
        among = [each.source for each in proposals.known_money(line)]
        assigning.recognise(source=request.POST.get("source", ""), among=among, **who)
        return _("Le virement est rapproché de ce qui était déjà dans les livres.")
    if action == "refund":
        refunds = {str(refund.id): refund.id for refund in matching.refunds_like(line)}
        if (refund_id := refunds.get(request.POST.get("refund", ""))) is not None:
            assigning.confirm_refund(refund_id=refund_id, **who)
            return _("Le remboursement est noté comme fait.")
    return ""
