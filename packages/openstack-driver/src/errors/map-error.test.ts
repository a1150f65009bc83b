import { CpiError } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { OpenStackError, type OpenStackErrorDetails, type OpenStackErrorKind } from '../http/openstack-error.ts'
import { mapError } from './map-error.ts'

const error = (kind: OpenStackErrorKind, details: OpenStackErrorDetails = {}) =>
  new OpenStackError(kind, 'it failed', details)
const refused = (status: number, message = 'no', service = 'compute') =>
  error('http', { status, service, fault: { message } })
const volumeQuota = refused(413, 'VolumeLimitExceeded: Maximum number of volumes allowed (1)', 'block-storage')

describe('§7.4 create_vm: may the director try again?', () => {
  test.each<[string, unknown, boolean]>([
    ['no valid host', error('unexpected-state'), true],
    ['timeout of a wait', error('wait-timeout'), true],
    ['500', refused(500), true],
    ['503', refused(503), true],
    ['unreachable', error('network'), true],
    ['too slow', error('timeout'), true],
    ['unknown outcome', error('ambiguous'), true],
    ['rate limit', error('rate-limited'), true],
    ['400', refused(400), false],
    ['403', refused(403), false],
    ['404', refused(404), false],
    ['409', refused(409), false],
    ['quota of Nova', refused(403, 'Quota exceeded for cores'), false],
    ['quota of Cinder', volumeQuota, false],
    ['login refused', error('auth'), false],
    ['no such service', error('config'), false],
    ['cloud too old', error('unsupported'), false],
    ['not an answer', error('decode'), false],
    ['SIGTERM', error('aborted'), false],
    ['a mistake of ours', new TypeError('x is undefined'), false],
  ])('%s: %s', (_, thrown, okToRetry) => {
    const mapped = mapError(thrown, 'create_vm')
    expect(mapped).toMatchObject({ code: 'VmCreationFailed', okToRetry, cause: thrown })
  })
})

test.each([
  ["Policy doesn't allow os_compute_api:servers:create to be performed.", true],
  ['You are not authorized to complete this action.', true],
  ['(rule:create_port) is disallowed by policy', true],
  ['', true],
  ['Access was denied to this resource.', true],
  ['The maximum allowed number of disk devices (26) to attach to a single instance has been exceeded.', false],
  ['Image 1 is protected and cannot be deleted.', false],
  ['Only volume-backed servers are allowed for flavors with zero disk.', false],
])('contract §4.1 403 %j: roles are named as the remedy: %s', (message, isAboutRoles) => {
  const mapped = mapError(refused(403, message), 'attach_disk')
  expect(mapped instanceof Error && mapped.message.includes('Check the roles')).toBe(isAboutRoles)
})

test('§7.10 a quota of Cinder is NoDiskSpace, not to be retried', () => {
  expect(mapError(volumeQuota, 'create_disk')).toMatchObject({ code: 'NoDiskSpace', okToRetry: false })
  expect(mapError(volumeQuota, 'attach_disk')).toMatchObject({ code: 'CloudError' })
  expect(mapError(refused(403, 'Quota exceeded'), 'create_disk')).toMatchObject({ code: 'CloudError' })
})

test('elsewhere every failure of OpenStack is a CloudError', () => {
  expect(mapError(refused(500), 'delete_vm')).toMatchObject({ code: 'CloudError', okToRetry: false })
})

test('an error of the contract passes unchanged', () => {
  const own = new CpiError('DiskNotFound', 'gone', { okToRetry: true })
  expect(mapError(own, 'create_vm')).toBe(own)
  const mistake = new TypeError('x')
  expect(mapError(mistake, 'has_vm')).toBe(mistake)
})

test('contract §4.1 the message names the step, the words of the cloud and a remedy', () => {
  const thrown = new OpenStackError(
    'http',
    'OpenStack API Forbidden (Quota exceeded for cores): compute answered POST …',
    {
      status: 403,
      fault: { message: 'Quota exceeded for cores' },
    },
  )
  expect(mapError(thrown, 'create_vm')).toMatchObject({
    message:
      'create_vm: OpenStack API Forbidden (Quota exceeded for cores): compute answered POST …. ' +
      "Raise the project's quota or free some of it",
  })
  expect(mapError(refused(400), 'has_vm')).toMatchObject({
    message: 'has_vm: it failed. Check task debug log for details.',
  })
})
