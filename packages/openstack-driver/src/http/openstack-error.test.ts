import { describe, expect, test } from 'vitest'
import { foundOrUndefined, isConflict, isNotFound, isQuota, OpenStackError } from './openstack-error.ts'

const refused = (status: number, type: string, message: string) =>
  new OpenStackError('http', message, { status, fault: { type, message } })

describe('quota, as each service says it', () => {
  test.each([
    [403, 'forbidden', 'Quota exceeded for cores, ram: Requested 2, 4096, but already used 0, 0 of 1, 1024 cores, ram'],
    [403, 'forbidden', 'Quota exceeded, too many key pairs.'],
    [403, 'forbidden', 'Quota exceeded, too many servers in group'],
    [403, 'forbidden', 'Maximum number of metadata items exceeds 128'],
    [413, 'overLimit', "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'."],
    [
      413,
      'overLimit',
      'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota.',
    ],
    [409, 'OverQuota', "Quota exceeded for resources: ['port']."],
    [403, 'Client', 'Quota has been met for resources: Pool'],
  ])('%d %s %s', (status, type, message) => {
    const error = refused(status, type, message)
    expect(isQuota(error)).toBe(true)
    expect(isConflict(error)).toBe(false)
  })

  test.each([
    [403, 'forbidden', "Policy doesn't allow os_compute_api:servers:create to be performed."],
    [413, 'overLimit', 'This request was rate-limited.'],
    [409, 'IpAddressAlreadyAllocated', 'IP address 10.0.0.2 already allocated in subnet x'],
    [400, 'badRequest', 'Quota exceeded'],
  ])('but not %d %s %s', (status, type, message) => {
    expect(isQuota(refused(status, type, message))).toBe(false)
  })
})

test('the 404 of a refused login says nothing about the object that was asked for', async () => {
  const login = new OpenStackError('auth', 'Keystone refused the login', { service: 'identity', status: 404 })
  expect(isNotFound(login)).toBe(false)
  await expect(foundOrUndefined(Promise.reject(login))).rejects.toBe(login)
})

test('foundOrUndefined lets only "not found" pass', async () => {
  const missing = new OpenStackError('http', 'gone', { status: 404 })
  expect(isNotFound(missing)).toBe(true)
  expect(await foundOrUndefined(Promise.reject(missing))).toBeUndefined()
  expect(await foundOrUndefined(Promise.resolve(1))).toBe(1)
  const other = new OpenStackError('http', 'no', { status: 403 })
  await expect(foundOrUndefined(Promise.reject(other))).rejects.toBe(other)
})
