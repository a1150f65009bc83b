import { expect, test } from 'vitest'
import { pollTimesMs } from '../../../../packages/openstack-driver/src/http/waiter.ts'
import { callsOf } from './calls.ts'
import { type Assumptions, costOf } from './cost-model.ts'
import { simulateDeployment } from './deployment.ts'

const times = { buildMs: 8_000, volumeMs: 2_000, attachMs: 2_000 }

test.each([
  { latencyMs: 20, workers: 4 },
  { latencyMs: 200, workers: 3 },
])('the model tells what the driver does, with $workers workers and $latencyMs ms per request', async (given) => {
  const assumed: Assumptions = { processMs: 100, pollIntervalMs: 5_000, tokenLifeMs: 3_600_000, ...given }
  const simulated = await simulateDeployment(12, assumed, times)
  const paper = costOf(12, callsOf(times), assumed, (interval, notBefore) => pollTimesMs(interval, false, notBefore))
  expect(simulated.failures).toEqual([])
  expect(paper.requests).toBe(simulated.requests)
  expect(paper.logins).toBe(simulated.logins)
  expect(paper.seconds / simulated.seconds).toBeCloseTo(1, 1)
})

test('a token that ends is renewed by one of the workers for all', async () => {
  const assumed = { workers: 4, latencyMs: 20, processMs: 100, pollIntervalMs: 5_000, tokenLifeMs: 60_000 }
  const simulated = await simulateDeployment(24, assumed, times)
  expect(simulated.failures).toEqual([])
  expect(simulated.seconds).toBeGreaterThan(60)
  expect(simulated.logins).toBe(Math.ceil(simulated.seconds / 30))
})
