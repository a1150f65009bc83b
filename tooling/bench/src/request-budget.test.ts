import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { budgets, peers } from './data.ts'

/** Requests by method as `docs/api-calls.md` has them, without the login that a kept one saves. */
async function requestsWithKeptLogin(): Promise<ReadonlyMap<string, number>> {
  const page = await readFile(new URL('../../../docs/api-calls.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| (\w+)(?:, (?:heavy|one manual network.*?|for a VM))? \| (\d+) \|/gm)]
  return new Map(rows.map(([, method = '', requests]) => [method, Number(requests) - 1]))
}

const compared = Object.entries(peers).flatMap(([method, peer]) =>
  peer === undefined || method === 'info' ? [] : [[method, peer] as const],
)

test.each(compared)('%s makes no more requests than the Go CPI', async (method, { go }) => {
  expect((await requestsWithKeptLogin()).get(method)).toBeLessThanOrEqual(go.requests)
})

test('a life cycle makes at most 0.55 of its requests, with one login', async () => {
  const ours = await requestsWithKeptLogin()
  const sum = compared.reduce((total, [method]) => total + (ours.get(method) ?? Number.NaN), 1)
  const theirs = compared.reduce((total, [, { go }]) => total + go.requests, 0)
  expect(sum).toBeLessThanOrEqual((budgets['requests']?.atMost ?? 0) * theirs)
})
