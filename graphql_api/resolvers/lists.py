"""The lists of the contract, declared."""

from graphql_api.models import rows
from graphql_api.resolvers import listings, orders
from graphql_api.resolvers.pages import Listing
from graphql_api.schema.inputs import arguments

PARTNERS = Listing(
    "partners",
    rows.Partner,
    lambda context, wanted: listings.partners(context.sight, wanted),
    lambda _: orders.PARTNERS_BY_NAME,
    {"filter": arguments.PartnerFilterArgument},
)
CLIENTS = Listing(
    "clients",
    rows.Client,
    lambda context, wanted: listings.clients(context.sight, wanted),
    orders.order_of_clients,
    {"filter": arguments.ClientFilterArgument, "order_by": arguments.ClientOrderArgument},
)
CONFIRMATION_LINKS = Listing(
    "links",
    rows.ConfirmationLink,
    lambda context, wanted: listings.confirmation_links(context.sight, wanted),
    orders.order_of_links,
    {"filter": arguments.LinkFilterArgument, "order_by": arguments.LinkOrderArgument},
)
DEALS = Listing(
    "deals",
    rows.Deal,
    lambda context, wanted: listings.deals(context.sight, wanted),
    lambda _: orders.DEALS_BY_NAME,
    {"filter": arguments.DealFilterArgument},
)
SHARED_DEALS = Listing(
    "shared deals",
    rows.Deal,
    lambda context, wanted: listings.shared_deals(context.sight, wanted),
    orders.order_of_shared_deals,
    {"filter": arguments.SharedDealFilterArgument, "order_by": arguments.SharedDealOrderArgument},
)
RENEWALS = Listing(
    "renewals",
    rows.Renewal,
    lambda context, wanted: listings.renewals(context.sight, wanted, context.today),
    orders.order_of_renewals,
    {"filter": arguments.RenewalFilterArgument, "order_by": arguments.RenewalOrderArgument},
)
RENEWAL_NOTICES = Listing(
    "notices",
    rows.RenewalNotice,
    lambda context, _: context.sight.select(rows.RenewalNotice),
    lambda _: orders.NOTICES_NEWEST,
)
DEAL_ACTIVITIES = Listing(
    "activities",
    rows.DealActivity,
    lambda context, _: context.sight.select(rows.DealActivity),
    lambda _: orders.ACTIVITIES_NEWEST,
)
ATTACHMENT_REQUESTS = Listing(
    "requests",
    rows.AttachmentRequest,
    lambda context, status: listings.attachment_requests(context.sight, status),
    lambda _: orders.REQUESTS_NEWEST,
    {"status": arguments.RequestStatus},
)
NOTIFICATIONS = Listing(
    "notifications",
    rows.Notification,
    lambda context, unread_only: listings.notifications(context.sight, unread_only=bool(unread_only)),
    lambda _: orders.NOTIFICATIONS_NEWEST,
    {"unread_only": arguments.UnreadOnly},
    default=False,
)
AUDIT_LOG = Listing(
    "audit",
    rows.AuditEntry,
    lambda context, _: context.sight.select(rows.AuditEntry),
    lambda _: orders.AUDIT_NEWEST,
)
