"""What a member of staff may see and do: the one place where roles become rows and rights."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tenant_apps.catalog.models import Offering
from tenant_apps.families.models import Participant
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.organisation.models import Role, StaffMember
from tenant_apps.registrations.models import Registration

FINANCES = (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
# Who answers families about what they ordered (S3-16).
ORDERS = (*FINANCES, Role.PROGRAMME_MANAGER, Role.SECRETARY)
# Who takes money at the counter, and who counts the drawer and takes it to the bank.
RECEIVING = (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.PROGRAMME_MANAGER, Role.SECRETARY)
DEPOSITING = (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE)
SETTINGS = (Role.OWNER, Role.ADMINISTRATOR)
# Who sets what everything costs, and who writes the help that families read.
PRICES = (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE)
# Who gives money back, or keeps it as credit: not who only reads the books.
REFUNDS = (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE)
HELP_TEXTS = (Role.OWNER, Role.ADMINISTRATOR, Role.SECRETARY)
CHANGES = (Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER)
# Who prepares an opening, or follows it for their own establishment.
OPENINGS = (*CHANGES, Role.SECRETARY, Role.AUDITOR)
# Who answers for the protection of data; only the owner changes a key.
PRIVACY = (Role.OWNER, Role.ADMINISTRATOR, Role.AUDITOR)
EVERYWHERE = (*FINANCES, Role.PROGRAMME_MANAGER)
# Who cares for the children, or answers for those who do: allergies are not for those who count money.
HEALTH = (Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER)
# Who knows the families: neither who counts money nor who leads a group.
FAMILIES = (Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.AUDITOR)
FAMILIES_CHANGE = (Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY)
# Who closes an account, and prints the codes that open a child's file.
ACCOUNTS = (Role.OWNER, Role.ADMINISTRATOR)
LETTERS = (Role.OWNER, Role.ADMINISTRATOR, Role.SECRETARY)


@dataclass(frozen=True, slots=True)
class Scope:
    """`establishments` is None for who sees all of them."""

    role: str
    establishments: frozenset[UUID] | None

    @property
    def sees_finances(self) -> bool:
        return self.role in FINANCES

    @property
    def sees_orders(self) -> bool:
        """Amounts and the way to write to a family: not for who leads a group."""
        return self.role in ORDERS

    @property
    def receives_money(self) -> bool:
        return self.role in RECEIVING

    @property
    def makes_deposits(self) -> bool:
        return self.role in DEPOSITING

    @property
    def gives_back(self) -> bool:
        return self.role in REFUNDS

    @property
    def sees_privacy(self) -> bool:
        return self.role in PRIVACY

    @property
    def sees_health(self) -> bool:
        """Of the children that the member sees at all."""
        return self.role in HEALTH

    @property
    def sees_settings(self) -> bool:
        return self.role in SETTINGS

    @property
    def sets_prices(self) -> bool:
        return self.role in PRICES

    @property
    def writes_help(self) -> bool:
        return self.role in HELP_TEXTS

    @property
    def sees_families(self) -> bool:
        return self.role in FAMILIES

    @property
    def changes_families(self) -> bool:
        return self.role in FAMILIES_CHANGE

    @property
    def closes_accounts(self) -> bool:
        return self.role in ACCOUNTS

    @property
    def prints_letters(self) -> bool:
        return self.role in LETTERS

    @property
    def sees_openings(self) -> bool:
        return self.role in OPENINGS

    @property
    def may_change(self) -> bool:
        return self.role in CHANGES

    def offerings(self) -> QuerySet[Offering]:
        """An offering that names no establishment is for all of them."""
        if self.establishments is None:
            return Offering.objects.all()
        named = Offering.establishments.through.objects.values("offering_id")
        own = named.filter(establishment_id__in=self.establishments)
        return Offering.objects.filter(Q(pk__in=own) | ~Q(pk__in=named))

    def registrations(self) -> QuerySet[Registration]:
        """Of children of the member's establishments; of a child without one, in what those establishments offer."""
        if self.establishments is None:
            return Registration.objects.all()
        named = Offering.establishments.through.objects.filter(establishment_id__in=self.establishments)
        return Registration.objects.filter(
            Q(participant__establishment__in=self.establishments)
            | Q(participant__establishment=None, option__offering__in=named.values("offering_id"))
        )

    def participants(self, offering: Offering) -> QuerySet[Participant]:
        """The children that the member may know of in an offering, whether they take part or not."""
        if self.establishments is None:
            return Participant.objects.all()
        own = Q(establishment__in=self.establishments)
        if offering.establishments.filter(pk__in=self.establishments).exists():
            own |= Q(establishment=None)
        return Participant.objects.filter(own)

    def orders(self) -> QuerySet[Order]:
        """Those with at least one line that the member may see."""
        if self.establishments is None:
            return Order.objects.all()
        lines = OrderLine.objects.filter(registration__in=self.registrations())
        return Order.objects.filter(pk__in=lines.values("order_id"))

    def hides_lines_of(self, order: Order) -> bool:
        """Then no document that names all of the order's children is for the member."""
        if self.establishments is None:
            return False
        return order.lines.exclude(registration__in=self.registrations()).exists()


def scope_of(member: StaffMember) -> Scope:
    if member.role in EVERYWHERE:
        return Scope(role=member.role, establishments=None)
    own = member.establishments.values_list("pk", flat=True)
    return Scope(role=member.role, establishments=frozenset(own))


def of_request(request: HttpRequest) -> Scope:
    """The scope of who asks, read once in a request."""
    scope: Scope | None = getattr(request, "office_scope", None)
    if scope is None:
        scope = request.office_scope = scope_of(request.staff_member)  # type: ignore[attr-defined]
    return scope
