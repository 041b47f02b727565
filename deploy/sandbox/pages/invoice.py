"""The page of an invoice, `/invoice/<id>`: what is owed, with its PDF, and the way to pay it."""

import json
from datetime import UTC, datetime
from typing import Any

import typst
from babel.dates import format_date
from flask import Blueprint, Response, request

from deploy.sandbox.errors import Json
from deploy.sandbox.pages import wording
from deploy.sandbox.pages.site import Site, go, merchant, missing, show, work_on
from deploy.sandbox.pages.wording import Wording
from deploy.sandbox.payments import invoicing, sessions
from deploy.sandbox.work import Work

_SHEET = b"""
#let it = json(bytes(sys.inputs.facts))
#set page(margin: 2cm)
#set document(title: it.title)
#set text(lang: it.language)
#heading(it.title)
#it.from \\
#it.day
#v(1em)
#table(columns: (1fr, auto), stroke: none, align: (left, right), ..it.rows.flatten())
"""


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the page, its PDF, and the button that pays."""

    @pages.get("/invoice/<identifier>")
    def invoice_page(identifier: str) -> Response:
        site.catch_up()
        with site.store.reading() as db:
            work, invoice = _found(site, db, identifier)
            if work is None or invoice is None:
                return missing()
            words = wording.of_request(request, invoice)
            return show("invoice.html", words, invoice=invoice, facts=_facts(work, invoice, words))

    @pages.get("/invoice/<identifier>/pdf")
    def invoice_pdf(identifier: str) -> Response:
        with site.store.reading() as db:
            work, invoice = _found(site, db, identifier)
            if work is None or invoice is None:
                return missing()
            facts = _facts(work, invoice, wording.of_request(request, invoice))
        pdf = typst.compile(_SHEET, sys_inputs={"facts": json.dumps(facts)})
        return Response(pdf, mimetype="application/pdf")

    @pages.post("/invoice/<identifier>")
    def invoice_pay(identifier: str) -> Response:
        site.catch_up()
        with site.store.writing() as db:
            work, invoice = _found(site, db, identifier)
            if work is None or invoice is None:
                return missing()
            address = _way_to_pay(work, invoice)
        site.told(work)
        return go(address)


def _found(site: Site, db: Any, identifier: str) -> tuple[Work | None, Json | None]:
    work = work_on(site, db, identifier)
    invoice = work.find("invoice", identifier) if work else None
    return work, invoice if invoice and invoice["status"] != "draft" else None


def _way_to_pay(work: Work, invoice: Json) -> str:
    """Return the address of a payment page for what is left to pay; the invoice's own when nothing is."""
    back = str(invoice["hosted_invoice_url"])
    intent = invoicing.payment_intent(work, invoice)
    if invoice["status"] != "open" or intent is None:
        return back
    line = {
        "quantity": 1,
        "price_data": {
            "currency": invoice["currency"],
            "unit_amount": invoice["amount_remaining"],
            "product_data": {"name": str(invoice["number"])},
        },
    }
    params = {"mode": "payment", "success_url": back, "cancel_url": back, "line_items": [line]}
    session = sessions.new(work, params | {"customer": invoice["customer"]})
    work.save(session | {"payment_intent": intent["id"]})
    # Two tabs share the intent: whichever pays first, the other finds it paid.
    work.hide(session["id"], intent=intent["id"])
    work.hide(intent["id"], session=session["id"])
    return str(session["url"])


def _facts(work: Work, invoice: Json, words: Wording) -> Json:
    rows = [(line["description"] or "", words.money(line["amount"])) for line in invoice["lines"]["data"]]
    rows.append((words("invoice_net"), words.money(invoice["subtotal"])))
    rows += [(_tax(work, tax, words), words.money(tax["amount"])) for tax in invoice["total_taxes"]]
    rows.append((words("total"), words.money(invoice["total"])))
    due = invoice["due_date"]
    return {
        "language": words.language,
        "title": words("invoice_title", number=invoice["number"]),
        "from": words("invoice_from", merchant=merchant(work), customer=invoice["customer_name"] or ""),
        "day": words("invoice_due", day=_day(due, words)) if due else "",
        "state": words(f"invoice_{invoice['status']}"),
        "rows": [*((field["name"], field["value"]) for field in invoice["custom_fields"] or ()), *rows],
    }


def _tax(work: Work, tax: Json, words: Wording) -> str:
    rate = work.get("tax_rate", tax["tax_rate_details"]["tax_rate"])
    return words("invoice_tax", tax=rate["display_name"], percent=f"{rate['percentage']:g}")


def _day(moment: int, words: Wording) -> str:
    written: str = format_date(datetime.fromtimestamp(moment, UTC), "long", locale=words.language)
    return written
