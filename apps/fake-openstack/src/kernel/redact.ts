const secretNames =
  /^(password|adminpass|original_password|secret|private_key|user_data|auth_key|blob|x-auth-token|x-subject-token)$/i
const maxDepth = 12
const maxText = 2048
const maxValues = 2000

/** Copies a JSON value for the journal: secrets hidden, what is long or much cut, so that memory stays bounded. */
export const redacted = (value: unknown): unknown => copy(value, { left: maxValues }, 0)

const copy = (value: unknown, room: { left: number }, depth: number): unknown => {
  room.left -= 1
  if (typeof value === 'string')
    return value.length > maxText ? `${value.slice(0, maxText)}… (${value.length} characters)` : value
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth || room.left <= 0) return '…'
  if (Array.isArray(value)) {
    const cut = value.slice(0, 100).map((item) => copy(item, room, depth + 1))
    return value.length > 100 ? [...cut, `… (${value.length} items)`] : cut
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      // `password` is also the name of the object around a user's password.
      if (secretNames.test(key) && typeof inner === 'string') return [key, '***']
      if (key === 'token' && isTokenReference(inner)) return [key, { id: '***' }]
      return [key, copy(inner, room, depth + 1)]
    }),
  )
}

/** `{"token": {"id": "…"}}` of a login by token; the answer's `token` has more fields and no secret. */
const isTokenReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'id' in value && Object.keys(value).length === 1
