import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { grafserv } from 'postgraphile/grafserv/node'
import { presetOf } from './preset.js'

const { DATABASE_URL, HOST = '127.0.0.1', PORT = '4000' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20, options: '-c timezone=UTC' })
await pool.query(`BEGIN; ${readFileSync(new URL('schema.sql', import.meta.url), 'utf8')} COMMIT`)

const instance = postgraphile(presetOf(pool))
await instance.getSchema()
const handle = instance.createServ(grafserv).createHandler()
const server = createServer((request, response) => {
  if (request.url === '/healthz') response.end()
  else handle(request, response)
})
process.once('SIGTERM', () => server.close(async () => {
  await instance.release()
  await pool.end()
}))
server.listen(Number(PORT), HOST)
