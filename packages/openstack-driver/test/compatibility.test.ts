import { readFile } from 'node:fs/promises'
import { diskCid, type JsonObject, snapshotCid, stemcellCid, vmCid } from '@openstack-cpi/cpi-core'
import { createFakeOpenStack } from 'fake-openstack'
import { describe, expect, test } from 'vitest'
import { made } from './cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { vip } from './network-specs.ts'
import { givenPools, membersOf } from './octavia-on-fake.ts'
import { stemcellImage, withFile } from './stemcell-archive.ts'
import { idOf, leftBehind, manualOn, post, read, serverOf, vmRequest } from './vm-on-fake.ts'

/** A configuration file as the job of another OpenStack CPI renders it, without the address and the login of the test. */
async function openstackOf(file: string): Promise<JsonObject> {
  const text = await readFile(new URL(`peers/${file}`, import.meta.url), 'utf8')
  const { openstack } = JSON.parse(text).cloud.properties as { openstack: Record<string, JsonObject> }
  const { auth_url: _, ...rest } = openstack // the fake of the test has its own address
  return rest
}

describe('§10 configuration files of both peers load unchanged, and are obeyed', () => {
  test.each([
    ['ruby-cpi-config.json', { config_drive: 'True' }],
    ['go-cpi-config.json', { config_drive: '' }],
  ])('%s', async (file, expected) => {
    await withDriverOnFake(
      async (driver) => {
        const { vm } = await driver.call().createVm(vmRequest(driver))
        expect(await serverOf(driver, vm)).toMatchObject({ ...expected, key_name: 'bosh', status: 'ACTIVE' })
        await driver.call().setVmMetadata(vm, { job: 'web', index: '0' })
        expect(await serverOf(driver, vm)).toMatchObject({ name: 'web/0' })
        await driver.call().deleteVm(vm)
        expect(leftBehind(driver)).toEqual({})
      },
      { openstack: await openstackOf(file) },
    )
  })
})

/** A server with a port of its own, as another CPI makes it: neither name nor tag of ours. */
async function givenForeignVm(driver: DriverOnFake, metadata: JsonObject) {
  const { port } = (await post(driver, 'network/v2.0/ports', {
    port: { network_id: idOf(driver, 'networks', 'bosh-net'), fixed_ips: [{ ip_address: '10.10.1.40' }] },
  })) as { port: { id: string } }
  const { server } = (await post(driver, 'compute/v2.1/servers', {
    server: {
      name: 'vm-2f6c8d1e-0d55-4f6f-9b56-0f7f1fbb2c11',
      flavorRef: '1',
      imageRef: idOf(driver, 'images', 'tiny-image'),
      networks: [{ port: port.id }],
      metadata,
    },
  })) as { server: { id: string } }
  driver.cloud.clock.advance('1m')
  return { vm: vmCid(server.id), portId: port.id }
}

describe('§10 VMs that the peers left', () => {
  test.each([
    ['the Ruby CPI', { registry_key: 'vm-2f6c8d1e-0d55-4f6f-9b56-0f7f1fbb2c11' }],
    ['the Go CPI', {}],
  ])('%s: delete_vm takes port and pool memberships away', async (_peer, extra) => {
    await withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const { member } = (await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
        member: { address: '10.10.1.40', protocol_port: 80, subnet_id: idOf(driver, 'subnets', 'bosh-net-subnet') },
      })) as { member: { id: string } }
      driver.cloud.clock.advance('10s')
      const { vm, portId } = await givenForeignVm(driver, { ...extra, lbaas_pool_1: `${web}/${member.id}` })
      await driver.call().deleteVm(vm)
      expect(await membersOf(driver, web)).toEqual([])
      await expect(read(driver, `network/v2.0/ports/${portId}`)).rejects.toThrow('404')
      await expect(serverOf(driver, vm)).rejects.toThrow('404')
    })
  })

  test('a server with registry_key is renamed only if names are to be readable', async () => {
    await withDriverOnFake(async (driver) => {
      const { vm } = await givenForeignVm(driver, { registry_key: 'vm-2f6c8d1e-0d55-4f6f-9b56-0f7f1fbb2c11' })
      await driver.call().setVmMetadata(vm, { job: 'web', index: '0' })
      expect(await serverOf(driver, vm)).toMatchObject({ metadata: { job: 'web' } })
      expect((await serverOf(driver, vm))['name']).toBe('vm-2f6c8d1e-0d55-4f6f-9b56-0f7f1fbb2c11')
      await driver.call({ openstack: { human_readable_vm_names: true } }).setVmMetadata(vm, { job: 'web', index: '0' })
      expect((await serverOf(driver, vm))['name']).toBe('web/0')
    })
  })
})

describe('§10 CIDs of both peers', () => {
  test('light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids', async () => {
    await withDriverOnFake(async (driver) => {
      const image = idOf(driver, 'images', 'tiny-image')
      for (const cid of [`${image} light`, image]) {
        const networks = [manualOn(driver, 'bosh-net', '10.10.1.41')]
        const { vm } = await driver.call().createVm({ ...vmRequest(driver, { networks }), stemcell: stemcellCid(cid) })
        expect(await driver.call().hasVm(vm)).toBe(true)
        await driver.call().deleteVm(vm)
      }
      await driver.call().deleteStemcell(stemcellCid(`${image} light`))
      expect(idOf(driver, 'images', 'tiny-image')).toBe(image)
      const { volume } = (await post(driver, `volume/v3/${projectOf(driver)}/volumes`, { volume: { size: 1 } })) as {
        volume: { id: string }
      }
      driver.cloud.clock.advance('10s')
      expect(await driver.call().hasDisk(diskCid(volume.id))).toBe(true)
      const { snapshot } = (await post(driver, `volume/v3/${projectOf(driver)}/snapshots`, {
        snapshot: { volume_id: volume.id },
      })) as { snapshot: { id: string } }
      await driver.call().deleteSnapshot(snapshotCid(snapshot.id))
      await driver.call().deleteDisk(diskCid(volume.id))
      expect(leftBehind(driver)).toEqual({})
    })
  })
})

describe('§10 minimal rights', () => {
  const stemcellProperties = { name: 's', version: '1', disk_format: 'raw', container_format: 'bare' }
  const { seed } = createFakeOpenStack()
  const users = seed.users.map((user) => (user.name === 'bosh' ? { ...user, roles: { bosh: ['member'] } } : user))

  test('a member of the project, with no other role, may do all that a deployment needs', () =>
    withDriverOnFake(
      async (driver) => {
        const requests = await driver.requestsOf(async () => {
          const cpi = driver.call()
          const router_id = idOf(driver, 'routers', 'bosh-router')
          const created = await cpi.createNetwork({
            type: 'manual',
            range: '10.77.0.0/24',
            gateway: '10.77.0.1',
            cloudProperties: { router_id },
          })
          const stemcell = await withFile(await stemcellImage('root'), (imagePath) =>
            cpi.createStemcell({ imagePath, cloudProperties: stemcellProperties, tags: {} }),
          )
          const server_group = { name: 'g', policy: 'soft-anti-affinity' }
          const cloudProperties = { instance_type: 'm1.tiny', server_group, tags: ['t'] }
          const networks = [manualOn(driver, 'bosh-net', '10.10.1.41'), vip('v', { ip: '203.0.113.137' })]
          const { vm } = await cpi.createVm({ ...vmRequest(driver, { networks, cloudProperties }), stemcell })
          await cpi.setVmMetadata(vm, { job: 'web', index: '0' })
          await cpi.rebootVm(vm)
          const disk = await cpi.createDisk({ sizeMiB: 1024, cloudProperties: { type: 'standard' }, vm })
          await cpi.setDiskMetadata(disk, { job: 'web' })
          await cpi.attachDisk(vm, disk)
          expect(await cpi.getDisks(vm)).toEqual([disk])
          const snapshot = await cpi.snapshotDisk(disk, { deployment: 'cf' })
          await cpi.deleteSnapshot(snapshot)
          await cpi.detachDisk(vm, disk)
          await cpi.updateDisk(disk, 2048, { type: 'fast' })
          await cpi.resizeDisk(disk, 3072)
          await cpi.deleteDisk(disk)
          await cpi.deleteVm(vm)
          await cpi.deleteStemcell(stemcell)
          await cpi.deleteNetwork(created.network)
        })
        expect(requests.filter(({ status }) => status === 401 || status === 403)).toEqual([])
        expect(leftBehind(driver)).toEqual({})
      },
      { cloud: { seed: { ...seed, users } } },
    ))

  test('an admin may make a public image', () =>
    withDriverOnFake(async (driver) => {
      const openstack = { api_key: 'admin-password', stemcell_public_visibility: true }
      const stemcell = await withFile(await stemcellImage('root'), (imagePath) =>
        driver
          .call({ user: 'admin', openstack })
          .createStemcell({ imagePath, cloudProperties: stemcellProperties, tags: {} }),
      )
      expect(made(driver, 'images')).toMatchObject([{ id: stemcell, visibility: 'public' }])
    }))
})

const projectOf = (driver: DriverOnFake): string => idOf(driver, 'projects', 'bosh')
