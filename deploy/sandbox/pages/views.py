"""Gathers the pages that a person sees."""

from flask import Blueprint

from deploy.sandbox.pages import bank, embedded, invoice, onboarding, pay
from deploy.sandbox.pages.site import Site
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store
from deploy.sandbox.webhooks import Deliverer


def blueprint(store: Store, settings: Settings, deliverer: Deliverer) -> Blueprint:
    """Return the pages, at work on a store."""
    pages = Blueprint("pages", __name__)
    site = Site(store, settings, deliverer)
    pay.add_to(pages, site)
    embedded.add_to(pages, site)
    bank.add_to(pages, site)
    onboarding.add_to(pages, site)
    invoice.add_to(pages, site)
    return pages
