import { isJsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import type { ServiceResponse } from './exchange.ts'
import { OpenStackError } from './openstack-error.ts'

/**
 * Makes a reader that checks the attributes which decide what is done with an object, and completes those that some
 * clouds leave out. All other attributes stay as they came: for them `T` is the API's promise. The reader throws kind
 * `decode`, naming the attribute.
 * @param what for the message, for example `server`
 * @param build makes the schema, when the first answer is read
 */
export function answerReader<T>(what: string, build: () => z.ZodMiniType): (answer: unknown) => T {
  let schema: z.ZodMiniType | undefined
  return (answer) => {
    schema ??= build()
    const read = schema.safeParse(answer)
    if (read.success) return read.data as T // see above
    const problems = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    throw new OpenStackError('decode', `The answer is no valid ${what} (${problems.join('; ')})`)
  }
}

/** Reads each item of a list. */
export async function* readEach<T>(items: AsyncIterable<unknown>, read: (item: unknown) => T): AsyncGenerator<T> {
  for await (const item of items) yield read(item)
}

/** Whether a body can be a JSON document: cheap, and enough to tell the page of a proxy and what was cut off. */
export function looksLikeJson(body: string): boolean {
  const text = body.trim()
  return (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('[') && text.endsWith(']'))
}

/**
 * The JSON of an answer, or what stands under `pick`. The type is the service's promise, written down in the module
 * that asks. Throws kind `decode` for anything but JSON, and when there is no object, or none under `pick`. An empty body
 * is undefined where the API has answers without one: not after GET, and not where something was made.
 */
export function decodeJson<T>(
  service: string,
  method: string,
  response: ServiceResponse & { readonly url: URL },
  pick: string | undefined,
): T {
  const details = {
    service,
    method,
    url: response.url.href,
    status: response.status,
    ...(response.requestId === undefined ? {} : { requestId: response.requestId }),
  }
  const place = `${service}: ${method} ${response.url.href}`
  const mayBeEmpty = method !== 'GET' && response.status !== 201
  if (response.body === '' && pick === undefined && mayBeEmpty) return undefined as T // methods without an answer have T = void
  let json: unknown
  try {
    json = JSON.parse(response.body)
  } catch (cause) {
    throw new OpenStackError('decode', `${place}: the answer is not JSON`, { ...details, cause })
  }
  if (pick === undefined && mayBeEmpty) return json as T // see above: the module names the wire type
  if (!isJsonObject(json)) throw new OpenStackError('decode', `${place}: the answer is no object`, details)
  if (pick === undefined) return json as T
  if (typeof json[pick] !== 'object' || json[pick] === null)
    throw new OpenStackError('decode', `${place}: the answer has no '${pick}'`, details)
  return json[pick] as T
}

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
