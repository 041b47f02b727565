"""Products and prices: `/v1/products`, `/v1/prices`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.payments import catalog, customers
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_PRODUCTS, _PRICES = "/v1/products", "/v1/prices"
_CHANGEABLE = ("active", "default_price", "description", "name", "statement_descriptor", "unit_label", "url")


@answers("POST", _PRODUCTS)
def create_product(work: Work, params: Json) -> Json:
    """Make a product, with its first price when it is described."""
    if params.get("id") and work.of_any_kind(params["id"]):
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    product = catalog.add_product(work, params)
    if "default_price_data" in params:
        price = catalog.add_price(work, params["default_price_data"] | {"product": product["id"]})
        product = work.save(product | {"default_price": price["id"]})
    work.emit("product.created", product)
    return product


@answers("GET", _PRODUCTS + "/{id}")
def retrieve_product(work: Work, params: Json, identifier: str) -> Json:
    """Show a product."""
    return work.get("product", identifier)


@answers("POST", _PRODUCTS + "/{id}")
def update_product(work: Work, params: Json, identifier: str) -> Json:
    """Change a product."""
    product = work.get("product", identifier)
    changes: Json = {name: params[name] for name in _CHANGEABLE if name in params}
    metadata = customers.merged_metadata(product, params)
    product = work.save(product | changes | {"metadata": metadata, "updated": work.now})
    work.emit("product.updated", product)
    return product


@answers("GET", _PRODUCTS)
def list_products(work: Work, params: Json) -> Json:
    """List products."""
    return lists.page(work, "product", params, url=_PRODUCTS, filters={"active": "active"})


@answers("POST", _PRICES)
def create_price(work: Work, params: Json) -> Json:
    """Make a price."""
    _check_lookup_key(work, params)
    price = catalog.add_price(work, params)
    work.emit("price.created", price)
    return price


@answers("GET", _PRICES + "/{id}")
def retrieve_price(work: Work, params: Json, identifier: str) -> Json:
    """Show a price."""
    return work.get("price", identifier)


@answers("POST", _PRICES + "/{id}")
def update_price(work: Work, params: Json, identifier: str) -> Json:
    """Change what may change of a price; its amount may not."""
    price = work.get("price", identifier)
    if params.get("lookup_key") != price["lookup_key"]:
        _check_lookup_key(work, params)
    names = ("active", "lookup_key", "nickname", "tax_behavior")
    changes: Json = {name: params[name] for name in names if name in params}
    price = work.save(price | changes | {"metadata": customers.merged_metadata(price, params)})
    work.emit("price.updated", price)
    return price


@answers("GET", _PRICES)
def list_prices(work: Work, params: Json) -> Json:
    """List prices."""
    filters = {name: name for name in ("active", "currency", "product", "type")}
    keys = {"lookup_key": params["lookup_keys"]} if "lookup_keys" in params else {}
    return lists.page(work, "price", params, url=_PRICES, filters=filters, likes=keys)


def _check_lookup_key(work: Work, params: Json) -> None:
    key = params.get("lookup_key")
    for price in work.where("price", lookup_key=key) if key else ():
        if not params.get("transfer_lookup_key"):
            message = f"A price ({price['id']}) already uses that lookup key."
            raise invalid(message, param="lookup_key", code="resource_already_exists")
        work.save(price | {"lookup_key": None})
