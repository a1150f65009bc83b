import { describe, expect, test } from 'vitest'
import { isSupported, microversionHeaders, readMicroversionRange } from './microversion.ts'

const nova = { version: { id: 'v2.1', status: 'CURRENT', version: '2.93', min_version: '2.1' } }
const cinder = { versions: [{ id: 'v3.0', status: 'CURRENT', version: '3.70', min_version: '3.0' }] }

describe('§3.2 discovery', () => {
  test.each<[string, unknown, string, string | undefined, boolean]>([
    ['within', nova, '2.67', undefined, true],
    ['2.9 is older than 2.67', { version: { version: '2.9', min_version: '2.1' } }, '2.67', undefined, false],
    ['the highest', nova, '2.93', undefined, true],
    ['above', nova, '2.94', undefined, false],
    ['below', { version: { version: '2.93', min_version: '2.53' } }, '2.26', undefined, false],
    ['another major', nova, '3.0', undefined, false],
    ['Cinder lists', cinder, '3.42', undefined, true],
    ['capped', nova, '2.67', '2.60', false],
    ['within the cap', nova, '2.60', '2.60', true],
    ['no microversions at all', { version: { id: 'v2.0', version: '', min_version: '' } }, '2.1', undefined, false],
    ['no document', 'hello', '2.1', undefined, false],
  ])('%s', (_, document, wanted, cap, supported) => {
    expect(isSupported(wanted, readMicroversionRange(document), cap)).toBe(supported)
  })
})

test('§3.2 each service is asked in its dialect', () => {
  expect(microversionHeaders('compute', '2.67')).toEqual({
    'openstack-api-version': 'compute 2.67',
    'x-openstack-nova-api-version': '2.67',
  })
  expect(microversionHeaders('block-storage', '3.42')).toEqual({ 'openstack-api-version': 'volume 3.42' })
})
