"""« Virements »: the transfers that came, and the statement that says so, shown before it is entered (S4-45)."""

import zlib
from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock, signing
from kernel.errors import Refusal
from kernel.money import NotAnAmount, cents_of
from shared_apps.accounts.access import recently, staff
from tenant_apps.accounting.bank import entering, files, home, matching
from tenant_apps.accounting.bank.files import Read
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.office.money.bank_forms import ColumnsForm, StatementForm, TransferFilters
from tenant_apps.office.money.bank_words import MOST_SHOWN, foretold
from tenant_apps.office.pages import page
from tenant_apps.office.scope import DEPOSITING, FINANCES, of_request
from tenant_apps.organisation import banking
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import communication

_PER_PAGE = 50
_PURPOSE = "bank-statement"
_SECONDS_KEPT = 4 * 3600


@staff(*FINANCES)
@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    form = TransferFilters(request.GET)
    form.is_valid()
    said = form.cleaned_data
    wanted = _lines(said.get("status") or LineStatus.OPEN, said.get("q") or "")
    found = Paginator(wanted, _PER_PAGE).get_page(request.GET.get("page"))
    lefts = home.lefts_of(list(found))
    context = {
        "form": form,
        "found": found,
        "rows": [{"line": line, "left": lefts[line.id], "currency": line.currency.upper()} for line in found],
        "is_narrowed": any(said.values()),
        "may_act": of_request(request).role in DEPOSITING,
    }
    return page(request, "office/money/bank.html", context, section="finances")


@staff(*DEPOSITING)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def bank_import(request: HttpRequest) -> HttpResponse:
    """Nothing is written here: the file is read, and what entering it would do is shown."""
    form = StatementForm(request.POST, request.FILES) if request.method == "POST" else StatementForm()
    if form.is_valid():
        payee = form.cleaned_data["payee"]
        try:
            text = files.text_of(form.cleaned_data["file"].read())
            read = files.read(text, named=banking.statement_columns(payee) if payee else {})
            return _preview(request, text, payee, read)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.errors else 200
    return page(request, "office/money/bank_import.html", {"form": form}, section="finances", status=status)


@staff(*DEPOSITING)
@recently("money")
@require_POST
def bank_confirm(request: HttpRequest) -> HttpResponse:
    """The same file, as it was shown: read again by other columns, or entered."""
    try:
        kept = signing.read(request.POST.get("file", ""), purpose=_PURPOSE, max_age_seconds=_SECONDS_KEPT)
    except signing.BadSignature:
        messages.error(request, _("L’aperçu est trop ancien. Choisissez le fichier de nouveau."))
        return redirect("office:bank_import")
    text, payee = _unpacked(kept["text"]), get_object_or_404(Payee, pk=kept["payee"]) if kept["payee"] else None
    try:
        read, columns = _read_again(request, text)
        if request.POST.get("action") != "enter" or read.movements is None:
            return _preview(request, text, payee, read, columns)
        added = _enter(read, payee)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:bank_import")
    _say(request, len(added), matching.match_all(at=clock.now(), line_ids=added))
    return redirect("office:bank")


def _read_again(request: HttpRequest, text: str) -> tuple[Read, ColumnsForm | None]:
    """By the columns that were chosen; what is wrong with them is said beside them."""
    read = files.read(text, named={}, said={})
    if not read.is_table:
        return read, None
    columns = ColumnsForm(request.POST, head=read.head, chosen={})
    if columns.is_valid():
        try:
            return files.read(text, named={}, said=columns.places), columns
        except Refusal as refusal:
            columns.add_error(None, str(refusal))
    return read, columns


def _enter(read: Read, payee: Payee | None) -> list[UUID]:
    foreseen = entering.foresee(read.movements or [], payee=payee)
    if read.is_table and payee is not None:
        columns = {name: read.head[place] for name, place in read.columns.items()}
        banking.keep_statement_columns(payee_id=payee.pk, columns=columns)
    return entering.enter_all(foreseen.new, at=clock.now())


def _preview(
    request: HttpRequest, text: str, payee: Payee | None, read: Read, columns: ColumnsForm | None = None
) -> HttpResponse:
    """Raises what `entering.foresee` raises."""
    if columns is None and read.is_table:
        columns = ColumnsForm(None, head=read.head, chosen=read.columns)
    foreseen = entering.foresee(read.movements, payee=payee) if read.movements is not None else None
    shown = foretold(foreseen) if foreseen else []
    context: dict[str, Any] = {
        "columns": columns,
        "payee": payee,
        "file": signing.sign({"text": _packed(text), "payee": str(payee.pk) if payee else ""}, purpose=_PURPOSE),
        "foreseen": foreseen,
        "shown": shown[:MOST_SHOWN],
        "is_cut": len(shown) > MOST_SHOWN,
        "currency": organisation.profile().currency.upper(),
    }
    status = 422 if columns is not None and columns.errors else 200
    return page(request, "office/money/bank_preview.html", context, section="finances", status=status)


def _lines(status: str, wanted: str) -> QuerySet[StatementLine]:
    found = StatementLine.objects.filter(book=Book.BANK, status=status).select_related("payee")
    if wanted:
        like = Q(counterparty__icontains=wanted) | Q(communication__icontains=wanted) | Q(reference__icontains=wanted)
        for digits in communication.found_in(wanted):
            like |= Q(communication__contains=digits) | Q(communication__contains=communication.formatted(digits))
        with suppress(NotAnAmount):
            like |= Q(cents=cents_of(wanted))
        found = found.filter(like)
    return found.order_by("-booked_on", "reference")


def _say(request: HttpRequest, added: int, matched: int) -> None:
    if not added:
        messages.success(request, _("Tout était déjà importé\u202f: rien n’est ajouté."))
        return
    said = ngettext("%(count)d virement est importé.", "%(count)d virements sont importés.", added) % {"count": added}
    found = ngettext("%(count)d a trouvé sa commande.", "%(count)d ont trouvé leur commande.", matched) % {
        "count": matched
    }
    messages.success(request, said)
    messages.success(request, found)


def _packed(text: str) -> str:
    """The lines of a statement are much alike: a page need not carry them all."""
    return b64encode(zlib.compress(text.encode())).decode()


def _unpacked(packed: str) -> str:
    return zlib.decompress(b64decode(packed)).decode()
