import { setTimeout } from 'node:timers/promises'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { createCpiClient } from '@openstack-cpi/cpi-core/client'
import { afterEach, describe, expect, test } from 'vitest'
import { openCloud } from './cloud-on-this-machine.ts'
import { linuxGuest } from './linux-guest.ts'

const image = linuxGuest()
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
}, 600_000)

const title = 'missing' in image ? `SKIPPED: ${image.missing}` : 'what guests see'

describe.skipIf('missing' in image)(title, { timeout: 900_000 }, () => {
  test('§8.1 the settings; §8.2 a disk with its data by the hint, on the next VM too, whatever letter it has', async () => {
    const cloud = openCloud()
    cleanUps.push(() => cloud.close())
    const { call } = createCpiClient((cpiCall) => cloud.createCpi(cpiCall))
    const stemcell = String(await call('create_stemcell', ['path' in image ? image.path : '', {}]))
    const createVm = async (cloudProperties: JsonObject): Promise<string> => {
      const created = await call('create_vm', [
        'agent-7',
        stemcell,
        cloudProperties,
        { a: { type: 'dynamic' } },
        [],
        {},
      ])
      const vm = String(Array.isArray(created) ? created[0] : created)
      cleanUps.push(() => call('delete_vm', [vm]))
      return vm
    }
    /** The newest line of a kind that satisfies the test; guests take their time, and say when they see something. */
    const seen = async (vm: string, key: string, isIt: (value: unknown) => boolean): Promise<unknown> => {
      for (;;) {
        const value = cloud.console(vm).findLast((line) => key in line)?.[key]
        if (value !== undefined && isIt(value)) return value
        await setTimeout(500)
      }
    }

    const first = await createVm({ memory: 160 })
    expect(await seen(first, 'settings', () => true)).toMatchObject({
      agent_id: 'agent-7',
      networks: { a: { mac: expect.stringMatching(/^52:54:00(:[0-9a-f]{2}){3}$/), use_dhcp: true } },
    })
    const disk = String(await call('create_disk', [16, {}, null]))
    expect(await call('attach_disk', [first, disk])).toBe(`/dev/disk/by-id/virtio-${disk}`)
    await seen(first, 'disks', (disks) => JSON.stringify(disks).includes(disk))
    await seen(first, 'disks', (disks) => JSON.stringify(disks).includes(disk))
    await call('detach_disk', [first, disk])
    await seen(first, 'disks', (disks) => !JSON.stringify(disks).includes(disk))

    const second = await createVm({ memory: 160, ephemeral_disk: 16 })
    await call('attach_disk', [second, disk])
    expect(await seen(second, 'disks', (disks) => JSON.stringify(disks).includes(disk))).toEqual([
      { serial: disk, mark: 'written by the first guest' },
    ])
    const bootsBefore = cloud.console(second).filter((line) => 'settings' in line).length
    await call('reboot_vm', [second])
    await seen(
      second,
      'settings',
      () => cloud.console(second).filter((line) => 'settings' in line).length > bootsBefore,
    )
    await seen(second, 'disks', (disks) => JSON.stringify(disks).includes('written by the first guest'))

    for (const vm of [first, second]) await call('delete_vm', [vm])
    await call('delete_disk', [disk])
    await call('delete_stemcell', [stemcell])
    expect(await cloud.existing()).toEqual([])
  })
})
