import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { type DiskSequence, runDiskSequence } from '../disk-sequence.ts'
import type { SeenDisk } from '../disk-steps.ts'
import { takeDiskStepsOnFake } from '../fake-guest.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()
const boots = Number(process.env['GUEST_BOOTS'] ?? 1)
const isWhole = process.env['GUEST_COMBINATIONS'] === 'all'

const rows: readonly DiskSequence[] = (['virtio', 'scsi'] as const).flatMap((bus) =>
  [false, true].flatMap((ephemeral) =>
    ([undefined, 'disk'] as const)
      // in the usual run an ephemeral disk and a config drive come together
      .filter((configDrive) => isWhole || ephemeral === (configDrive !== undefined))
      .map((configDrive) => ({ bus, ephemeral, configDrive, boots })),
  ),
)
const title = ({ bus, ephemeral, configDrive }: DiskSequence) =>
  `${bus}, ${ephemeral ? 'ephemeral disk' : 'no ephemeral disk'}, ${configDrive ? 'config drive' : 'metadata service'}`

/** What two guests must agree on. On a SCSI bus names are by chance: there the links are what holds. */
const comparable = ({ bus }: DiskSequence, seen: Readonly<Record<string, readonly SeenDisk[]>>) =>
  Object.entries(seen).map(([step, disks]) => ({
    step,
    disks: disks.map(({ content, byId, name }) => ({ content, byId, ...(bus === 'virtio' ? { name } : {}) })),
  }))

test.each(rows.map((row) => [title(row), row] as const))(
  'contract §8.2 hints lead to the right disks after a detach and reboots, and the fake names disks alike (%s)',
  async (_title, row) => {
    const seen = await runDiskSequence(zone(), row)
    const folder = await mkdtemp(join(zone().folder, 'fake-'))
    const modelled = await takeDiskStepsOnFake({ ...row, folder, rootDisk: inject('rootDisks').raw })
    expect(comparable(row, modelled), 'what the fake shows').toEqual(comparable(row, seen))
  },
)
