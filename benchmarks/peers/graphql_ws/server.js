import { EventEmitter, on } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { createHandler } from 'graphql-http/lib/use/http'
import { useServer } from 'graphql-ws/use/ws'
import pg from 'pg'
import { WebSocketServer } from 'ws'
import { viewerOf } from '../mercurius/access.js'
import { globalId } from '../mercurius/ids.js'
import { confirm } from './confirm.js'

const { DATABASE_URL, HOST = '127.0.0.1', PORT = '4000' } = process.env
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 })
const changes = new EventEmitter().setMaxListeners(0)

const schema = makeExecutableSchema({
  typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: {
      async partner (_, args, { viewer }) {
        const { rows } = await pool.query('SELECT id, name FROM partners WHERE id = $1', [viewer?.partnerId])
        return rows[0]
      }
    },
    Partner: { id: ({ id }) => globalId('pa', id) },
    Mutation: {
      async confirmEngagement (_, { input }) {
        const confirmed = await confirm(pool, input)
        if (confirmed.change) changes.emit(confirmed.partnerId, confirmed.change)
        return confirmed
      }
    },
    Subscription: {
      confirmationLinkStatusChanged: {
        subscribe: (_, args, { viewer }) => on(changes, viewer.partnerId),
        resolve: ([change]) => change
      }
    }
  }
})

const context = async ({ headers }) => ({ viewer: await viewerOf(pool, headers.authorization) })
const handle = createHandler({ schema, context: ({ raw }) => context(raw) })
const server = createServer((request, response) => {
  if (request.url === '/healthz') response.end()
  else handle(request, response)
})

useServer({
  schema,
  async onConnect ({ connectionParams, extra }) {
    extra.viewer = await viewerOf(pool, connectionParams?.authorization)
    return extra.viewer !== undefined
  },
  context: ({ extra }) => ({ viewer: extra.viewer })
}, new WebSocketServer({ server, path: '/graphql' }))

process.once('SIGTERM', () => process.exit())
server.listen(Number(PORT), HOST)
