"""Who has a token in the demo, by the names that demo.json gives them."""

from __future__ import annotations

from typing import NamedTuple

from graphql_api.models.api_token import Scope

OUR_EXTERNAL_ID = "crm-partner-100"
"""The partner of partner_admin and partner_member, which the demo's texts are about."""

PEOPLE = {
    "partner_admin": "nora.lindqvist@northwind.example",
    "partner_member": "ben.carter@northwind.example",
    "other_partner_admin": "lucia.ferrer@aurora.example",
    "cam": "grace.holloway@vendor.example",
    "pdm": "marcus.webb@vendor.example",
    "other_cam": "ines.carrasco@vendor.example",
    "staff_admin": "samir.haddad@vendor.example",
}
"""E-mail addresses. Their tokens carry every scope that their role allows."""


class Machine(NamedTuple):
    """One of the vendor's integrations."""

    name: str
    scopes: frozenset[Scope]


MACHINES = {
    "checkout": Machine("Checkout", frozenset({Scope.READ, Scope.CHECKOUT_WRITE})),
    "crm_sync": Machine("CRM sync", frozenset({Scope.READ, Scope.SYNC_WRITE})),
}
