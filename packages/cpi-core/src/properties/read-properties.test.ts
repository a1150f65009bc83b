import { describe, expect, test } from 'vitest'
import { recordingLog } from '../../test/recording-log.ts'
import type { JsonObject } from '../model/json.ts'
import { nearestName } from './nearest-name.ts'
import { checkProperties, readProperties } from './read-properties.ts'
import type { SchemaIssue, StandardSchema } from './standard-schema.ts'

interface VmProperties {
  readonly cpus: number
}

/** By hand, so that no library is preferred. */
const schema: StandardSchema<VmProperties> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { cpus = 1, root_disk = {} } = value as { cpus?: unknown; root_disk?: { size?: unknown } }
      const issues: SchemaIssue[] = []
      if (typeof cpus !== 'number') issues.push({ path: ['cpus'], message: 'must be a number' })
      if (typeof (root_disk.size ?? 0) !== 'number') {
        issues.push({ path: [{ key: 'root_disk' }, 'size'], message: 'Invalid input: expected number' })
      }
      return issues.length > 0 ? { issues } : { value: { cpus: Number(cpus) } }
    },
  },
}
const rules = { what: 'VM cloud properties', code: 'VmCreationFailed', known: ['cpus', 'root_disk'] } as const
const read = (properties: JsonObject, log = recordingLog()) => readProperties(schema, properties, { ...rules, log })

describe('properties of an operator', () => {
  test('are typed, and null counts as absent at the top and one level down', () => {
    expect(read({ cpus: 2 }).cpus).toBe(2)
    expect(read({ cpus: null, root_disk: { size: null } }).cpus).toBe(1)
  })

  test('contract §6.4 that are wrong are named together, in an error that is not retried', () => {
    expect(() => read({ cpus: 'two', root_disk: { size: 'big' } })).toThrow(
      expect.objectContaining({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: 'Invalid VM cloud properties: cpus must be a number; root_disk.size: Invalid input: expected number',
      }),
    )
  })

  test('are known by the shape of the schema where they are not named', () => {
    const withShape = { ...schema, shape: { cpus: {}, root_disk: {} } }
    expect(checkProperties(withShape, { cpu: 2 }).unknown).toEqual([{ name: 'cpu', nearest: 'cpus' }])
    expect(checkProperties(schema, { cpu: 2 }).unknown).toEqual([])
  })

  test('that are unknown are a warning with the nearest name, and named beside what is wrong', () => {
    const log = recordingLog()
    read({ cpu: 2, flavour: 'x' }, log)
    expect(log.lines).toEqual([
      "warn: Unknown property 'cpu' in VM cloud properties is ignored: did you mean 'cpus'?",
      "warn: Unknown property 'flavour' in VM cloud properties is ignored",
    ])
    expect(() => read({ cpus: 'x', rootdisk: {} })).toThrow("'rootdisk' is unknown, did you mean 'root_disk'?")
  })

  test('can be checked without an error being thrown', () => {
    expect(checkProperties(schema, { cpus: 'x', cpu: 1 }, rules.known)).toEqual({
      value: undefined,
      problems: ['cpus must be a number'],
      faulty: ['cpus'],
      unknown: [{ name: 'cpu', nearest: 'cpus' }],
    })
  })

  test('are not read by a schema that validates asynchronously', () => {
    const asynchronous: StandardSchema<VmProperties> = {
      '~standard': { version: 1, vendor: 'test', validate: async () => ({ value: { cpus: 1 } }) },
    }
    expect(() => readProperties(asynchronous, {}, rules)).toThrow('must validate synchronously')
  })
})

test.each([
  ['default_keyname', 'default_key_name'],
  ['Default-Key-Name', 'default_key_name'],
  ['defualt_key_name', 'default_key_name'],
  ['unrelated', undefined],
])('the known name nearest to %s is %s', (name, nearest) => {
  expect(nearestName(name, ['default_key_name', 'auth_url'])).toBe(nearest)
})
