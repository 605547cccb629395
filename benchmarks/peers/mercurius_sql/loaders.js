// DataLoaders of one request: each level of a relation is one prepared statement, its keys one array.
import DataLoader from 'dataloader'
import { Page } from '../mercurius/page.js'

export const LINK = 'id, name, status, created_at AS "createdAt", client_id, deal_id'
const LINKS_OF_CLIENTS = `
  SELECT link.* FROM unnest($1::uuid[]) AS client(id), LATERAL (
    SELECT ${LINK} FROM confirmation_links
    WHERE client_id = client.id AND partner_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3
  ) AS link`
const CONTACTS = `
  SELECT id, name, email, client_id FROM client_contacts WHERE client_id = ANY($1::uuid[]) ORDER BY name, id`
const CLIENTS = 'SELECT id, name FROM clients WHERE id = ANY($1::uuid[]) AND partner_id = $2'
const DEALS = 'SELECT id, name FROM deals WHERE id = ANY($1::uuid[]) AND partner_id = $2 AND is_shared'
const PRODUCTS = `
  SELECT c.link_id, p.id, p.code, p.name, t.code AS type_code, t.name AS type_name
  FROM link_products c JOIN products p ON p.id = c.product_id
  LEFT JOIN onboarding_types t ON t.product_id = c.product_id AND t.code = c.onboarding_type_code
  WHERE c.link_id = ANY($1::uuid[]) ORDER BY c.position`

export function loadersOf (run, { partnerId }) {
  const linksOfClient = new Map()
  return {
    client: one((keys) => run('some clients', CLIENTS, keys, partnerId)),
    deal: one((keys) => run('deals', DEALS, keys, partnerId)),
    contacts: many('client_id', (keys) => run('contacts', CONTACTS, keys)),
    products: many('link_id', (keys) => run('products', PRODUCTS, keys), (rows) => rows.map(chosen)),
    // One for each size of page that the document asks for.
    linksOfClient (first) {
      if (!linksOfClient.has(first)) linksOfClient.set(first, pages(first))
      return linksOfClient.get(first)
    }
  }

  function pages (first) {
    const read = (keys) => run('links of clients', LINKS_OF_CLIENTS, keys, partnerId, first + 1)
    return many('client_id', read, (rows) => new Page(rows, first, 'createdAt'))
  }
}

function chosen ({ id, code, name, type_code: typeCode, type_name: typeName }) {
  return { product: { id, code, name }, onboardingType: typeCode && { code: typeCode, name: typeName } }
}

function one (read) {
  return new DataLoader(async (keys) => {
    const found = new Map((await read(keys)).map((row) => [row.id, row]))
    return keys.map((key) => found.get(key))
  })
}

function many (parent, read, shape = (rows) => rows) {
  return new DataLoader(async (keys) => {
    const found = new Map(keys.map((key) => [key, []]))
    for (const row of await read(keys)) found.get(row[parent]).push(row)
    return keys.map((key) => shape(found.get(key)))
  })
}
