import { expect, test } from 'vitest'
import { checkedVm } from '../disk-sequence.ts'
import { takeSteps } from '../disk-steps.ts'
import { expectSameOnFake } from '../fake-guest.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.7 reboot_vm resets a guest that ignores its power button, once, and the fake names disks alike; §7.5 delete_vm removes a VM that has panicked', async () => {
  const created = await zone().createGuest()
  const { guest, vm, director } = created
  const machine = { bus: 'virtio', ephemeral: false, configDrive: undefined } as const
  const { seen } = await takeSteps(checkedVm(zone(), created), 'reset')
  expect((await guest.boots()).at(-1)?.number, 'the last boot').toBe(2)
  const actions = await zone().view.list('compute', `servers/${vm}/os-instance-actions`, 'instanceActions')
  expect(actions.filter(({ message }) => message === 'Error')).toEqual([])

  await guest.call('hang')
  await director.ask('delete_vm', [vm])
  expect(await director.ask('has_vm', [vm])).toBe(false)
  await expectSameOnFake(machine, 'reset', seen)
})
