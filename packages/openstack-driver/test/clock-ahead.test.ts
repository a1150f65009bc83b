import { expect, test } from 'vitest'
import type { DriverContext } from '../src/driver-context.ts'
import { cautiousNowMs, findLeftovers } from '../src/leftovers.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { givenVm, vmDefaults } from './vm-on-fake.ts'

/** A context on a machine whose clock differs from the cloud's. */
function onMachine(driver: DriverOnFake, aheadMs: number): DriverContext {
  const ctx = driver.context()
  return { ...ctx, clock: { ...ctx.clock, nowMs: () => driver.cloud.clock.now() + aheadMs } }
}

test.each([
  ['two hours ahead', 7_200_000],
  ['right', 0],
  ['two hours behind', -7_200_000],
])('a VM that is being made is no leftover, with a clock that is %s', (_, aheadMs) =>
  withDriverOnFake(
    async (driver) => {
      await givenVm(driver) // its director has not sent metadata yet
      const ctx = onMachine(driver, aheadMs)
      const limits = { nowMs: await cautiousNowMs(ctx), olderThanMs: 3_600_000 }
      expect(await findLeftovers(ctx, limits)).toMatchObject({ leftovers: [] })
      expect(driver.lines.some((line) => line.startsWith('warn') && line.includes("ahead of Keystone's"))).toBe(
        aheadMs > 0,
      )
      driver.cloud.clock.advance('5h')
      const later = onMachine(driver, aheadMs)
      const found = await findLeftovers(later, { nowMs: await cautiousNowMs(later), olderThanMs: 3_600_000 })
      expect(found.leftovers.map(({ kind }) => kind)).toContain('server')
    },
    { openstack: vmDefaults },
  ),
)
