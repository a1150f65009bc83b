import type { JsonObject } from '@openstack-cpi/cpi-core'
import { expect, test } from 'vitest'
import { givenDisk } from './cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { givenVm, idOf, manualOn, vmDefaults } from './vm-on-fake.ts'

/** How many there are of each kind in a large project. */
const sizes = { servers: 3_000, ports: 5_000, flavors: 1_200, security_groups: 500 } as const

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Fills the project by copies of one server, port, flavor and group, under ids and names of their own. */
async function enlarge(driver: DriverOnFake): Promise<void> {
  await givenVm(driver)
  const snapshot = driver.cloud.snapshot()
  let serial = 0
  const content = Object.entries(snapshot.content).map(([kind, records]) => {
    const wanted = sizes[kind as keyof typeof sizes] // undefined for all other kinds
    const sample = records.at(-1)
    if (wanted === undefined || sample === undefined) return [kind, records]
    const copies = Array.from({ length: wanted - records.length }, (_, index) => {
      serial += 1
      const address = `10.10.${2 + Math.floor(index / 5_000)}.${index % 250}`
      const own: JsonObject = {
        id: id(serial),
        number: 1_000 + serial,
        name: `copy-${serial}`,
        ...special(kind, serial, address),
      }
      return { ...sample, ...own }
    })
    return [kind, [...records, ...copies]]
  })
  driver.cloud.restore({ ...snapshot, content: Object.fromEntries(content) })
  const project = driver.cloud.projectId('bosh')
  await setQuota(driver, `compute/v2.1/os-quota-sets/${project}`, {
    quota_set: { instances: -1, cores: -1, ram: -1 },
  })
  await setQuota(driver, `network/v2.0/quotas/${project}`, { quota: { port: -1, security_group: -1 } })
}

async function setQuota({ cloud }: DriverOnFake, path: string, quota: JsonObject): Promise<void> {
  const headers = { 'x-auth-token': await cloud.token('admin'), 'content-type': 'application/json' }
  const answer = await cloud.fetch(`${cloud.url}/${path}`, { method: 'PUT', headers, body: JSON.stringify(quota) })
  expect(answer.status).toBe(200)
}

function special(kind: string, serial: number, address: string): JsonObject {
  if (kind === 'ports') {
    const mac_address = `fa:16:3f:${[serial >> 16, serial >> 8, serial].map((part) => (part & 255).toString(16).padStart(2, '0')).join(':')}`
    return { mac_address, device_id: id(serial), fixed_ips: [{ subnet_id: id(0), ip_address: address }] }
  }
  return kind === 'servers' ? { nics: [], host: null } : {}
}

/** The requests of a VM's and a disk's life, by what they ask for. */
async function life(driver: DriverOnFake, ip: string): Promise<readonly string[]> {
  const entries = await driver.requestsOf(async () => {
    const cpi = driver.call()
    const network = manualOn(driver, 'bosh-net', ip)
    const { vm } = await givenVm(driver, { networks: [network], cloudProperties: { instance_type: 'm1.small' } })
    const disk = await givenDisk(driver)
    await cpi.setVmMetadata(vm, { job: 'web' })
    await cpi.attachDisk(vm, disk)
    expect(await cpi.getDisks(vm)).toEqual([disk])
    await cpi.detachDisk(vm, disk)
    await cpi.deleteDisk(disk)
    await cpi.deleteVm(vm)
  })
  return entries.map(({ service, operation, query }) => `${service} ${operation} ${Object.keys(query).sort().join()}`)
}

test('§3.4 a project with 3,000 servers, 5,000 ports, 1,200 flavors, 500 groups: the same requests, one page of flavors more', async () => {
  const openstack = vmDefaults
  const small = await withDriverOnFake((driver) => life(driver, '10.10.1.60'), { openstack })
  const large = await withDriverOnFake(
    async (driver) => {
      await enlarge(driver)
      for (const [kind, size] of Object.entries(sizes)) expect(driver.cloud.state()[kind], kind).toHaveLength(size)
      expect(idOf(driver, 'flavors', 'm1.small')).toBe('2')
      return await life(driver, '10.10.1.60')
    },
    { openstack },
  )
  const isFlavorPage = (request: string) => request.startsWith('compute flavors.list-detail')
  const others = (requests: readonly string[]) => requests.filter((request) => !isFlavorPage(request))
  expect(others(large)).toEqual(others(small))
  expect(large.filter(isFlavorPage).length).toBeLessThanOrEqual(2)
})
