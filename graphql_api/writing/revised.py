"""Whose revision moves with a change of a row: declared for every table, once.

It is enough to move too often. So what only the vendor's staff sees of a partner, such as its direct deals, moves that
partner's revision too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql_api.models import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True, slots=True)
class Revised:
    """Whose the rows of a table are: the partner that the column `by` names, or that of the row it names."""

    by: str | None = None
    through: type[rows.Base] | None = None
    """What `by` names, where it is no partner."""
    else_all: bool = False
    """A row that names nobody is seen by all partners."""
    same_partner: Mapping[str, type[rows.Base]] = field(default_factory=dict)
    """Columns that name what always has the same partner."""
    seen: Callable[[Any, AbstractSet[str]], bool] = lambda _row, _changed: True
    """Whether anybody sees that these columns changed."""


def _outcome_is_seen(_mail: rows.OutboxMail, changed: AbstractSet[str]) -> bool:
    """Alerts name who refused a mail; that it was claimed or sent is seen by nobody."""
    return bool(changed & {"refused", "has_refusals"})


BY_PARTNER = Revised("partner_id")
BY_ALL = Revised(else_all=True)
OF_LINK = Revised("link_id", rows.ConfirmationLink)
OF_CLIENT = Revised("client_id", rows.Client)
OF_DEAL = Revised("deal_id", rows.Deal)

REVISED: dict[type[rows.Base], Revised | None] = {
    rows.Partner: Revised("id"),
    rows.Assignment: BY_PARTNER,
    rows.Actor: Revised("partner_id", else_all=True),
    rows.Client: BY_PARTNER,
    rows.ClientContact: OF_CLIENT,
    rows.HeldRole: OF_CLIENT,
    rows.Product: BY_ALL,
    rows.OnboardingType: BY_ALL,
    rows.ConfirmationLink: Revised("partner_id", same_partner={"deal_id": rows.Deal}),
    rows.LinkProduct: OF_LINK,
    rows.Decision: OF_LINK,
    rows.Deal: BY_PARTNER,
    rows.DealActivity: OF_DEAL,
    rows.AttachmentRequest: BY_PARTNER,
    rows.Checkout: OF_DEAL,
    rows.CheckoutLink: OF_LINK,
    rows.Renewal: BY_PARTNER,
    rows.RenewalProduct: Revised("renewal_id", rows.Renewal),
    rows.RenewalNotice: BY_PARTNER,
    rows.RenewalOwnership: BY_PARTNER,
    rows.AuditEntry: BY_PARTNER,
    rows.PartnerEvent: BY_PARTNER,
    rows.OutboxMail: Revised("partner_id", seen=_outcome_is_seen),
    rows.Notification: None,
    rows.ApiToken: None,
    rows.IdempotencyKey: None,
    rows.Stream: None,
}
"""Every table. None: nobody's but one person's own, or seen by nobody."""
