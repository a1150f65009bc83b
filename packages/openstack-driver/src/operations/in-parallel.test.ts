import { expect, test } from 'vitest'
import { forEachInParallel, inParallel } from './in-parallel.ts'

test('answers in the order of the steps', async () => {
  const slow = Promise.withResolvers<string>()
  const both = inParallel([() => slow.promise, async () => 2])
  slow.resolve('one')
  expect(await both).toEqual(['one', 2])
  expect(await forEachInParallel([3, 4], async (item, index) => item * index)).toEqual([0, 4])
})

test('a failure does not surface before all siblings have ended', async () => {
  const sibling = Promise.withResolvers<void>()
  let failed = false
  const both = inParallel([() => Promise.reject(new Error('first')), () => sibling.promise]).catch((error: unknown) => {
    failed = true
    throw error
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(failed).toBe(false)
  sibling.resolve()
  await expect(both).rejects.toThrow('first')
})

test('of several failures the first in order is raised', async () => {
  const late = Promise.withResolvers<void>()
  const both = inParallel([() => late.promise, () => Promise.reject(new Error('second'))])
  late.reject(new Error('first'))
  await expect(both).rejects.toThrow('first')
})
