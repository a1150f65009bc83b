import { describe, expect, test } from 'vitest'
import { force, givenDisk, made } from './cinder-on-fake.ts'
import { withDriverOnFake } from './driver-on-fake.ts'
import { dynamic } from './network-specs.ts'
import { givenServer } from './nova-on-fake.ts'
import { failureOf, givenVm, leftBehind, serverOf, vmDefaults } from './vm-on-fake.ts'

const options = { openstack: vmDefaults }
const upTo = (nova_microversion_max: string) => ({ openstack: { nova_microversion_max } })
const minor = (microversion: string | null | undefined): number => Number(microversion?.split('.')[1] ?? 1)

test('§3.2 what needs no microversion is asked for without one; servers are never read at 2.47 or above', () =>
  withDriverOnFake(async (driver) => {
    const requests = await driver.requestsOf(async () => {
      const cloudProperties = {
        boot_from_volume: true,
        root_disk: { size: 2, type: 'fast' },
        server_group: { name: 'g' },
        tags: ['a'],
      }
      const { vm } = await givenVm(driver, { cloudProperties })
      const disk = await givenDisk(driver)
      await driver.call().setVmMetadata(vm, { job: 'web' })
      await driver.call().attachDisk(vm, disk)
      await driver.call().getDisks(vm)
      await driver.call().rebootVm(vm)
      await driver.call().detachDisk(vm, disk)
      await driver.call().deleteDisk(disk)
      await driver.call().deleteVm(vm)
    })
    const compute = requests.filter(({ service }) => service === 'compute')
    const raised = compute.filter(({ microversion }) => minor(microversion) > 1)
    expect(new Set(raised.map(({ operation, microversion }) => `${operation} ${microversion}`))).toEqual(
      new Set(['server-groups.create 2.15', 'servers.create 2.67', 'servers.show 2.3']),
    )
    const reads = compute.filter(({ operation }) => /^servers\.(show|list)/.test(operation))
    expect(reads.length).toBeGreaterThan(3)
    expect(reads.filter(({ microversion }) => minor(microversion) >= 47)).toEqual([])
    const cinder = requests.filter(({ service }) => service === 'block-storage')
    expect(cinder.filter(({ microversion }) => microversion !== undefined && microversion !== '3.0')).toEqual([])
  }, options))

describe('§3.2 a cloud that is too old', () => {
  test('for soft policies of server groups: the error names the microversion, and nothing is left', () =>
    withDriverOnFake(async (driver) => {
      const wanted = { cloudProperties: { server_group: { name: 'g', policy: 'soft-anti-affinity' } } }
      expect(await failureOf(givenVm(driver, wanted, upTo('2.14')))).toMatchObject({
        okToRetry: false,
        message: expect.stringContaining('needs Nova microversion 2.15'),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('for tags of servers: they are left out, with a warning', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { tags: ['a'] } }, upTo('2.51'))
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE' })
      expect(driver.cloud.journal.of('servers.create')).toMatchObject([{ microversion: '2.1' }])
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn .*microversion 2\.52.*left out/))
    }, options))

  test("for volumes of several servers: Nova's words, which name the microversion, reach the operator", () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { multiattach: true })
      expect((await failureOf(driver.call(upTo('2.59')).attachDisk(vm, disk))).message).toContain(
        'Multiattach volumes are only supported starting with compute API version 2.60.',
      )
      expect(driver.cloud.journal.of('volume-attachments.create')).toMatchObject([{ microversion: '2.1' }])
      expect(made(driver, 'volume_attachments')).toEqual([])
    }))
})

test('§3.2 from 2.37 on Nova is told that it may choose the network, below it is not', () =>
  withDriverOnFake(async (driver) => {
    const asSmall = { user: 'bosh-small' }
    const networks = [dynamic('d', { cloudProperties: {} })]
    const { vm } = await givenVm(driver, { networks }, asSmall)
    await driver.call(asSmall).deleteVm(vm)
    await givenVm(driver, { networks, cloudProperties: { tags: ['a'] } }, asSmall)
    const [plain, tagged] = driver.cloud.journal.of('servers.create').map(({ request }) => request)
    expect(plain).not.toHaveProperty('server.networks')
    expect(tagged).toHaveProperty('server.networks', 'auto')
  }))
