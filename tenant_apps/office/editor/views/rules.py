"""One rule of a list: chosen by its kind, asked by its small form, explained in words, moved and removed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations import offerings, options
from tenant_apps.office.editor import consequences, rulebooks, saving, shell, wording
from tenant_apps.office.editor.rulebooks import Book
from tenant_apps.office.scope import CHANGES


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD"])
def choose_kind(request: HttpRequest, slug: str, book_key: str) -> HttpResponse:
    """« Ajouter une condition »: which kind."""
    offering = shell.found(request, slug)
    book = rulebooks.named(offering, book_key)
    kind = request.GET.get("kind", "")
    if book.kinds.get(kind):
        return redirect("office:add_rule", slug, book_key, kind)
    return shell.show(request, "rule_kinds", offering, book.step, {"book": book})


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_rule(request: HttpRequest, slug: str, book_key: str, kind: str) -> HttpResponse:
    offering = shell.found(request, slug)
    return _rule(request, offering, rulebooks.named(offering, book_key), {"kind": kind}, None)


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: HttpRequest, slug: str, book_key: str, index: int) -> HttpResponse:
    offering = shell.found(request, slug)
    book = rulebooks.named(offering, book_key)
    if index >= len(book.rules):
        raise Http404
    return _rule(request, offering, book, book.rules[index], index)


@staff(*CHANGES)
@require_POST
def move_rule(request: HttpRequest, slug: str, book_key: str, index: int) -> HttpResponse:
    """Up, down, or out. Prices are worked out in the order of their rules."""
    offering = shell.found(request, slug)
    book = rulebooks.named(offering, book_key)
    move, rules = request.POST.get("move"), list(book.rules)
    if index < len(rules) and move in ("up", "down", "remove"):
        rule = rules.pop(index)
        if move != "remove":
            rules.insert(max(0, index + (-1 if move == "up" else 1)), rule)
        try:
            _write(request, book, rules)
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return redirect(book.back)


def _rule(
    request: HttpRequest, offering: Offering, book: Book, known: dict[str, Any], index: int | None
) -> HttpResponse:
    kind = book.kinds.get(known["kind"])
    if kind is None:
        raise Http404
    form = kind.form(posted(request), initial=known)
    context: dict[str, Any] = {"seen": request.POST.get("seen") or shell.marks(book.row, [book.column])}
    if request.method == "POST" and form.is_valid():
        rules = list(book.rules)
        rules[len(rules) if index is None else index : len(rules) if index is None else index + 1] = [
            form.rule(kind.key)
        ]
        warned = _warned(offering, book, rules)
        if "preview" in request.POST:
            context["explanation"] = wording.rule(form.rule(kind.key), book.kinds)
        elif warned and not saving.is_confirmed(request):
            context |= {"consequences": warned, "explanation": wording.rule(form.rule(kind.key), book.kinds)}
        else:
            outcome = saving.attempt(form, offering, lambda: _write(request, book, rules))
            if outcome.is_done:
                messages.success(request, wording.rule(form.rule(kind.key), book.kinds))
                return redirect(book.back)
            if outcome.met:
                book.row.refresh_from_db()
                context |= {"met": outcome.met, "seen": shell.marks(book.row, [book.column])}
    elif index is not None:
        context["explanation"] = wording.rule(known, book.kinds)
    context |= {"form": form, "book": book, "kind": kind, "is_new": index is None}
    return shell.show(request, "rule", offering, book.step, context, status=422 if form.errors else 200)


def _warned(offering: Offering, book: Book, rules: list[Any]) -> list[str]:
    changes = saving.difference(book.row, {book.column: book.column_with(rules)})
    told = consequences.of_option if isinstance(book.row, Option) else consequences.of_offering
    return told(changes, shell.held(offering))


def _write(request: HttpRequest, book: Book, rules: list[Any]) -> None:
    columns = {book.column: book.column_with(rules)}
    told: dict[str, Any] = {
        "columns": columns,
        "seen": shell.seen(request),
        "actor": actor_of(request),
        "at": clock.now(),
    }
    if isinstance(book.row, Option):
        options.change_option(option_id=book.row.pk, **told)
    else:
        offerings.change_offering(offering_id=book.row.pk, **told)
