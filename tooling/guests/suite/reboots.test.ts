import { expect, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

test('§7.6 reboot_vm ends the guest by its power button', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  await director.ask('reboot_vm', [vm])
  expect((await guest.ready(2)).one('boot').previous_end).toBe('clean')
})

test('§7.6 reboot_vm boots a guest that ignores its power button once', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  await guest.call('ignore_power_button')
  await director.ask('reboot_vm', [vm])
  const boot = await guest.ready(2)
  expect(boot.number).toBe(2)
  expect(boot.one('boot').previous_end).toBe('none')
  const actions = await zone().view.list('compute', `servers/${vm}/os-instance-actions`, 'instanceActions')
  expect(actions.filter(({ message }) => message === 'Error')).toEqual([])
})

test('§7.5 delete_vm removes a VM whose guest has panicked', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  await guest.call('hang')
  await director.ask('delete_vm', [vm])
  expect(await director.ask('has_vm', [vm])).toBe(false)
})

test('§7.5 delete_vm removes a VM whose process on the host was killed, and its disk is free', async () => {
  const { guest, vm, director } = await zone().createGuest()
  await guest.ready(1)
  const disk = await zone().createDisk(director, vm)
  await guest.addPersistentDisk(disk, await director.ask('attach_disk', [vm, disk]))
  await zone().host.killVirtualMachine(vm)
  await director.ask('delete_vm', [vm])
  expect(await zone().view.show('volumev3', `volumes/${disk}`, 'volume')).toMatchObject({ status: 'available' })
})
