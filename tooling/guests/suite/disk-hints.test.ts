import { test } from 'vitest'
import { type DiskSequence, runDiskSequence } from '../disk-sequence.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()
const boots = Number(process.env['GUEST_BOOTS'] ?? 3)

const rows: readonly DiskSequence[] = (['virtio', 'scsi'] as const).flatMap((bus) =>
  [false, true].flatMap((ephemeral) =>
    ([undefined, 'disk'] as const).map((configDrive) => ({ bus, ephemeral, configDrive, boots })),
  ),
)
const title = ({ bus, ephemeral, configDrive }: DiskSequence) =>
  `${bus}, ${ephemeral ? 'ephemeral disk' : 'no ephemeral disk'}, ${configDrive ? 'config drive' : 'metadata service'}`

test.each(rows.map((row) => [title(row), row] as const))(
  'contract §8.2 hints lead to the right disks after a detach and reboots (%s)',
  (_title, row) => runDiskSequence(zone(), row),
)
