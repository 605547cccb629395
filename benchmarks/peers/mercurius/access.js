// Who is asking: one look-up of the bearer token's hash, for each request.
import { createHash } from 'node:crypto'

const VIEWER = `
  SELECT a.id, a.name, a.partner_id AS "partnerId"
  FROM api_tokens t JOIN actors a ON a.id = t.actor_id
  WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
    AND a.is_active AND a.partner_id IS NOT NULL`

// The viewer, or undefined for a token that is not valid.
export async function viewerOf (pool, authorization) {
  if (!authorization?.startsWith('Bearer ')) return undefined
  const hash = createHash('sha256').update(authorization.slice(7).trim()).digest('hex')
  const { rows } = await pool.query({ name: 'viewer', text: VIEWER, values: [hash] })
  return rows[0]
}
