// Fields. Relations go through the request's DataLoaders; rows come out of SQL in the shape that fields read.
import { globalId, keyIn } from '../mercurius/ids.js'
import { after, checkSize, Page } from '../mercurius/page.js'
import { createConfirmationLink } from './create.js'
import { LINK } from './loaders.js'

const LINKS = `
  SELECT ${LINK} FROM confirmation_links WHERE partner_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`
const LINKS_AFTER = `
  SELECT ${LINK} FROM confirmation_links WHERE partner_id = $1 AND (created_at, id) < ($3, $4::uuid)
  ORDER BY created_at DESC, id DESC LIMIT $2`
const ONE_LINK = `SELECT ${LINK} FROM confirmation_links WHERE id = $1 AND partner_id = $2`
const PARTNER = 'SELECT id, name FROM partners WHERE id = $1'
const CLIENTS = 'SELECT id, name, name_key FROM clients WHERE partner_id = $1 ORDER BY name_key, id LIMIT $2'
const CLIENTS_AFTER = `
  SELECT id, name, name_key FROM clients WHERE partner_id = $1 AND (name_key, id) > ($3, $4::uuid)
  ORDER BY name_key, id LIMIT $2`

const id = (tag) => ({ id: (row) => globalId(tag, row.id) })

export const resolvers = {
  Query: {
    async partner (_, args, { run, viewer }) {
      return (await run('partner', PARTNER, viewer.partnerId))[0]
    },
    async confirmationLink (_, { id }, { run, viewer }) {
      return (await run('one link', ONE_LINK, keyIn('li', id), viewer.partnerId))[0]
    },
    async confirmationLinks (_, { first, after: cursor }, { run, viewer }) {
      const size = checkSize(first) + 1
      const rows = cursor == null
        ? await run('links', LINKS, viewer.partnerId, size)
        : await run('links after', LINKS_AFTER, viewer.partnerId, size, ...after(cursor))
      return new Page(rows, first, 'createdAt')
    }
  },
  Mutation: {
    createConfirmationLink: (_, { input }, { run, viewer }) => createConfirmationLink(run, viewer, input)
  },
  Partner: {
    ...id('pa'),
    async clients (partner, { first, after: cursor }, { run }) {
      const size = checkSize(first) + 1
      const rows = cursor == null
        ? await run('clients', CLIENTS, partner.id, size)
        : await run('clients after', CLIENTS_AFTER, partner.id, size, ...after(cursor))
      return new Page(rows, first, 'name_key')
    }
  },
  Client: {
    ...id('cl'),
    contacts: (client, _, { loaders }) => loaders.contacts.load(client.id),
    confirmationLinks: (client, { first }, { loaders }) => loaders.linksOfClient(checkSize(first)).load(client.id)
  },
  ClientContact: id('cc'),
  ConfirmationLink: {
    ...id('li'),
    products: (link, _, { loaders }) => loaders.products.load(link.id),
    client: (link, _, { loaders }) => link.client_id && loaders.client.load(link.client_id),
    deal: (link, _, { loaders }) => link.deal_id && loaders.deal.load(link.deal_id)
  },
  Product: id('pr'),
  SharedDeal: id('de')
}
