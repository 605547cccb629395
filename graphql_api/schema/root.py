"""Every operation, who answers it, and who may ask. The schema is built here, once."""

from collections.abc import AsyncGenerator

import strawberry
from graphql import GraphQLSchema, Undefined, is_input_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter

from graphql_api.access import guards
from graphql_api.resolvers import (
    changes,
    engagement,
    links,
    lists,
    nodes,
    own,
    owner_changes,
    queries,
    streams,
    sync,
    viewers,
)
from graphql_api.resolvers.pages import everything
from graphql_api.schema import payloads
from graphql_api.schema.clients import Client, ClientContact
from graphql_api.schema.deals import AttachmentRequest, Checkout, Deal, DealActivity, DirectDeal, SharedDeal
from graphql_api.schema.fields import done_by
from graphql_api.schema.inputs.building import build_own, tell_left_out
from graphql_api.schema.inputs.scalars import CONFIG
from graphql_api.schema.links import ConfirmationInvitation, ConfirmationLink
from graphql_api.schema.node import Connection, Node
from graphql_api.schema.notices import AuditEntry, Notification
from graphql_api.schema.partners import ConfirmationLinkStatusChange, Partner, PartnerEvent
from graphql_api.schema.people import ApiToken, Integration, PartnerUser, StaffMember, Viewer
from graphql_api.schema.products import Product
from graphql_api.schema.renewals import Renewal, RenewalNotice


@strawberry.type(description="Everything that can be read. What the viewer may not see does not exist.")
class Query:
    """Everything that can be read."""

    viewer: Viewer = done_by(viewers.viewer, allowed=guards.reader, description="Who is asking.")
    node: Node | None = done_by(
        nodes.node, allowed=guards.reader, description="What has this global id.", passing=True
    )
    nodes: list[Node | None] = done_by(
        nodes.nodes,
        allowed=guards.reader,
        description="What has these global ids, in their order.",
        passing=True,
    )
    partner: Partner | None = done_by(
        queries.partner, allowed=guards.reader, description="A partner; without an id the viewer's own."
    )
    partners: Connection[Partner] = done_by(
        everything(lists.PARTNERS),
        allowed=guards.reader,
        description="The partners that the viewer sees, by name.",
    )
    client: Client | None = done_by(queries.client, allowed=guards.reader, description="A client.")
    clients: Connection[Client] = done_by(
        everything(lists.CLIENTS), allowed=guards.reader, description="The clients that the viewer sees."
    )
    confirmation_link: ConfirmationLink | None = done_by(
        queries.confirmation_link, allowed=guards.reader, description="A confirmation link."
    )
    confirmation_links: Connection[ConfirmationLink] = done_by(
        everything(lists.CONFIRMATION_LINKS),
        allowed=guards.reader,
        description="The links that the viewer sees.",
    )
    shared_deal: SharedDeal | None = done_by(
        queries.shared_deal, allowed=guards.reader, description="A shared deal."
    )
    shared_deals: Connection[SharedDeal] = done_by(
        everything(lists.SHARED_DEALS),
        allowed=guards.reader,
        description="The shared deals that the viewer sees.",
    )
    deal: Deal | None = done_by(
        queries.deal,
        allowed=guards.vendor_side_reader,
        description="A deal of either kind, by exactly one of the two ids; for staff and vendor-side integrations.",
    )
    deals: Connection[Deal] = done_by(
        everything(lists.DEALS),
        allowed=guards.vendor_side_reader,
        description="Deals of either kind, by name; for staff and vendor-side integrations.",
    )
    renewals: Connection[Renewal] = done_by(
        everything(lists.RENEWALS), allowed=guards.reader, description="The renewals that the viewer sees."
    )
    attachment_requests: Connection[AttachmentRequest] = done_by(
        everything(lists.ATTACHMENT_REQUESTS),
        allowed=guards.reader,
        description="Requests to attach links, newest first.",
    )
    products: list[Product] = done_by(queries.products, allowed=guards.reader, description="The catalogue.")
    preview_confirmation_link: payloads.PreviewConfirmationLinkPayload = done_by(
        changes.preview_link,
        allowed=guards.reader,
        description="A link before it exists, as its client would see it. Persists nothing; the name may be blank.",
        passing=True,
    )
    confirmation_invitation: ConfirmationInvitation | None = done_by(
        links.invitation,
        allowed=guards.anybody,
        description="What the bearer of a link's token may see. Public; records no view.",
        passing=True,
    )


@strawberry.type(
    description="Everything that can be changed. A rule's refusal is a userError, never a top-level error."
)
class Mutation:
    """Everything that can be changed."""

    set_default_renewal_owner: payloads.SetDefaultRenewalOwnerPayload = done_by(
        owner_changes.set_default,
        allowed=guards.default_owner_writer,
        description="Set the owner for every client without an override. For the partner's admins, its CAM and PDM.",
    )
    set_client_renewal_owner: payloads.SetClientRenewalOwnerPayload = done_by(
        owner_changes.set_override, allowed=guards.owner_writer, description="Set the owner for one client."
    )
    clear_client_renewal_owner: payloads.ClearClientRenewalOwnerPayload = done_by(
        owner_changes.clear_override,
        allowed=guards.owner_writer,
        description="Let a client follow the default again.",
    )
    create_confirmation_link: payloads.CreateConfirmationLinkPayload = done_by(
        changes.create_link, allowed=guards.link_writer, description="Create a link; CAM and PDM are told."
    )
    update_confirmation_link: payloads.UpdateConfirmationLinkPayload = done_by(
        changes.update_link, allowed=guards.link_writer, description="Edit a pending link."
    )
    clone_confirmation_link: payloads.CloneConfirmationLinkPayload = done_by(
        changes.clone_link, allowed=guards.link_writer, description="Copy a link, whatever its status."
    )
    delete_confirmation_link: payloads.DeleteConfirmationLinkPayload = done_by(
        changes.delete_link, allowed=guards.link_writer, description="Delete a pending link for good."
    )
    attach_confirmation_link: payloads.AttachConfirmationLinkPayload = done_by(
        changes.attach_link, allowed=guards.deal_writer, description="Put a link on a deal."
    )
    detach_confirmation_link: payloads.DetachConfirmationLinkPayload = done_by(
        changes.detach_link, allowed=guards.deal_writer, description="Take a link off a deal."
    )
    request_confirmation_link_attachment: payloads.RequestConfirmationLinkAttachmentPayload = done_by(
        changes.request_attachment,
        allowed=guards.partner_deal_writer,
        description="Ask the CAM or PDM for a link on a deal that the partner cannot see.",
    )
    decline_attachment_request: payloads.DeclineAttachmentRequestPayload = done_by(
        changes.decline_request,
        allowed=guards.account_manager,
        description="Decline a partner's request; the requester is told why. For CAM and PDM.",
    )
    start_checkout: payloads.StartCheckoutPayload = done_by(
        engagement.start_checkout,
        allowed=guards.checkout,
        description="The client confirms its purchase: the deal's pending links are mailed to it.",
    )
    confirm_engagement: payloads.ConfirmEngagementPayload = done_by(
        engagement.confirm_engagement,
        allowed=guards.anybody,
        description="The client confirms; final. Public: the token is the right.",
    )
    reject_engagement: payloads.RejectEngagementPayload = done_by(
        engagement.reject_engagement,
        allowed=guards.anybody,
        description="The client rejects, with a reason; final. Public: the token is the right.",
    )
    mark_notifications_read: payloads.MarkNotificationsReadPayload = done_by(
        own.mark_notifications_read,
        allowed=guards.reader,
        description="Mark one's own notifications as read.",
    )
    create_api_token: payloads.CreateApiTokenPayload = done_by(
        own.create_api_token,
        allowed=guards.person,
        description="Make a token for oneself, which can do no more than the one that asks; at most 500 work at once.",
    )
    revoke_api_token: payloads.RevokeApiTokenPayload = done_by(
        own.revoke_api_token,
        allowed=guards.signed_in,
        description="Stop the token that asks, or another of one's own that can do no more than it.",
    )
    sync_products: payloads.SyncPayload = done_by(
        sync.products, allowed=guards.vendor_system, description="Bring in products."
    )
    sync_partners: payloads.SyncPayload = done_by(
        sync.partners, allowed=guards.vendor_system, description="Bring in partners and their users."
    )
    sync_clients: payloads.SyncPayload = done_by(
        sync.clients, allowed=guards.vendor_system, description="Bring in clients and their contacts."
    )
    sync_renewals: payloads.SyncPayload = done_by(
        sync.renewals, allowed=guards.vendor_system, description="Bring in renewals."
    )
    sync_deals: payloads.SyncPayload = done_by(
        sync.deals, allowed=guards.vendor_system, description="Bring in deals of either kind."
    )


@strawberry.type(description="Everything that can be followed, as it happens.")
class Subscription:
    """Everything that can be followed."""

    confirmation_link_status_changed: AsyncGenerator[ConfirmationLinkStatusChange, None] = done_by(
        streams.status_changes, allowed=guards.reader, description="Each time a client confirms or rejects."
    )
    partner_events: AsyncGenerator[PartnerEvent, None] = done_by(
        streams.partner_events,
        allowed=guards.reader,
        description="Everything that happens to a partner's data.",
    )
    deal_activity_added: AsyncGenerator[DealActivity, None] = done_by(
        streams.deal_activities, allowed=guards.reader, description="Each new line of a deal's timeline."
    )
    notification_added: AsyncGenerator[Notification, None] = done_by(
        streams.notifications, allowed=guards.reader, description="Each new notification of the viewer."
    )


def _finish(schema: GraphQLSchema) -> None:
    """Say what Strawberry cannot, and let input types build their own objects.

    Every `input` is described; what can be left out has no default, since `= null` would promise a difference.
    """
    for type_ in schema.type_map.values():
        if is_input_object_type(type_):
            build_own(type_.extensions[GraphQLCoreConverter.DEFINITION_BACKREF], CONFIG.name_converter)
            for field in type_.fields.values():
                tell_left_out(field)
        fields = getattr(type_, "fields", {}).values()
        arguments = [argument for field in fields for argument in getattr(field, "args", {}).items()]
        values = [value for _, value in arguments] + (list(fields) if is_input_object_type(type_) else [])
        for value in values:
            if value.default_value is None:
                value.default_value = Undefined
        for name, argument in arguments:
            if name == "input":
                argument.description = "What is asked for."


SCHEMA = strawberry.Schema(
    Query,
    Mutation,
    Subscription,
    types=[
        ApiToken, AttachmentRequest, AuditEntry, Checkout, Client, ClientContact, ConfirmationLink, DealActivity,
        DirectDeal, Integration, Notification, Partner, PartnerUser, Product, Renewal, RenewalNotice,
        SharedDeal, StaffMember,
    ],
    config=CONFIG,
)  # fmt: skip
_finish(SCHEMA._schema)  # noqa: SLF001 - Strawberry has no public name for it
