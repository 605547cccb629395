"""What a viewer can see. Every read starts here; what is not seen does not exist (D12)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Uuid, bindparam, false, or_, select, true

from graphql_api.models import rows
from graphql_api.models.actor import ActorKind, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute

    from graphql_api.access.viewer import Viewer

Model = TypeVar("Model", bound=rows.Base)


class Sight:
    """The conditions that keep a query to what the viewer can see; a table without one is not seen at all.

    The viewer stands in them as parameters, so viewers of one kind ask with the same SQL.
    """

    def __init__(self, viewer: Viewer | None) -> None:
        """Nobody signed in sees nothing."""
        self.viewer = viewer
        self.common_revision = viewer.revision[1] if viewer and viewer.revision else None
        """Of what everybody sees, as the database told it with who is asking; None where that may be the past."""

    @cached_property
    def kind(self) -> tuple[bool, ...]:
        """Which conditions hold for the viewer: the same for viewers who differ in nothing but who they are."""
        viewer = self.viewer
        if viewer is None:
            return ()
        return viewer.sees_everything, viewer.is_vendor_side, _manages_renewals(viewer)

    @cached_property
    def values(self) -> dict[str, UUID | None]:
        """The conditions' parameters."""
        viewer = self.viewer
        return {} if viewer is None else {"viewer": viewer.actor.id, "viewer_partner": viewer.partner_id}

    def select(self, model: type[Model]) -> Select[Model]:
        """The rows of the table that the viewer can see."""
        return select(model).where(self.of(model))

    def of(self, model: type[rows.Base]) -> ColumnElement[bool]:
        """The condition under which the viewer sees a row of the table.

        Raises:
            KeyError: nobody has said who sees this table.

        """
        if self.viewer is None:
            return false()
        return CONDITIONS[model](self, self.viewer)

    def partners(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """The column names a partner whose data the viewer may work with or read."""
        viewer = self.viewer
        if viewer is None:
            return false()
        if viewer.sees_everything:
            return true()
        if viewer.partner_id:
            return column == _partner(viewer)
        assigned = select(rows.Assignment.partner_id).where(rows.Assignment.staff_member_id == _self(viewer))
        return column.in_(assigned)


def _partners(sight: Sight, viewer: Viewer) -> ColumnElement[bool]:
    seen = sight.partners(rows.Partner.id)
    if not _manages_renewals(viewer):
        return seen
    managed = select(rows.Renewal.partner_id).where(rows.Renewal.renewal_manager_id == _self(viewer))
    return or_(seen, rows.Partner.id.in_(managed))


def _clients(sight: Sight, viewer: Viewer) -> ColumnElement[bool]:
    seen = sight.partners(rows.Client.partner_id)
    if not _manages_renewals(viewer):
        return seen
    managed = select(rows.Renewal.client_id).where(rows.Renewal.renewal_manager_id == _self(viewer))
    return or_(seen, rows.Client.id.in_(managed))


def _renewals(sight: Sight, viewer: Viewer) -> ColumnElement[bool]:
    seen = sight.partners(rows.Renewal.partner_id)
    return or_(seen, rows.Renewal.renewal_manager_id == _self(viewer)) if _manages_renewals(viewer) else seen


def _deals(sight: Sight, viewer: Viewer) -> ColumnElement[bool]:
    seen = sight.partners(rows.Deal.partner_id)
    return seen if viewer.is_vendor_side else seen & rows.Deal.is_shared


def _activities(sight: Sight, _viewer: Viewer) -> ColumnElement[bool]:
    """Lines without a partner were written by the version before they had one, while this one was rolled out."""
    whose = rows.DealActivity.partner_id
    on_seen_deal = rows.DealActivity.deal_id.in_(select(rows.Deal.id).where(sight.of(rows.Deal)))
    return on_seen_deal & (whose.is_(None) | sight.partners(whose))


def _audit(sight: Sight, viewer: Viewer) -> ColumnElement[bool]:
    seen = sight.partners(rows.AuditEntry.partner_id)
    return seen if viewer.is_vendor_side else seen & ~rows.AuditEntry.staff_only


def _machines(sight: Sight, _viewer: Viewer) -> ColumnElement[bool]:
    whose = rows.Integration.partner_id
    return whose.is_(None) | sight.partners(whose)


def _everybody(_sight: Sight, _viewer: Viewer) -> ColumnElement[bool]:
    """The catalogue; and who works at the vendor's, whose names stand with what they did."""
    return true()


def _of_seen(
    column: InstrumentedAttribute[Any], model: Any
) -> Callable[[Sight, Viewer], ColumnElement[bool]]:
    """Seen with what it belongs to."""
    return lambda sight, _viewer: column.in_(select(model.id).where(sight.of(model)))


def _of_partner(column: InstrumentedAttribute[Any]) -> Callable[[Sight, Viewer], ColumnElement[bool]]:
    return lambda sight, _viewer: sight.partners(column)


def _own(column: InstrumentedAttribute[Any]) -> Callable[[Sight, Viewer], ColumnElement[bool]]:
    return lambda _sight, viewer: column == _self(viewer)


def _self(viewer: Viewer) -> ColumnElement[UUID]:
    return bindparam("viewer", viewer.actor.id, type_=Uuid())


def _partner(viewer: Viewer) -> ColumnElement[UUID]:
    return bindparam("viewer_partner", viewer.partner_id, type_=Uuid())


def _manages_renewals(viewer: Viewer) -> bool:
    return viewer.actor.kind is ActorKind.STAFF_MEMBER and viewer.actor.role is Role.RENEWAL_MANAGER


CONDITIONS: dict[type[rows.Base], Callable[[Sight, Viewer], ColumnElement[bool]]] = {
    rows.Partner: _partners,
    rows.PartnerUser: _of_partner(rows.PartnerUser.partner_id),
    rows.Integration: _machines,
    rows.StaffMember: _everybody,
    rows.Client: _clients,
    rows.ClientContact: _of_seen(rows.ClientContact.client_id, rows.Client),
    rows.Product: _everybody,
    rows.ConfirmationLink: _of_partner(rows.ConfirmationLink.partner_id),
    rows.Deal: _deals,
    rows.DealActivity: _activities,
    rows.AttachmentRequest: _of_partner(rows.AttachmentRequest.partner_id),
    rows.Checkout: _of_seen(rows.Checkout.deal_id, rows.Deal),
    rows.Renewal: _renewals,
    rows.RenewalNotice: _of_partner(rows.RenewalNotice.partner_id),
    rows.RenewalOwnership: _of_partner(rows.RenewalOwnership.partner_id),
    rows.AuditEntry: _audit,
    rows.PartnerEvent: _of_partner(rows.PartnerEvent.partner_id),
    rows.OutboxMail: _of_partner(rows.OutboxMail.partner_id),
    rows.Notification: _own(rows.Notification.recipient_id),
    rows.ApiToken: _own(rows.ApiToken.actor_id),
}
