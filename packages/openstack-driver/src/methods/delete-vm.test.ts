import { type DiskCid, type VmCid, vmCid } from '@openstack-cpi/cpi-core'
import type { FaultRule } from 'fake-openstack'
import { describe, expect, test } from 'vitest'
import { force, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { dynamic } from '../../test/network-specs.ts'
import { absentVm } from '../../test/nova-on-fake.ts'
import { failureOf, givenVm, idOf, leftBehind, manualOn, portsOf, post, vmDefaults } from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const deletePort = { service: 'network', method: 'DELETE', path: '/ports/' } as const

/** The fault of one request, as a refusal that is not repeated. */
const refusal = { respond: { status: 400, body: { badRequest: { code: 400, message: 'injected' } } } }

async function given(driver: DriverOnFake) {
  return (await givenVm(driver)).vm
}

async function givenWithDisk(driver: DriverOnFake) {
  const vm = await given(driver)
  const disk = await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: {} })
  await driver.call().attachDisk(vm, disk)
  return { vm, disk }
}

/** Cinder says so many times that the volume is at the server; null: for ever. */
function stillAttached(vm: VmCid, disk: DiskCid, status: string, times: number | null): FaultRule {
  const volume = { id: disk, status, attachments: [{ server_id: vm }] }
  return {
    match: { service: 'block-storage', operation: 'volumes.show' },
    times,
    do: { respond: { status: 200, body: { volume } } },
  }
}

describe('§7.5 delete_vm', () => {
  test('removes the server and its port, and returns when both are gone', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('takes five requests besides its polls', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      const names = named(await driver.requestsOf(() => driver.call().deleteVm(vm)))
      const polls = names.slice(names.indexOf('compute servers.delete') + 1).filter((n) => n === 'compute servers.show')
      expect(names.length - polls.length).toBeLessThanOrEqual(5)
    }, options))

  test('repeated, and for a VM that never was: a success', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      await driver.call().deleteVm(vm)
      await driver.call().deleteVm(vm)
      await driver.call().deleteVm(absentVm)
      await driver.call().deleteVm(vmCid('not-a-uuid/../x'))
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('persistent disks survive and are free to be attached elsewhere', () =>
    withDriverOnFake(async (driver) => {
      const { vm, disk } = await givenWithDisk(driver)
      await driver.call().deleteVm(vm)
      expect(made(driver, 'volumes')).toMatchObject([{ id: disk, status: 'available' }])
    }, options))

  test.each(['in-use', 'detaching'])('a persistent disk that stays %s for a while is waited for', (status) =>
    withDriverOnFake(async (driver) => {
      const { vm, disk } = await givenWithDisk(driver)
      driver.cloud.faults.add(stillAttached(vm, disk, status, 2))
      const requests = await driver.requestsOf(() => driver.call().deleteVm(vm))
      expect(named(requests).filter((name) => name === 'block-storage volumes.show')).toHaveLength(3)
    }, options),
  )

  test('reports a persistent disk that is never detached, and removes the server and its port', () =>
    withDriverOnFake(async (driver) => {
      const { vm, disk } = await givenWithDisk(driver)
      driver.cloud.faults.add(stillAttached(vm, disk, 'detaching', null))
      expect(await failureOf(driver.call().deleteVm(vm))).toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/Wait for volumes to be detached: Timed out waiting for Volume/),
      })
      expect(leftBehind(driver)).toEqual({ volumes: 1 })
    }, options))

  test('the boot volume goes with the server', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a port that could not be deleted is found by the repeated call, though its server is gone', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      driver.cloud.faults.add({ match: deletePort, do: refusal })
      expect(await failureOf(driver.call().deleteVm(vm))).toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining('Removing ports'),
      })
      expect(leftBehind(driver)).toEqual({ ports: 1 })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test("§10 the same for a port of another CPI's making, which names no server", () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      force(driver, 'ports', String(made(driver, 'ports')[0]?.['id']), { name: '', description: '', tags: [] })
      driver.cloud.faults.add({ match: deletePort, do: refusal })
      await failureOf(driver.call().deleteVm(vm))
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('one port in the way does not keep the other from going; both failures are told', () =>
    withDriverOnFake(
      async (driver) => {
        const networks = [
          manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
          manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
        ]
        const { vm } = await givenVm(driver, { networks })
        driver.cloud.faults.add({ match: deletePort, do: refusal })
        await failureOf(driver.call().deleteVm(vm))
        expect(leftBehind(driver)).toEqual({ ports: 1 })
        await driver.call().deleteVm(vm)
        expect(leftBehind(driver)).toEqual({})
        const both = await givenVm(driver, { networks })
        driver.cloud.faults.add({ match: deletePort, times: 2, do: refusal })
        expect((await failureOf(driver.call().deleteVm(both.vm))).message).toMatch(
          /Multiple cloud errors occurred:\nRemoving ports: .*\nRemoving ports: /,
        )
        await driver.call().deleteVm(both.vm)
        expect(leftBehind(driver)).toEqual({})
      },
      { openstack: { ...vmDefaults, use_dhcp: false, config_drive: 'cdrom' } },
    ))

  test('a wait that fails leaves the ports to be found by the next call', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      driver.cloud.faults.add({ match: { service: 'compute', operation: 'servers.show' }, skip: 1, do: refusal })
      expect(await failureOf(driver.call().deleteVm(vm))).toMatchObject({
        message: expect.stringContaining('Wait for server deletion'),
      })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('finds by tag the ports that Nova has unbound already', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      force(driver, 'servers', vm, { vm_state: 'error' })
      force(driver, 'ports', String(made(driver, 'ports')[0]?.['id']), { device_id: '', device_owner: '' })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a server that seems gone although it has ports is looked at again', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        do: { respond: { status: 404, body: { itemNotFound: { code: 404, message: 'gone' } } } },
      })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a server that is gone although its port still names it: the port goes', () =>
    withDriverOnFake(async (driver) => {
      const network_id = idOf(driver, 'networks', 'bosh-net')
      await post(driver, 'network/v2.0/ports', {
        port: { network_id, device_id: absentVm, device_owner: 'compute:nova' },
      })
      await driver.call().deleteVm(absentVm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a locked server: says so, and keeps its ports', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      await post(driver, `compute/v2.1/servers/${vm}/action`, { lock: null })
      expect((await failureOf(driver.call().deleteVm(vm))).message).toContain('is locked: unlock it')
      expect(await portsOf(driver, vm)).toHaveLength(1)
    }, options))

  test('a VM on a dynamic network', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const { vm } = await givenVm(driver, { networks: [dynamic('d', { cloudProperties: { net_id } })] })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a port that an operator made and attached by hand stays, untagged', () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      const network_id = idOf(driver, 'networks', 'bosh-net')
      const byHand = { name: 'virtual-ip', network_id, device_id: vm, device_owner: 'compute:nova' }
      await post(driver, 'network/v2.0/ports', { port: byHand })
      await driver.call().setVmMetadata(vm, { deployment: 'cf' })
      for (let calls = 0; calls < 2; calls++) await driver.call().deleteVm(vm)
      expect(made(driver, 'ports')).toMatchObject([{ name: 'virtual-ip', tags: [] }])
    }, options))

  test("ports that somebody else's service bound to the server stay", () =>
    withDriverOnFake(async (driver) => {
      const vm = await given(driver)
      const network_id = idOf(driver, 'networks', 'bosh-net')
      await post(driver, 'network/v2.0/ports', { port: { network_id, device_id: vm, device_owner: 'baremetal:none' } })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({ ports: 1 })
    }, options))
})
