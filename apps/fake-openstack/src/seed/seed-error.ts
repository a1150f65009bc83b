/** A seed that cannot be planted; the message says which part is wrong. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
}
