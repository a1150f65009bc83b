import * as z from 'zod/mini'

/*
 * Parts of the schemas by which answers are read (`http/read-answer.ts`). Some clouds leave out what is empty, or answer
 * null.
 */

/** A text that may be missing or null: empty then. */
export const textOrEmpty = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((value) => value ?? ''),
)

/** Metadata that may be missing or null: empty then. Values are texts by the API; others are kept as JSON. */
export const metadata = z.pipe(
  z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  z.transform((value) =>
    Object.fromEntries(
      Object.entries(value ?? {}).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]),
    ),
  ),
)
