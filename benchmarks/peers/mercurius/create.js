// Creating a link: everything that it causes, in one transaction.
import { changesOf, draftOf, mailOf, nameKey, newsOf, refusalsOf } from './draft.js'
import { cursorAt, globalId, newKey } from './ids.js'

const CATALOGUE = `
  SELECT p.id, p.code, p.name, p.edition,
    coalesce(json_agg(json_build_object('code', t.code, 'name', t.name)) FILTER (WHERE t.is_offered), '[]') AS types
  FROM products p LEFT JOIN onboarding_types t ON t.product_id = p.id
  WHERE p.id = ANY($1::uuid[]) GROUP BY p.id`
const PARTNER = 'SELECT id, name FROM partners WHERE id = $1'
const TEAM = `
  SELECT id, name, email, locale FROM actors
  WHERE is_active AND id IN (SELECT staff_member_id FROM assignments WHERE partner_id = $1) ORDER BY id`
const LINK = `
  INSERT INTO confirmation_links (id, partner_id, name, name_key, status, provides_onboarding, onboarding_duration,
    created_by_id, created_at, updated_at, version)
  VALUES ($1, $2, $3, $4, 'PENDING', $5, $6, $7, now(), now(), 1)
  RETURNING id, name, status, created_at AS "createdAt", client_id AS "clientId", deal_id AS "dealId"`
const LINK_PRODUCTS = `
  INSERT INTO link_products (link_id, position, product_id, onboarding_type_code)
  SELECT $1, place - 1, product_id, code
  FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS chosen(product_id, code, place)`
const POSITIONS = `
  INSERT INTO streams (id, position) SELECT id, 1 FROM unnest($1::uuid[]) AS moved(id) ORDER BY id
  ON CONFLICT (id) DO UPDATE SET position = streams.position + 1 RETURNING id, position`
const EVENT = `
  INSERT INTO partner_events (partner_id, position, kind, subject_id, occurred_at)
  VALUES ($1, $2, 'LINK_CREATED', $3, now())`
const AUDIT = `
  INSERT INTO audit_entries
    (id, partner_id, staff_only, action, actor_id, actor_name, subject_id, changes, occurred_at)
  VALUES ($1, $2, false, 'confirmation_link.create', $3, $4, $5, $6, now())`
const NOTIFICATIONS = `
  INSERT INTO notifications (id, recipient_id, position, partner_id, kind, title, body, subject_id, created_at)
  SELECT id, recipient_id, position, $4, 'LINK_CREATED', $5, $6, $7, now()
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS told(id, recipient_id, position)`
const MAILS = `
  INSERT INTO outbox_mails (id, partner_id, kind, subject_id, recipients, remaining, refused, has_refusals, locale,
    subject, text, html, created_at, status, attempts, next_attempt_at)
  SELECT id, $2, kind, subject_id, recipients, remaining, '[]', false, locale,
    subject, text, html, now(), 'QUEUED', 0, now()
  FROM json_to_recordset($1) AS mail(id uuid, kind text, subject_id text, recipients json, remaining json, locale text,
    subject text, text text, html text)`

export async function createConfirmationLink (pool, viewer, input) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const payload = await written(client, viewer, draftOf(input))
    await client.query('COMMIT')
    return payload
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

async function written (client, viewer, draft) {
  const run = async (name, text, ...values) => (await client.query({ name: `create: ${name}`, text, values })).rows
  const keys = draft.products.map(({ key }) => key)
  const products = await run('catalogue', CATALOGUE, keys)
  const catalogue = new Map(products.map((product) => [product.id, product]))
  const userErrors = refusalsOf(draft, catalogue)
  if (userErrors.length > 0) return { confirmationLink: null, userErrors, cursor: null }

  const { partnerId } = viewer
  const key = newKey()
  const id = globalId('li', key)
  const [confirmationLink] = await run('link', LINK, key, partnerId, draft.name, nameKey(draft.name),
    draft.providesOnboarding, draft.onboardingDuration, viewer.id)
  await run('link products', LINK_PRODUCTS, key, keys, draft.products.map(({ code }) => code))
  const [partner] = await run('partner', PARTNER, partnerId)
  const [{ position }] = await run('positions', POSITIONS, [partnerId])
  await run('event', EVENT, partnerId, position, id)
  const changes = JSON.stringify(changesOf(draft, catalogue))
  await run('audit', AUDIT, newKey(), partnerId, viewer.id, viewer.name, id, changes)

  const team = await run('team', TEAM, partnerId)
  const moved = await run('positions', POSITIONS, team.map((member) => member.id))
  const { title, body } = newsOf(draft, partner, viewer)
  await run('notifications', NOTIFICATIONS, moved.map(newKey), moved.map((stream) => stream.id),
    moved.map((stream) => stream.position), partnerId, title, body, id)
  const mails = team.map((member) => mailOf(newKey(), key, draft, catalogue, partner, viewer, member))
  await run('mails', MAILS, JSON.stringify(mails), partnerId)
  return { confirmationLink, userErrors, cursor: cursorAt(position) }
}
