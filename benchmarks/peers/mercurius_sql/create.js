// Creating a link: one statement reads what the rules need, another writes everything, which makes it one transaction.
import { changesOf, draftOf, mailOf, nameKey, newsOf, refusalsOf } from '../mercurius/draft.js'
import { cursorAt, globalId, newKey } from '../mercurius/ids.js'

const READ = `
  SELECT
    (SELECT name FROM partners WHERE id = $1) AS partner,
    (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'email', email, 'locale', locale)), '[]')
     FROM actors
     WHERE is_active AND id IN (SELECT staff_member_id FROM assignments WHERE partner_id = $1)) AS team,
    (SELECT coalesce(json_agg(json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'edition', p.edition,
       'types', (SELECT coalesce(json_agg(json_build_object('code', t.code, 'name', t.name)), '[]')
                 FROM onboarding_types t WHERE t.product_id = p.id AND t.is_offered))), '[]')
     FROM products p WHERE p.id = ANY($2::uuid[])) AS catalogue`

const WRITE = `
  WITH link AS (
    INSERT INTO confirmation_links (id, partner_id, name, name_key, status, provides_onboarding, onboarding_duration,
      created_by_id, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, 'PENDING', $5, $6, $7, now(), now(), 1)
    RETURNING id, name, status, created_at, client_id, deal_id
  ), chosen AS (
    INSERT INTO link_products (link_id, position, product_id, onboarding_type_code)
    SELECT $1, place - 1, product_id, code
    FROM unnest($8::uuid[], $9::text[]) WITH ORDINALITY AS chosen(product_id, code, place)
  ), moved AS (
    INSERT INTO streams (id, position) VALUES ($2, 1)
    ON CONFLICT (id) DO UPDATE SET position = streams.position + 1 RETURNING position
  ), event AS (
    INSERT INTO partner_events (partner_id, position, kind, subject_id, occurred_at)
    SELECT $2, position, 'LINK_CREATED', $10, now() FROM moved
  ), audit AS (
    INSERT INTO audit_entries
      (id, partner_id, staff_only, action, actor_id, actor_name, subject_id, changes, occurred_at)
    VALUES ($11, $2, false, 'confirmation_link.create', $7, $12, $10, $13, now())
  ), told AS (
    INSERT INTO streams (id, position)
    SELECT person.id, 1 FROM moved, unnest($14::uuid[]) AS person(id) ORDER BY person.id
    ON CONFLICT (id) DO UPDATE SET position = streams.position + 1 RETURNING id, position
  ), news AS (
    INSERT INTO notifications (id, recipient_id, position, partner_id, kind, title, body, subject_id, created_at)
    SELECT news.id, told.id, told.position, $2, 'LINK_CREATED', $16, $17, $10, now()
    FROM told JOIN unnest($14::uuid[], $15::uuid[]) AS news(person, id) ON news.person = told.id
  ), mails AS (
    INSERT INTO outbox_mails (id, partner_id, kind, subject_id, recipients, remaining, refused, has_refusals, locale,
      subject, text, html, created_at, status, attempts, next_attempt_at)
    SELECT id, $2, kind, subject_id, recipients, remaining, '[]', false, locale,
      subject, text, html, now(), 'QUEUED', 0, now()
    FROM json_to_recordset($18) AS mail(id uuid, kind text, subject_id text, recipients json, remaining json,
      locale text, subject text, text text, html text)
  )
  SELECT link.id, link.name, link.status, link.created_at AS "createdAt", client_id, deal_id, moved.position
  FROM link, moved`

export async function createConfirmationLink (run, viewer, input) {
  const draft = draftOf(input)
  const { partnerId } = viewer
  const keys = draft.products.map(({ key }) => key)
  const codes = draft.products.map(({ code }) => code)
  const [{ partner: name, team, catalogue: products }] = await run('before create', READ, partnerId, keys)
  const catalogue = new Map(products.map((product) => [product.id, product]))
  const userErrors = refusalsOf(draft, catalogue)
  if (userErrors.length > 0) return { confirmationLink: null, userErrors, cursor: null }

  const key = newKey()
  const id = globalId('li', key)
  const { title, body } = newsOf(draft, { name }, viewer)
  const mails = team.map((member) => mailOf(newKey(), key, draft, catalogue, { name }, viewer, member))
  const [confirmationLink] = await run('create', WRITE,
    key, partnerId, draft.name, nameKey(draft.name), draft.providesOnboarding, draft.onboardingDuration, viewer.id,
    keys, codes, id, newKey(), viewer.name, JSON.stringify(changesOf(draft, catalogue)),
    team.map((member) => member.id), team.map(newKey), title, body, JSON.stringify(mails))
  return { confirmationLink, userErrors, cursor: cursorAt(confirmationLink.position) }
}
