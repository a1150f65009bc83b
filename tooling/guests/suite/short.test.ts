import { test } from 'vitest'
import { runDiskSequence } from '../disk-sequence.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone('disk')

test('contract §8.2 a VM with a config drive and an ephemeral disk keeps its two disks apart over reboots', async () => {
  await runDiskSequence(zone(), { bus: 'virtio', ephemeral: true, configDrive: 'disk' })
})
