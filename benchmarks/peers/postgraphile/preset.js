import { SafeError } from 'postgraphile/grafast'
import { makePgService } from 'postgraphile/adaptors/pg'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { viewerOf } from '../mercurius/access.js'
import { fields } from './fields.js'

export const presetOf = (pool) => ({
  extends: [PostGraphileAmberPreset],
  plugins: [fields],
  disablePlugins: ['NodePlugin', 'PgMutationCreatePlugin', 'PgMutationUpdateDeletePlugin'],
  pgServices: [makePgService({ pool, schemas: ['postgraphile'] })],
  schema: {
    // Nothing is reached but from the viewer's own partner: no row of another one, and no query for its settings.
    defaultBehavior: '-query:resource:list -query:resource:connection -query:resource:single'
  },
  grafserv: { graphiql: false, watch: false },
  grafast: {
    explain: false,
    async context ({ node }) {
      const viewer = await viewerOf(pool, node.req.headers.authorization)
      if (!viewer) throw new SafeError('Sign in with a valid token', { code: 'UNAUTHENTICATED' })
      return { viewer }
    }
  }
})
