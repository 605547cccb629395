// One pool of connections. Times stay text: exact to the microsecond, and no Date is made only to be written again.
import pg from 'pg'

const iso = (text) => `${text.slice(0, 10)}T${text.slice(11).replace('+00', 'Z')}`
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, iso)

export const connect = (connectionString) =>
  new pg.Pool({ connectionString, max: 20, options: '-c timezone=UTC' })
