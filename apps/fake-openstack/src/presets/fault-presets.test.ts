import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../fake-openstack.ts'
import { faultPresets, isPresetName } from './fault-presets.ts'

test.each(Object.keys(faultPresets))('%s names services, operations and transitions that exist', (name) => {
  const cloud = createFakeOpenStack()
  if (!isPresetName(name)) throw new Error(`no preset ${name}`)
  expect(cloud.addPreset(name)).toBe('fault-1')
  expect(faultPresets[name].about).toMatch(/\.$/)
})

test('a preset can be aimed elsewhere, and the control API takes it by name', async () => {
  const cloud = createFakeOpenStack()
  const response = await cloud.fetch(`${cloud.url}/_fake/faults`, {
    method: 'POST',
    body: JSON.stringify({ preset: 'answer-lost', match: { service: 'image', operation: 'images.create' }, times: 2 }),
  })
  expect(response.status).toBe(200)
  expect(cloud.faults.list()).toMatchObject([
    { rule: { match: { operation: 'images.create' }, times: 2, when: 'after' } },
  ])
  const unknown = await cloud.fetch(`${cloud.url}/_fake/faults`, { method: 'POST', body: '{"preset":"rain"}' })
  expect(unknown.status).toBe(400)
})

test('§9 a token that expired midway is refused by all services until the client logs in again', async () => {
  const cloud = createFakeOpenStack()
  cloud.addPreset('token-expired', { skip: 1 })
  const statusOf = async (token: string, path: string) =>
    (await cloud.fetch(`${cloud.url}${path}`, { headers: { 'x-auth-token': token } })).status
  const token = await cloud.token('bosh')
  const [compute, network] = ['/compute/v2.1/servers', '/network/v2.0/ports'] as const
  expect([await statusOf(token, compute), await statusOf(token, compute)]).toEqual([200, 401])
  expect([await statusOf(token, compute), await statusOf(token, network)]).toEqual([401, 401])
  expect(await statusOf(await cloud.token('bosh'), compute)).toBe(200)
})

test('§9 an HTTP date in Retry-After is ahead of the cloud’s clock', async () => {
  const cloud = createFakeOpenStack({ startAt: Date.UTC(2031, 4, 1) })
  cloud.addPreset('rate-limited-until')
  const answer = await cloud.fetch(`${cloud.url}/compute/v2.1/servers`, {
    headers: { 'x-auth-token': await cloud.token('bosh') },
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, 'Thu, 01 May 2031 00:00:02 GMT'])
})
