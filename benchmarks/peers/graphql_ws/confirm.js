// The client's answer: the link's status, the decision and the partner's event, by one statement: one transaction.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { cursorAt, globalId } from '../mercurius/ids.js'

const CONFIRM = `
  WITH link AS (
    UPDATE confirmation_links SET status = 'CONFIRMED', updated_at = now()
    WHERE id = $1 AND status = 'PENDING' AND version = $2 RETURNING id, name, status, partner_id
  ), decision AS (
    INSERT INTO decisions (link_id, status, decided_at, decided_by_name, decided_by_email, evidence, evidence_hash)
    SELECT id, status, now(), $3, $4, $5, $6 FROM link
  ), moved AS (
    INSERT INTO streams (id, position) SELECT partner_id, 1 FROM link
    ON CONFLICT (id) DO UPDATE SET position = streams.position + 1 RETURNING position
  ), event AS (
    INSERT INTO partner_events (partner_id, position, kind, subject_id, occurred_at)
    SELECT partner_id, position, 'LINK_CONFIRMED', $7, now() FROM link, moved
  )
  SELECT link.*, position FROM link, moved`

const secret = createHmac('sha256', process.env.PARTNER_API_SECRET_KEY ?? '').update('partner-api link token').digest()

// The link's key, or undefined for a token that the service did not make.
function keyOf (token) {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== 32) return undefined
  const proof = createHmac('sha256', secret).update(bytes.subarray(0, 16)).digest().subarray(0, 16)
  return timingSafeEqual(proof, bytes.subarray(16)) ? bytes.toString('hex', 0, 16) : undefined
}

// What every subscriber of the partner is told, or the user errors.
export async function confirm (pool, { token, name, email, seenVersion }) {
  const key = keyOf(token)
  if (!key) return { userErrors: [{ code: 'NOT_FOUND', message: 'not found', field: ['token'] }] }
  const id = globalId('li', key)
  const seen = { confirmationLink: id, version: seenVersion }
  const evidence = JSON.stringify({ answered: { email, name, status: 'CONFIRMED' }, seen })
  const hash = createHash('sha256').update(evidence).digest('hex')
  const { rows: [link] } = await pool.query({
    name: 'confirm', text: CONFIRM, values: [key, seenVersion, name, email, evidence, hash, id]
  })
  if (!link) return { userErrors: [{ code: 'NOT_PENDING', message: 'decided or edited meanwhile', field: ['token'] }] }
  const { name: linkName, status, position, partner_id: partnerId } = link
  const change = { cursor: cursorAt(position), link: { id, name: linkName, status }, previousStatus: 'PENDING', status }
  return { partnerId, change, userErrors: [] }
}
