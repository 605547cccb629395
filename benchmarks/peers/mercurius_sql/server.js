import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import mercurius from 'mercurius'
import { viewerOf } from '../mercurius/access.js'
import { connect } from './database.js'
import { loadersOf } from './loaders.js'
import { resolvers } from './resolvers.js'

const { DATABASE_URL, HOST = '127.0.0.1', PORT = '4000' } = process.env
const pool = connect(DATABASE_URL)
const app = fastify({ logger: { level: 'warn' } })
const run = (name, text, ...values) => pool.query({ name, text, values }).then(({ rows }) => rows)

app.register(mercurius, {
  schema: readFileSync(new URL('../mercurius/schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  jit: 1,
  async context ({ headers }) {
    const viewer = await viewerOf(pool, headers.authorization)
    if (!viewer) throw new mercurius.ErrorWithProps('Sign in with a valid token', { code: 'UNAUTHENTICATED' }, 401)
    return { run, viewer, loaders: loadersOf(run, viewer) }
  }
})
app.get('/healthz', () => ({ status: 'ok' }))
app.addHook('onClose', () => pool.end())
process.once('SIGTERM', () => app.close())
await app.listen({ host: HOST, port: Number(PORT) })
