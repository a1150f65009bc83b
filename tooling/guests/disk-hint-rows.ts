import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskBus } from '@openstack-cpi/harness/stemcell'
import { test } from 'vitest'
import { type DiskSequence, runDiskSequence } from './disk-sequence.ts'
import { expectSameOnFake } from './fake-guest.ts'
import { useGuestZone } from './guest-zone.ts'

const boots = Number(process.env['GUEST_BOOTS'] ?? 0)
const isWhole = process.env['GUEST_COMBINATIONS'] === 'all'

const rowsOf = (bus: DiskBus): readonly DiskSequence[] =>
  [false, true].flatMap((ephemeral) =>
    ([undefined, 'disk'] as const)
      // in the usual run an ephemeral disk and a config drive come together
      .filter((configDrive) => isWhole || ephemeral === (configDrive !== undefined))
      .map((configDrive) => ({ bus, ephemeral, configDrive, boots })),
  )
const title = ({ bus, ephemeral, configDrive }: DiskSequence) =>
  `${bus}, ${ephemeral ? 'ephemeral disk' : 'no ephemeral disk'}, ${configDrive ? 'config drive' : 'metadata service'}`

/** The rows of one disk bus, for a test file of its own: it takes half as long beside the other's. */
export function testDiskHints(bus: DiskBus): void {
  const zone = useGuestZone('disk')
  test.each(rowsOf(bus).map((row) => [title(row), row] as const))(
    'contract §8.2 hints lead to the right disks after a detach and reboots, and the fake names disks alike (%s)',
    async (_title, row) => {
      const seen = await runDiskSequence(zone(), row)
      await expectSameOnFake(await mkdtemp(join(zone().folder, 'fake-')), row, 'growth', seen)
    },
  )
}
