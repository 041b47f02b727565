"""The page where a person finishes a connected account."""

from flask import Blueprint, Response, request

from deploy.sandbox.errors import Json
from deploy.sandbox.pages import wording
from deploy.sandbox.pages.site import Site, go, missing, note, show
from deploy.sandbox.payments import onboarding
from deploy.sandbox.work import Work, begin

_KIND = "v2.core.account_link"


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the onboarding page."""

    @pages.get("/onboarding/<identifier>")
    def onboarding_page(identifier: str) -> Response:
        site.catch_up()
        with site.store.reading() as db:
            work = begin(db, site.settings)
            link = work.find(_KIND, identifier)
            if link is None:
                return missing()
            use = _use(link)
            if _over(work, identifier):
                return go(use["refresh_url"])
            account = work.get("v2.core.account", link["account"])
            return show(
                "onboarding.html",
                wording.of_request(request),
                targets=(use.get("return_url"), use["refresh_url"]),
                merchant=account["display_name"] or account["id"],
                pending=[entry["description"] for entry in account["requirements"]["entries"]],
            )

    @pages.post("/onboarding/<identifier>")
    def onboard(identifier: str) -> Response:
        with site.store.writing() as db:
            work = begin(db, site.settings)
            link = work.find(_KIND, identifier)
            if link is None:
                return missing()
            if _over(work, identifier):
                return go(_use(link)["refresh_url"])
            leave_due = request.form.get("answer") == "leave_due"
            onboarding.finish(work, link["account"], leave_due=leave_due)
            work.hide(identifier, used=True)
        site.told(work)
        address = _use(link).get("return_url")
        return go(address) if address else note("done", wording.of_request(request))


def _use(link: Json) -> Json:
    use: Json = link["use_case"][link["use_case"]["type"]]
    return use


def _over(work: Work, identifier: str) -> bool:
    hidden = work.hidden(identifier)
    return bool(hidden["used"]) or hidden["expires_at"] <= work.now
