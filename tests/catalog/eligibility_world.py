"""Makes what a case of `eligibility_cases.yaml` tells, and asks the evaluator."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog import timing
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Category, Nature, Offering, Option, Season
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Guardianship, Household, Participant
from tenant_apps.forms import records
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.forms.signatures import Signature
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.organisation.models import Establishment, Level
from tenant_apps.registrations.models import Basket, Registration
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.queues import a_queue

Told = Mapping[str, Any]

_OTHERS = {"carte": Nature.MEMBERSHIP, "natation": Nature.COURSE, "escalade": Nature.ACTIVITY, "repas": Nature.MEALS}


class World:
    def __init__(self, told: Told) -> None:
        self._told = told
        self._zone = ZoneInfo(told.get("zone", "America/Toronto"))
        self._offerings: dict[str, Offering] = {}
        self._replacing: list[UUID] = []
        # The health record exists, whoever asks for it; and so do the activities that rules name.
        self._record = a_form({"key": "swims"}, purpose=Purpose.RECORD, key="fiche-sante")
        Form.objects.filter(id=self._record.form_id).update(validity_days=30)
        for key in _OTHERS:
            self._other(key, {})

    def reasons(self) -> list[str]:
        """The codes, in the order in which they are said."""
        offering, option, child = self._offering, self._option, self._child
        for told in self._told.get("taken", []):
            self._take(told)
        if signed := self._told.get("record"):
            self._fill_in(self._sister if self._told.get("record_of") == "sister" else self._child, signed)
        known = Eligibility.of(
            [Offering.objects.get(pk=offering.pk)],
            [Participant.objects.get(pk=child.pk)] if child else [],
            guardian_id=None if self._told.get("asked_by") == "nobody" else self._mother.id,
            at=self._moment(self._told["at"]),
            zone=self._zone,
            replacing=self._replacing,
        )
        [asked], who = known.offerings.values(), next(iter(known.participants), None)
        found = known.against(Option.objects.get(pk=option.pk), who) if option else known.of_offering(asked, who)
        return [str(reason.code) for reason in found if reason.message]

    def is_the_time(self) -> bool:
        """For everybody, as a page says."""
        at = self._moment(self._told["at"])
        option = timing.of_option(self._option, at=at, zone=self._zone) if self._option else []
        return not (timing.of_offering(self._offering, at=at, zone=self._zone) or option)

    def is_the_time_for_the_database(self) -> bool:
        at = self._moment(self._told["at"])
        offerings = Offering.objects.filter(timing.in_time(at=at, zone=self._zone), pk=self._offering.pk)
        options = Option.objects.filter(timing.options_in_time(at=at, zone=self._zone))
        return offerings.exists() and (not self._option or options.filter(pk=self._option.pk).exists())

    @cached_property
    def _mother(self) -> Guardian:
        return self._linked(a_guardian())

    @cached_property
    def _child(self) -> Participant | None:
        told = self._told.get("child", {})
        if told is None:
            return None
        child = a_child(
            "Ada",
            of=self._mother,
            birth_date=told.get("born"),
            level=self._levels([told["level"]])[0] if "level" in told else None,
            establishment=self._schools([told["school"]])[0] if "school" in told else None,
        )
        self._settle_link(child)
        return child

    @cached_property
    def _sister(self) -> Participant:
        return a_child("Bo", of=self._mother)

    @cached_property
    def _offering(self) -> Offering:
        told = self._told
        return an_offering(
            "Ce qui est demandé",
            levels=self._levels(told.get("levels", [])),
            establishments=self._schools(told.get("schools", [])),
            requirements=_kept(told.get("asks", [])),
            windows=[self._window(window) for window in told.get("windows", [])],
            opening=self._opening,
            season=self._season,
            category=self._category,
            **self._columns(told.get("offering", {})),
        )

    @cached_property
    def _option(self) -> Option | None:
        told = self._told.get("option", {} if self._told.get("option_asks") else None)
        if told is None:
            return None
        columns = {"price_cents": 0, **self._columns(told)}
        price = columns.pop("price_cents")
        return an_option(
            offering=self._offering, price=price, requirements=_kept(self._told.get("option_asks", [])), **columns
        )

    @cached_property
    def _opening(self) -> Opening | None:
        """With a pass of the mother where one is told of."""
        told = self._told.get("opening")
        if told is None:
            return None
        opening = a_queue(**self._columns(told))
        if until := self._told.get("pass_until"):
            Ticket.objects.create(
                opening=opening,
                guardian=self._mother,
                family=self._mother.household_id or self._mother.id,
                joined_at=opening.opens_at,
                position=1,
                pass_until=self._moment(until),
            )
        return opening

    @cached_property
    def _season(self) -> Season | None:
        days = self._told.get("season")
        return Season.objects.create(name="Saison", starts_on=days[0], ends_on=days[1]) if days else None

    @cached_property
    def _category(self) -> Category | None:
        slug = self._told.get("category")
        return Category.objects.create(slug=slug, name=slug) if slug else None

    def _linked(self, mother: Guardian) -> Guardian:
        if not mother.household_id:
            mother.household = Household.objects.create()
        mother.is_billable = self._told.get("link", {}).get("is_billable", True)
        mother.save()
        return mother

    def _settle_link(self, child: Participant) -> None:
        told = self._told.get("link", {})
        own = Guardianship.objects.filter(guardian=self._mother, participant=child)
        own.update(may_enrol=told.get("may_enrol", True), may_pay=told.get("may_pay", True))
        if "others" in told:
            weeks = [{"from": "2026-01-01", "until": None, "weeks": told["others"]}]
            Guardianship.objects.create(guardian=a_guardian(first_name="Paul"), participant=child, custody=weeks)

    def _other(self, key: str, told: Told) -> Offering:
        if key == "this":
            return self._offering
        if key not in self._offerings:
            self._offerings[key] = an_offering(key.capitalize(), slug=key, nature=_OTHERS[key])
        offering, columns = self._offerings[key], self._columns(told.get("offering", {}))
        for shared in told.get("same", []):
            columns[shared] = getattr(self._offering, shared)
        for name, value in columns.items():
            setattr(offering, name, value)
        offering.save()
        return offering

    def _take(self, told: Told) -> None:
        who = {"sister": lambda: self._sister, "cousin": lambda: a_child("Cy")}.get(told.get("of", ""))
        child = who() if who else self._child
        offering = self._other(told["in"], told)
        option = self._option if told.get("option") == "this" else None
        option = option or an_option(offering=offering, **self._columns(told.get("option", {})))
        registration = Registration.objects.create(
            basket=Basket.objects.create(guardian=self._taker(told.get("by", "mother")), closed_at=NOON),
            participant=child,
            option=option,
            unit_cents=0,
            amount_cents=0,
            status=told["status"],
            held_until=NOON,
            contact_email="marie@example.org",
            created_at=NOON,
        )
        if told.get("replaced"):
            self._replacing.append(registration.id)

    def _taker(self, by: str) -> Guardian:
        if by == "mother":
            return self._mother
        other = a_guardian(first_name="Paul")
        other.household = self._mother.household if by == "aunt" else Household.objects.create()
        other.save()
        return other

    def _fill_in(self, child: Participant | None, at: datetime) -> None:
        assert child is not None
        records.sign(
            version_id=self._record.id,
            participant_id=child.id,
            signer_id=self._mother.id,
            answers=Answers(own={"swims": "yes"}),
            signature=Signature("Marie Lapointe"),
            actor=SYSTEM,
            at=self._moment(at),
        )

    def _levels(self, codes: list[str]) -> list[Level]:
        return [Level.objects.get_or_create(code=code, defaults={"name": code})[0] for code in codes]

    def _schools(self, codes: list[str]) -> list[Establishment]:
        return [Establishment.objects.get_or_create(code=code, defaults={"name": code})[0] for code in codes]

    def _window(self, told: Told) -> dict[str, Any]:
        rules = told["for"]
        self._levels([code for rule in rules for code in rule.get("levels", [])])
        closes_at = told.get("closes_at")
        return {
            "name": told["name"],
            "for": _kept(rules),
            "opens_at": self._moment(told["opens_at"]).isoformat(),
            "closes_at": self._moment(closes_at).isoformat() if closes_at else None,
        }

    def _columns(self, told: Told) -> dict[str, Any]:
        return {name: self._moment(value) if isinstance(value, datetime) else value for name, value in told.items()}

    def _moment(self, said: datetime) -> datetime:
        return said if said.tzinfo else said.replace(tzinfo=self._zone)


def _kept(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the database keeps them."""
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in rule.items()}
        for rule in rules
    ]
