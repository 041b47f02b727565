"""The names of the processor's pages, as a browser brings them back: anybody may write anything in their place."""

import re

from billing.gateway.client import ProcessorRefused

# In an address of return the processor writes the page's name here, so that it speaks of the payment it comes from.
PAGE_ID = "{CHECKOUT_SESSION_ID}"

_NAME = re.compile(r"cs_[A-Za-z0-9_]{1,200}")


def named(page_id: str) -> str:
    """The name itself. Raises ProcessorRefused for what can be none, and asks the processor nothing about it."""
    if not _NAME.fullmatch(page_id):
        raise ProcessorRefused("resource_missing", "This is no name of a page.")
    return page_id
