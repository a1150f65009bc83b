import { diskCid, type JsonObject, networkCid, snapshotCid, stemcellCid, type VmCid } from '@openstack-cpi/cpi-core'
import { createFakeOpenStack } from 'fake-openstack'
import { describe, expect, test } from 'vitest'
import type { SendHttp } from '../src/http/exchange.ts'
import { findLeftovers, removeLeftover } from '../src/leftovers.ts'
import { type CallOptions, type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { manual, vip } from './network-specs.ts'
import { absentVm } from './nova-on-fake.ts'
import { givenPools } from './octavia-on-fake.ts'
import { ignoringFilters, losingFirstResponses, sendTo } from './send-to-fake.ts'
import { givenStemcell } from './stemcell-on-fake.ts'
import { idOf, manualOn, vmDefaults, vmRequest } from './vm-on-fake.ts'

/** The seed, and an administrator who logs in to the project of BOSH. */
const bosh = createFakeOpenStack().seed
const seed = {
  ...bosh,
  users: [...bosh.users, { name: 'boss', password: 'bosh-password', roles: { bosh: ['admin', 'member', 'reader'] } }],
}
const options = { openstack: { default_security_groups: vmDefaults.default_security_groups }, cloud: { seed } }
const asAdministrator: CallOptions = { openstack: { username: 'boss', project: 'bosh' } }

type Records = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** All objects of the kinds that a life cycle creates, by id. */
function objectsIn({ cloud }: DriverOnFake): Records {
  const kinds = ['servers', 'ports', 'volumes', 'snapshots', 'images', 'networks', 'subnets', 'floating_ips']
  const records = [...kinds, 'server_groups', 'pools', 'members', 'routers'].flatMap(
    (kind) => cloud.state()[kind] ?? [],
  )
  return Object.fromEntries(records.map((record) => [record.id, { ...record }]))
}

/** As another project, or by hand in the same one. */
async function postAs({ cloud }: DriverOnFake, user: string, path: string, body: JsonObject): Promise<string> {
  const headers = { 'x-auth-token': await cloud.token(user), 'content-type': 'application/json' }
  const response = await cloud.fetch(`${cloud.url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`)
  return /"id": ?"([^"]+)"/.exec(text)?.[1] ?? ''
}

/** A load balancer with a pool of another project, and a VM of that project in it, made by the CPI of another director. */
async function givenVmOfAnotherProject(driver: DriverOnFake, net_id: string): Promise<void> {
  const { cloud } = driver
  const create = async (collection: string, key: string, fields: JsonObject) => {
    const id = await postAs(driver, 'other', `load-balancer/v2/lbaas/${collection}`, { [key]: fields })
    cloud.clock.advance('10s')
    return id
  }
  const loadbalancer_id = await create('loadbalancers', 'loadbalancer', { name: 'lb', vip_network_id: net_id })
  const listener_id = await create('listeners', 'listener', {
    name: 'l',
    protocol: 'TCP',
    protocol_port: 80,
    loadbalancer_id,
  })
  await create('pools', 'pool', { name: 'theirs', protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id })
  await driver.call({ user: 'other', openstack: { default_security_groups: [] } }).createVm(
    vmRequest(driver, {
      cloudProperties: { loadbalancer_pools: [{ name: 'theirs', port: 80 }] },
      networks: [manual('default', { ip: '10.10.1.204', cloudProperties: { net_id } })],
    }),
  )
}

/**
 * What others have in the cloud: an operator in the same project, and another project with its own CPI. Among it whatever
 * a careless clean-up would take: unbound ports, free disks, a queued image, an empty server group, a pool member.
 */
async function givenForeignObjects(driver: DriverOnFake): Promise<Records> {
  const { cloud } = driver
  const before = new Set(Object.keys(objectsIn(driver)))
  const theirs = await postAs(driver, 'other', 'network/v2.0/networks', { network: { name: 'theirs' } })
  const subnet = { network_id: theirs, ip_version: 4, cidr: '10.10.0.0/22' }
  await postAs(driver, 'other', 'network/v2.0/subnets', { subnet })
  await givenByHand(driver, 'bosh', idOf(driver, 'networks', 'bosh-net'))
  await givenByHand(driver, 'other', theirs)
  await givenVmOfAnotherProject(driver, theirs)
  cloud.clock.advance('60s')
  return Object.fromEntries(Object.entries(objectsIn(driver)).filter(([id]) => !before.has(id)))
}

async function givenByHand(driver: DriverOnFake, user: string, network: string): Promise<void> {
  const image = idOf(driver, 'images', 'tiny-image')
  for (const [name, host] of [
    ['', 201],
    ['vip', 202],
    ['vm-by-hand', 203],
  ] as const) {
    const fixed_ips = [{ ip_address: `10.10.1.${host}` }]
    await postAs(driver, user, 'network/v2.0/ports', { port: { network_id: network, name, fixed_ips } })
  }
  const server = { name: 'by-hand', flavorRef: '1', imageRef: image, networks: [{ uuid: network }] }
  await postAs(driver, user, 'compute/v2.1/servers', { server })
  for (const name of ['data', '']) {
    await postAs(driver, user, `volume/v3/${driver.cloud.projectId(user)}/volumes`, { volume: { name, size: 1 } })
  }
  await postAs(driver, user, 'image/v2/images', { name: 'golden', disk_format: 'raw', container_format: 'bare' })
  await postAs(driver, user, 'compute/v2.1/os-server-groups', { server_group: { name: 'g', policies: ['affinity'] } })
}

/** Two VMs with disks, from stemcell to the last deletion, and a deletion of what is gone already. */
async function lifeCycle(driver: DriverOnFake, how: CallOptions): Promise<void> {
  const call = () => driver.call(how)
  const stemcell = stemcellCid(await givenStemcell(driver, how))
  const network = await call().createNetwork({ type: 'manual', range: '10.77.0.0/24', cloudProperties: {} })
  const create = (last: number, more: JsonObject = {}) =>
    call().createVm({
      ...vmRequest(driver, {
        cloudProperties: { server_group: { name: 'ours', policy: 'anti-affinity' }, ...more },
        networks: [
          manualOn(driver, 'bosh-net', `10.10.1.${last}`),
          ...(last === 7 ? [vip('v', { ip: '203.0.113.137' })] : []),
        ],
      }),
      stemcell,
    })
  const vms: VmCid[] = [(await create(7, { loadbalancer_pools: [{ name: 'web', port: 80 }] })).vm, (await create(8)).vm]
  for (const vm of vms) {
    await call().setVmMetadata(vm, { job: 'web', index: 0 })
    const disk = diskCid(await call().createDisk({ sizeMiB: 1024, cloudProperties: {}, vm }))
    await call().attachDisk(vm, disk)
    expect(await call().getDisks(vm)).toEqual([disk])
    const snapshot = snapshotCid(await call().snapshotDisk(disk, {}))
    await call().deleteSnapshot(snapshot)
    await call().detachDisk(vm, disk)
    await call().deleteDisk(disk)
    await call().deleteVm(vm)
    await call().deleteVm(vm)
  }
  await call().deleteVm(absentVm)
  await call().deleteNetwork(networkCid(network.network))
  await call().deleteStemcell(stemcell)
}

/** `leftovers --delete`, for things of any age. */
async function deleteLeftovers(driver: DriverOnFake, how: CallOptions): Promise<readonly string[]> {
  const limits = { nowMs: driver.cloud.clock.now() + 86_400_000, olderThanMs: 0 }
  const { leftovers } = await findLeftovers(driver.context(how), limits)
  for (const leftover of leftovers) await removeLeftover(driver.context(how), leftover, limits)
  return leftovers.map(({ kind, id }) => `${kind} ${id}`)
}

const lists = [
  ['no list', /^$/],
  ['the list of ports', /\/ports$/],
  ['the list of floating IPs', /\/floatingips$/],
  ['the list of networks', /\/networks$/],
  ['the list of subnets', /\/subnets$/],
  ['the list of security groups', /\/security-groups$/],
  ['the list of servers', /\/servers\/detail$/],
  ['the list of volumes', /\/volumes\/detail$/],
  ['the list of snapshots', /\/snapshots\/detail$/],
  ['the list of images', /\/images$/],
  ['the list of pools', /\/pools$/],
  ['every list', /./],
] as const

const noneAndAll = lists.filter(([name]) => name === 'no list' || name === 'every list')

/** Every list for a tenant; for an administrator, whose lists hold all projects, none and all. */
const logins: readonly (readonly [string, CallOptions, typeof lists | typeof noneAndAll])[] = [
  ['a tenant', {}, lists],
  ['an administrator', asAdministrator, noneAndAll],
]

describe.each(logins)('design invariant 0: with the login of %s', (_, login, ignoring) => {
  const over = ({ cloud }: DriverOnFake, send: SendHttp): CallOptions => ({
    ...login,
    send,
    openstack: { ...login.openstack, auth_url: cloud.authUrl },
  })
  const expectUntouched = (driver: DriverOnFake, foreign: Records) => {
    const now = objectsIn(driver)
    expect(Object.fromEntries(Object.keys(foreign).map((id) => [id, now[id]]))).toEqual(foreign)
  }

  describe.each([
    ['no response', (send: SendHttp) => send],
    ['the first response to each creation', losingFirstResponses],
  ] as const)('and %s lost', (_, losing) => {
    test.each(ignoring)('objects of others stay as they are when %s ignores its filters', (_, ignored) =>
      withDriverOnFake(async (driver) => {
        await givenPools(driver, 'web')
        const foreign = await givenForeignObjects(driver)
        const before = new Set(Object.keys(objectsIn(driver)))
        await lifeCycle(driver, over(driver, losing(ignoringFilters(sendTo(driver.cloud), ignored))))
        expectUntouched(driver, foreign)
        expect(Object.keys(objectsIn(driver)).filter((id) => !before.has(id))).toEqual([])
      }, options),
    )
  })

  test.each(noneAndAll)('leftovers --delete removes nothing of others when %s ignores its filters', (_, ignored) =>
    withDriverOnFake(async (driver) => {
      await givenPools(driver, 'web')
      const foreign = await givenForeignObjects(driver)
      await deleteLeftovers(driver, over(driver, ignoringFilters(sendTo(driver.cloud), ignored)))
      expectUntouched(driver, foreign)
    }, options),
  )
})
