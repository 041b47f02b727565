"""Who looks into the family's basket with it, at this moment: said on the family's own pages."""

from uuid import UUID

from django.http import HttpRequest

from kernel import clock
from shared_apps.accounts.models import User
from tenant_apps.families.models import Guardian
from tenant_apps.portal import acting, visitor
from tenant_apps.registrations import helping
from tenant_apps.registrations.queries import open_basket_of

# Only who has asked for help in this session is worth a query at each page.
_KEY = "helped_basket"
# The code itself is in the family's own session alone: it is shown again to whoever has just asked for it.
_CODE = "helped_code"


def remember(request: HttpRequest, guardian: Guardian, *, code: str) -> None:
    if (basket := open_basket_of(guardian.id)) is not None:
        request.session[_KEY] = str(basket.id)
        request.session[_CODE] = code


def code_of(request: HttpRequest) -> str:
    """Empty once it was used, or is too old, or was replaced by another tab's."""
    code = str(request.session.get(_CODE, ""))
    return code if code and helping.may_be_used(code, at=clock.now()) else ""


def helped_by(request: HttpRequest) -> str:
    """The first name of who helps; empty while nobody does."""
    if not hasattr(request, "session") or acting.is_by_staff(request) or _KEY not in request.session:
        return ""
    basket = helping.state_of(UUID(request.session[_KEY]), at=clock.now())
    if basket is None:
        del request.session[_KEY]
        return ""
    helper = User.objects.filter(id=basket.helper).first() if basket.helper else None
    return helper.get_short_name() if helper else ""


def own_baskets(request: HttpRequest) -> list[UUID]:
    """Of this very visitor: another family's help is none of theirs."""
    owners = {each.id for each in (visitor.basket_owner(request), visitor.guardian(request)) if each}
    found = [open_basket_of(guardian_id) for guardian_id in owners]
    return [basket.id for basket in found if basket]
