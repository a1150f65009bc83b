import { expect, test } from 'vitest'
import * as z from 'zod'
import { schemaProblem, unreadFields } from './validation.ts'

const schema = z.strictObject({
  server: z.strictObject({
    name: z.string().min(1).max(5),
    count: z.number().int().min(1).max(3).optional(),
    kind: z.enum(['a', 'b']).optional(),
    code: z
      .string()
      .regex(/^[a-z]+$/)
      .optional(),
    metadata: z.record(z.string(), z.string()).optional(),
  }),
})

test.each([
  [{}, [], "'server' is a required property"],
  [{ server: {} }, ['server'], "'name' is a required property"],
  [{ server: { name: 5 } }, ['server', 'name'], "5 is not of type 'string'"],
  [{ server: { name: 'abcdef' } }, ['server', 'name'], "'abcdef' is too long"],
  [{ server: { name: '' } }, ['server', 'name'], "'' is too short"],
  [{ server: { name: 'a', count: 0 } }, ['server', 'count'], '0 is less than the minimum of 1'],
  [{ server: { name: 'a', count: 9 } }, ['server', 'count'], '9 is greater than the maximum of 3'],
  [{ server: { name: 'a', kind: 'c' } }, ['server', 'kind'], "'c' is not one of ['a', 'b']"],
  [{ server: { name: 'a', code: "it's" } }, ['server', 'code'], `"it's" does not match '^[a-z]+$'`],
  [{ server: { name: 'a', metadata: { k: null } } }, ['server', 'metadata', 'k'], "None is not of type 'string'"],
  [{ server: { name: 'a', zork: true } }, ['server'], "Additional properties are not allowed ('zork' was unexpected)"],
])('%j is refused in the words of jsonschema', (body, path, message) => {
  const result = schema.safeParse(body)
  if (result.success) throw new Error('the schema accepted the body')
  expect(schemaProblem(result.error, body, 'zed')).toMatchObject({ path, message })
})

test('fields that no schema asked for are told with their place', () => {
  const loose = z.object({ port: z.object({ name: z.string(), ips: z.array(z.object({ ip: z.string() })) }) })
  const body = { port: { name: 'a', color: 'red', ips: [{ ip: '1', zone: 2 }] }, more: [] }
  expect(unreadFields(body, loose.parse(body))).toEqual(['port.color', 'port.ips.0.zone', 'more'])
})
