import { expect, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.6 reboot_vm reboots a guest that ignores its power button once; §7.5 delete_vm removes a VM that has panicked', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  await guest.call('ignore_power_button')
  await director.ask('reboot_vm', [vm])
  const boot = await guest.ready(2)
  expect(boot.number).toBe(2)
  expect(boot.one('boot').previous_end).toBe('none')
  const actions = await zone().view.list('compute', `servers/${vm}/os-instance-actions`, 'instanceActions')
  expect(actions.filter(({ message }) => message === 'Error')).toEqual([])

  await guest.call('hang')
  await director.ask('delete_vm', [vm])
  expect(await director.ask('has_vm', [vm])).toBe(false)
})
