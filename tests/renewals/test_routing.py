"""Who receives a notice, held against the rules for any people at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.models import rows
from graphql_api.models.actor import Locale, Role
from graphql_api.models.client import ContactRole
from graphql_api.models.keys import new_key
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.renewal_routing import People, Recipient, RecipientRole, Routing, route

MAILBOXES = [f"{letter}@firm.example" for letter in "abcdef"]
PARTNER, HUBSPOT = RenewalOwner.PARTNER, RenewalOwner.HUBSPOT


def contact(email: str, *roles: ContactRole) -> rows.ClientContact:
    held = [rows.HeldRole(role=role) for role in roles]
    return rows.ClientContact(name=email, email=email, locale=Locale.EN, held=held)


def user(email: str, *, is_active: bool = True) -> rows.PartnerUser:
    named = {"name": f"User {email}", "email": email, "locale": Locale.ES, "role": Role.ADMIN}
    return rows.PartnerUser(id=new_key(), is_active=is_active, **named)


@st.composite
def anybody(draw: st.DrawFn) -> People:
    """Contacts within C10's limits, each mailbox once a side; users of the partner, active or not."""
    emails = draw(st.lists(st.sampled_from(MAILBOXES), unique=True, max_size=5))
    slots = [ContactRole.PRIMARY, *[ContactRole.BILLING] * 3, ContactRole.DECISION_MAKER]
    held: dict[str, set[ContactRole]] = {email: set() for email in emails}
    for role in slots if emails else []:
        for email in draw(st.lists(st.sampled_from(emails), max_size=1)):
            held[email].add(role)
    users = [user(email, is_active=draw(st.booleans())) for email in MAILBOXES]
    one = st.one_of(st.none(), st.sampled_from(users))
    admins = draw(st.lists(st.sampled_from(users), unique_by=lambda found: found.email or "", max_size=3))
    return People([contact(email, *roles) for email, roles in held.items()], draw(one), draw(one), admins)


def emails_of(recipients: tuple[Recipient, ...]) -> list[str]:
    return [one.email for one in recipients]


def with_roles(people: People) -> dict[str, list[str]]:
    return {one.email: [*one.roles] for one in people.contacts if one.roles}


def acting(people: People) -> set[str | None]:
    """C9's order, in a line each."""
    for one in (people.point_of_contact, people.default_point_of_contact):
        if one and one.is_active:
            return {one.email}
    return {admin.email for admin in people.admins if admin.is_active}


@pytest.mark.rule("A8", "A16", "C9", "A10")
@given(anybody())
def test_under_partner_the_acting_user_is_addressed_and_no_contact_receives_any(people: People) -> None:
    routing = route(PARTNER, people)
    assert set(emails_of(routing.to)) == acting(people)
    assert routing.cc == ()
    assert {role for one in routing.to for role in one.roles} <= {RecipientRole.POINT_OF_CONTACT}
    assert {one.email for one in routing.told} == acting(people)
    assert set(emails_of(routing.suppressed)) == set(with_roles(people)) - acting(people)


@pytest.mark.rule("A7", "A10", "A13", "C9")
@given(anybody())
def test_under_hubspot_every_contact_with_a_role_is_addressed_and_only_an_active_contact_copied(
    people: People,
) -> None:
    routing = route(HUBSPOT, people)
    contacts, named = with_roles(people), people.point_of_contact
    assert set(emails_of(routing.to)) == set(contacts)
    active = {named.email} if contacts and named and named.is_active else set()
    assert set(emails_of(routing.cc)) == active - set(contacts)
    assert {one.email for one in routing.told} == active
    for one in routing.to:
        own = [role for role in one.roles if role is not RecipientRole.POINT_OF_CONTACT]
        assert own == contacts[one.email]
        assert (RecipientRole.POINT_OF_CONTACT in one.roles) == (one.email in active)


@pytest.mark.rule("C10")
@given(st.sampled_from(RenewalOwner), anybody())
def test_nobody_is_written_to_twice_or_both_written_to_and_left_out(
    owner: RenewalOwner, people: People
) -> None:
    routing = route(owner, people)
    reached = emails_of(routing.to) + emails_of(routing.cc)
    assert len(set(reached)) == len(reached)
    assert not set(reached) & set(emails_of(routing.suppressed))
    assert len(set(emails_of(routing.suppressed))) == len(routing.suppressed)


@pytest.mark.rule("C10")
@given(st.sampled_from(RenewalOwner), anybody())
def test_nobody_is_addressed_only_where_nobody_can_be_and_then_nobody_is_copied(
    owner: RenewalOwner, people: People
) -> None:
    routing = route(owner, people)
    reachable = with_roles(people) if owner is HUBSPOT else acting(people)
    assert bool(routing.to) == bool(reachable)
    if not routing.to:
        assert routing.cc == ()
        assert routing.told == ()


@pytest.mark.rule("D5")
@given(st.sampled_from(RenewalOwner), anybody())
def test_left_out_is_who_would_receive_it_under_the_other_owner(owner: RenewalOwner, people: People) -> None:
    other = route(PARTNER if owner is HUBSPOT else HUBSPOT, people)
    here = route(owner, people)
    assert set(emails_of(here.suppressed)) >= reached_by(other) - reached_by(here) - copied(people)
    assert set(emails_of(here.suppressed)) <= reached_by(other)


def reached_by(routing: Routing) -> set[str]:
    return {*emails_of(routing.to), *emails_of(routing.cc)}


def copied(people: People) -> set[str | None]:
    return {people.point_of_contact.email} if people.point_of_contact else set()


@pytest.mark.rule("A19", "D5")
@given(st.sampled_from(RenewalOwner), anybody())
def test_the_same_people_are_routed_the_same_and_the_reason_names_who_is_asked(
    owner: RenewalOwner, people: People
) -> None:
    routing = route(owner, people)
    assert route(owner, people) == routing
    named = people.point_of_contact
    says = routing.explanation
    assert says.startswith("The partner owns" if owner is PARTNER else "HubSpot owns")
    if named and (owner is PARTNER or routing.to):
        assert named.name in says
        assert named.is_active or "no longer active" in says


@pytest.mark.rule("C10", "A7")
def test_the_primary_contact_comes_first_and_a_person_with_several_roles_once() -> None:
    decider = contact("d@firm.example", ContactRole.DECISION_MAKER)
    payer = contact("b@firm.example", ContactRole.BILLING)
    boss = contact("p@firm.example", ContactRole.DECISION_MAKER, ContactRole.PRIMARY, ContactRole.BILLING)
    nobody = contact("n@firm.example")
    routing = route(HUBSPOT, People([decider, nobody, payer, boss], user("b@firm.example")))
    assert [(one.email, [*one.roles]) for one in routing.to] == [
        ("p@firm.example", ["PRIMARY", "BILLING", "DECISION_MAKER"]),
        ("b@firm.example", ["BILLING", "POINT_OF_CONTACT"]),
        ("d@firm.example", ["DECISION_MAKER"]),
    ]
    assert routing.cc == routing.suppressed == ()


@pytest.mark.rule("C9")
def test_a_point_of_contact_who_left_is_followed_by_the_defaults_and_then_by_the_admins() -> None:
    gone, next_, admin = user("a@x.example", is_active=False), user("b@x.example"), user("c@x.example")
    absent = user("d@x.example", is_active=False)
    first = route(PARTNER, People([], gone, next_, [admin]))
    then = route(PARTNER, People([], gone, gone, [absent, admin]))
    last = route(PARTNER, People([], gone, gone, [absent]))
    assert [emails_of(one.to) for one in (first, then, last)] == [["b@x.example"], ["c@x.example"], []]
    assert "no longer active; User b@x.example" in first.explanation
    assert "the partner's admins are asked" in then.explanation
    assert "nobody else can be asked" in last.explanation
