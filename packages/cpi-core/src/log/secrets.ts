/** The secret strings of one process; anything written for people passes through `redact`. */
export interface Secrets {
  /** Registers a value; too short ones (fewer than 4 characters) are ignored, or every text would be riddled. */
  add(value: string): void
  /** Replaces each registered value, in plain, JSON-escaped, URL-encoded and base64 form, by `<redacted>`. */
  redact(text: string): string
}
