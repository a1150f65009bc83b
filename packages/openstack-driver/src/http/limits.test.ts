import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'
import { createVolume } from '../operations/volumes/create-volume.ts'
import { withRollback } from '../rollback.ts'
import { WaitBudget } from './retry-budget.ts'

test('§3.5 repetitions end with state_timeout, however many there may be', async () => {
  const cloud = await scriptedCloud({
    service: (_, response) => answer(response, 500, {}),
    properties: { state_timeout: 10, request_retries: 100 },
  })
  await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ status: 500 })
  expect(cloud.clock.slept).toEqual([3_000, 3_000, 3_000, 3_000])
})

describe('§3.5 a create whose result is unknown', () => {
  /** Every POST is answered so; no look-up finds anything. */
  const withoutEffect =
    (post: Script): Script =>
    (request, response) =>
      request.method === 'POST' ? post(request, response) : answer(response, 200, { volumes: [] })
  const attempts = async (service: Script, properties: object) => {
    const cloud = await scriptedCloud({ service: withoutEffect(service), properties: { ...properties } })
    const failure = await withRollback(cloud.ctx, (rollback) =>
      createVolume(cloud.ctx, rollback, 'volume', { name: 'v', size: 1 }),
    ).catch((error: unknown) => error)
    return { failure, posts: cloud.calls().filter(({ method }) => method === 'POST').length }
  }

  test('is sent again as often as request_retries says', async () => {
    const breakOff: Script = (_, response) => void response.socket?.destroy()
    expect(await attempts(breakOff, { request_retries: 2 })).toMatchObject({ failure: { kind: 'ambiguous' }, posts: 3 })
  })

  test('is sent again while the service asks for no more than rate_limit_timeout in all', async () => {
    const busy: Script = (_, response) => answer(response, 503, {}, { 'retry-after': '20' })
    const properties = { request_retries: 0, rate_limit_timeout: 50 }
    expect(await attempts(busy, properties)).toMatchObject({ failure: { kind: 'rate-limited' }, posts: 3 })
  })
})

test('§3.5 all requests of a call share rate_limit_timeout', async () => {
  let turn = 0
  const everySecond: Script = (_, response) =>
    turn++ % 2 === 0
      ? answer(response, 429, {}, { 'retry-after': '30' })
      : answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })
  const cloud = await scriptedCloud({ service: everySecond, properties: { rate_limit_timeout: 70 } })
  const { servers } = cloud.ctx.services.compute
  await servers.show('1')
  await servers.show('2')
  await expect(servers.show('3')).rejects.toMatchObject({ kind: 'rate-limited' })
  expect(cloud.clock.slept).toEqual([33_000, 33_000])
})

test('waits at the same time are taken from the budget once', () => {
  let nowMs = 0
  const budget = new WaitBudget(100, { monotonicMs: () => nowMs })
  expect([budget.take(60), budget.take(60), budget.take(80), budget.leftMs]).toEqual([true, true, true, 20])
  nowMs = 80
  expect([budget.take(30), budget.take(20), budget.leftMs]).toEqual([false, true, 0])
})
