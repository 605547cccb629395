// One page of a list: `rows` holds one row more than asked for where there are more.
export class Page {
  constructor (rows, first, sortedBy) {
    this.hasNextPage = rows.length > first
    this.nodes = this.hasNextPage ? rows.slice(0, first) : rows
    this.sortedBy = sortedBy
  }

  get edges () {
    return this.nodes.map((node) => ({ node, cursor: this.cursor(node) }))
  }

  get pageInfo () {
    const last = this.nodes.at(-1)
    return { hasNextPage: this.hasNextPage, endCursor: last ? this.cursor(last) : null }
  }

  cursor (row) {
    return Buffer.from(JSON.stringify([row[this.sortedBy], row.id])).toString('base64url')
  }
}

// What a page cursor holds: the value that the list is sorted by, and the row's key.
export function after (cursor) {
  return cursor == null ? [null, null] : JSON.parse(Buffer.from(cursor, 'base64url').toString())
}

export function checkSize (first) {
  if (first < 1 || first > 100) throw new RangeError('first must be from 1 to 100')
  return first
}
