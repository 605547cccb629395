// Keys, global ids, cursors. A global id is a two-letter tag and the row's UUID as 24 URL-safe characters.
import { randomFillSync } from 'node:crypto'

const hexOf = (text) => Buffer.from(text).toString('hex')
const TAGS = Object.fromEntries(['pa', 'cl', 'cc', 'pr', 'li', 'de'].map((tag) => [tag, hexOf(tag)]))

export function globalId (tag, key) {
  return Buffer.from(TAGS[tag] + key.replaceAll('-', ''), 'hex').toString('base64url')
}

// The key that a global id of that kind holds, or null for anything else.
export function keyIn (tag, id) {
  const hex = Buffer.from(id, 'base64url').toString('hex')
  if (hex.length !== 36 || !hex.startsWith(TAGS[tag])) return null
  return dashed(hex.slice(4))
}

// A UUID of version 7: keys made later sort later.
export function newKey () {
  const bytes = randomFillSync(Buffer.allocUnsafe(16))
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6] & 0x0f) | 0x70
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return dashed(bytes.toString('hex'))
}

// Where a stream stands: of two, the later sorts later as text.
export function cursorAt (position) {
  return BigInt(position).toString(16).padStart(16, '0')
}

function dashed (hex) {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
