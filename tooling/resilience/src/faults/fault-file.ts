import { readFileSync } from 'node:fs'
import type { FaultRule } from 'fake-openstack'
import { parse } from 'yaml'
import * as z from 'zod'

/**
 * The meaning of a fault. `passing`: the next try goes well. `lasting`: every try of this request fails
 * the same way. `refusal`: the service refuses. `garbled`: a response that is not of the API.
 */
const nature = z.enum(['passing', 'lasting', 'refusal', 'garbled'])
export type Nature = z.output<typeof nature>

const words = z.record(z.string(), z.string())
const names = z.array(z.string())

const response = z.strictObject({
  status: z.number().optional(),
  body: z.string(),
  message: z.string().default(''),
  headers: words.default({}),
})
export type FaultResponse = z.output<typeof response>

const request = z.strictObject({
  name: z.string(),
  nature,
  hits: z
    .enum(['changes', 'creations', 'creations in the network service', 'other than logins', 'about no object'])
    .or(z.literal('answered with a body'))
    .optional(),
  when: z.literal('after').optional(),
  respond: response.optional(),
  do: z.custom<FaultRule['do']>().optional(), // the fake checks it
})
export type RequestFault = z.output<typeof request>

const file = z.strictObject({
  requests: z.array(request),
  bodies: z.record(z.string(), z.record(z.string(), z.json())),
  envelopes: words,
  objects: z.array(z.tuple([z.string(), z.string().transform((pattern) => new RegExp(pattern))])),
  errorStates: words,
  second: z.strictObject({ refusal: z.string(), removal: names, noResponse: z.string(), lookUp: names }),
  survivable: names,
  sockets: names,
  missing: z.record(z.string(), words),
  bestEffort: z.record(z.string(), names),
})

/** `faults.yaml`, which says what each part means. */
export const faultFile = file.parse(parse(readFileSync(new URL('../../faults.yaml', import.meta.url), 'utf8')))
