// Fields and relations. Each relation is one of Mercurius' loaders: a level of objects is one statement.
import { createConfirmationLink } from './create.js'
import { globalId, keyIn } from './ids.js'
import { after, checkSize, Page } from './page.js'

const LINK = 'id, name, status, created_at AS "createdAt", client_id AS "clientId", deal_id AS "dealId"'
const LINKS = `
  SELECT ${LINK} FROM confirmation_links
  WHERE partner_id = $1 AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $2`
const ONE_LINK = `SELECT ${LINK} FROM confirmation_links WHERE id = $1 AND partner_id = $2`
const LINKS_OF_CLIENTS = `
  SELECT link.*, client.place::int FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS client(id, size, place),
  LATERAL (
    SELECT ${LINK} FROM confirmation_links
    WHERE client_id = client.id AND partner_id = $3 ORDER BY created_at DESC, id DESC LIMIT client.size
  ) AS link`
const PARTNER = 'SELECT id, name FROM partners WHERE id = $1'
const CLIENTS = `
  SELECT id, name, name_key AS "nameKey" FROM clients
  WHERE partner_id = $1 AND ($3::text IS NULL OR (name_key, id) > ($3, $4::uuid))
  ORDER BY name_key, id LIMIT $2`
const SOME_CLIENTS = 'SELECT id, name FROM clients WHERE id = ANY($1::uuid[]) AND partner_id = $2'
const CONTACTS = `
  SELECT id, name, email, client_id AS "clientId" FROM client_contacts
  WHERE client_id = ANY($1::uuid[]) ORDER BY name, id`
const DEALS = 'SELECT id, name FROM deals WHERE id = ANY($1::uuid[]) AND partner_id = $2 AND is_shared'
const LINK_PRODUCTS = `
  SELECT c.link_id AS "linkId", c.product_id AS "productId", t.code AS "typeCode", t.name AS "typeName"
  FROM link_products c
  LEFT JOIN onboarding_types t ON t.product_id = c.product_id AND t.code = c.onboarding_type_code
  WHERE c.link_id = ANY($1::uuid[]) ORDER BY c.position`
const PRODUCTS = 'SELECT id, code, name FROM products WHERE id = ANY($1::uuid[])'

const id = (tag) => ({ id: (row) => globalId(tag, row.id) })

export const resolvers = {
  Query: {
    async partner (_, args, context) {
      return (await run(context, 'partner', PARTNER, own(context)))[0]
    },
    async confirmationLink (_, { id }, context) {
      return (await run(context, 'one link', ONE_LINK, keyIn('li', id), own(context)))[0]
    },
    async confirmationLinks (_, { first, after: cursor }, context) {
      const rows = await run(context, 'links', LINKS, own(context), checkSize(first) + 1, ...after(cursor))
      return new Page(rows, first, 'createdAt')
    }
  },
  Mutation: {
    createConfirmationLink: (_, { input }, { pool, viewer }) => createConfirmationLink(pool, viewer, input)
  },
  Partner: {
    ...id('pa'),
    async clients (partner, { first, after: cursor }, context) {
      const rows = await run(context, 'clients', CLIENTS, partner.id, checkSize(first) + 1, ...after(cursor))
      return new Page(rows, first, 'nameKey')
    }
  },
  Client: id('cl'),
  ClientContact: id('cc'),
  ConfirmationLink: id('li'),
  ConfirmationLinkProduct: {
    onboardingType: ({ typeCode, typeName }) => typeCode && { code: typeCode, name: typeName }
  },
  Product: id('pr'),
  SharedDeal: id('de')
}

export const loaders = {
  Client: {
    contacts: many('id', 'clientId', 'contacts', CONTACTS),
    async confirmationLinks (queries, context) {
      const sizes = queries.map(({ params }) => checkSize(params.first) + 1)
      const rows = await run(context, 'links of clients', LINKS_OF_CLIENTS, keysOf(queries, 'id'), sizes, own(context))
      const found = grouped(rows, 'place')
      return queries.map(({ params }, index) => new Page(found.get(index + 1) ?? [], params.first, 'createdAt'))
    }
  },
  ConfirmationLink: {
    products: many('id', 'linkId', 'link products', LINK_PRODUCTS),
    client: one('clientId', 'some clients', SOME_CLIENTS, own),
    deal: one('dealId', 'deals', DEALS, own)
  },
  ConfirmationLinkProduct: {
    product: one('productId', 'products', PRODUCTS)
  }
}

// A loader of the row that each object's `key` names. `args` are further values of the statement.
function one (key, name, text, ...args) {
  return async (queries, context) => {
    const keys = [...new Set(keysOf(queries, key))]
    const rows = await run(context, name, text, keys, ...args.map((arg) => arg(context)))
    const found = new Map(rows.map((row) => [row.id, row]))
    return queries.map(({ obj }) => found.get(obj[key]))
  }
}

// A loader of the rows whose `parent` each object's `key` is.
function many (key, parent, name, text) {
  return async (queries, context) => {
    const found = grouped(await run(context, name, text, keysOf(queries, key)), parent)
    return queries.map(({ obj }) => found.get(obj[key]) ?? [])
  }
}

function keysOf (queries, key) {
  return queries.map(({ obj }) => obj[key])
}

function grouped (rows, key) {
  const found = new Map()
  for (const row of rows) {
    const group = found.get(row[key])
    if (group) group.push(row)
    else found.set(row[key], [row])
  }
  return found
}

function own ({ viewer }) {
  return viewer.partnerId
}

function run ({ pool }, name, text, ...values) {
  return pool.query({ name, text, values }).then(({ rows }) => rows)
}
