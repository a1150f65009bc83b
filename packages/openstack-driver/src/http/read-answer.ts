import type * as z from 'zod/mini'
import { OpenStackError } from './openstack-error.ts'

/**
 * Checks the attributes of an object that decide what is done with it, and completes those that some clouds leave out.
 * All other attributes stay as they came. Throws kind `decode`, naming the attribute.
 * @param what for the message, for example `server`
 */
export function readAnswer<S extends z.ZodMiniType>(what: string, schema: S, answer: unknown): z.output<S> {
  const read = schema.safeParse(answer)
  if (read.success) return read.data
  const problems = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ')
  throw new OpenStackError('decode', `The answer is no valid ${what} (${problems})`)
}

/** Reads each item of a list. */
export async function* readEach<T>(items: AsyncIterable<unknown>, read: (item: unknown) => T): AsyncGenerator<T> {
  for await (const item of items) yield read(item)
}
