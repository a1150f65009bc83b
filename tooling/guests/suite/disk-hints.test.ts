import { test } from 'vitest'
import { type DiskSequence, runDiskSequence } from '../disk-sequence.ts'
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

test.each(rows.map((row) => [title(row), row] as const))(
  'contract §8.2 hints lead to the right disks after a detach and reboots (%s)',
  async (_title, row) => {
    await runDiskSequence(zone(), row)
  },
)
