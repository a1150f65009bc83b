import { Readable } from 'node:stream'
import {
  type Cpi,
  type DiskCid,
  networkCid,
  type OptionalMethods,
  type SnapshotCid,
  stemcellCid,
  type VmCid,
} from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { scriptedCloud } from './scripted-cloud.ts'
import { scriptedServer } from './scripted-server.ts'
import { failureOf, givenVm, idOf, vmRequest } from './vm-on-fake.ts'

/** 404s that no service wrote. */
const pages = {
  "nginx's page": {
    headers: { server: 'nginx/1.25.3', 'content-type': 'text/html' },
    body: '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>',
  },
  "an ingress' default backend": { headers: { 'content-type': 'text/plain' }, body: 'default backend - 404' },
  'an empty body': { headers: {}, body: '' },
  "a gateway's JSON": {
    headers: { server: 'kong/3.4', 'content-type': 'application/json' },
    body: '{"message":"no Route matched with those values"}',
  },
} as const

/** Every function of a service's modules. */
function functionsOf(modules: object): readonly (readonly [string, (...values: unknown[]) => unknown])[] {
  return Object.entries(modules).flatMap(([module, value]) => {
    if (typeof value === 'function') return [[module, (...values: unknown[]) => Reflect.apply(value, modules, values)]]
    return Object.entries(value as object).map(
      ([name, method]) =>
        [`${module}.${name}`, (...values: unknown[]) => Reflect.apply(method as () => unknown, value, values)] as const,
    )
  }) as [string, (...values: unknown[]) => unknown][] // modules hold functions only
}

/** Follows a list to its end. */
async function settled(answer: unknown): Promise<unknown> {
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) {
    const items: unknown[] = []
    for await (const item of answer as AsyncIterable<unknown>) items.push(item)
    return items
  }
  return await answer
}

describe.each(Object.entries(pages))('§3.5 every request answered with %s', (_what, page) => {
  test.each(['compute', 'image', 'network', 'blockStorage', 'loadBalancer'] as const)(
    '%s: every function of its modules fails, and says nothing about the object',
    async (service) => {
      const cloud = await scriptedCloud({
        service: (_, response) => response.writeHead(404, page.headers).end(page.body),
        catalog: (origin) => [
          { type: 'load-balancer', endpoints: [{ interface: 'public', region_id: 'R1', url: `${origin}/lb` }] },
        ],
      })
      const functions = functionsOf(cloud.ctx.services[service])
      expect(functions.length).toBeGreaterThan(4)
      for (const [name, call] of functions) {
        const values = /upload|stage/.test(name)
          ? ['1', Readable.from([Buffer.from('x')])]
          : /create/.test(name)
            ? [{ name: 'n' }, 'x', 'y']
            : ['1', 'x', 'y']
        const error = await failureOf(settled(call(...values)) as Promise<unknown>)
        expect({ name, error }).toMatchObject({ name, error: { kind: 'foreign-answer' } })
      }
    },
  )
})

describe.each(['<html><body>Sign in</body></html>', '{"status":"ok"}', '[]', 'null', ''])(
  '§3.4 every list and every object answered with status 200 and %j',
  (body) => {
    test.each(['compute', 'image', 'network', 'blockStorage', 'loadBalancer'] as const)(
      '%s: reading fails, an absent list is no empty list',
      async (service) => {
        const cloud = await scriptedCloud({ service: (_, response) => response.writeHead(200).end(body) })
        const reading = functionsOf(cloud.ctx.services[service]).filter(([name]) => /show|list|named/.test(name))
        expect(reading.length).toBeGreaterThan(1)
        for (const [name, call] of reading) {
          // A Glance image has no envelope: any object is one, until a caller reads what it needs of it.
          if (name === 'images.show' && body.startsWith('{')) continue
          const error = await failureOf(settled(call('1', 'x', 'y')) as Promise<unknown>)
          expect({ name, error }).toMatchObject({ name, error: { kind: 'decode' } })
        }
      },
    )
  },
)

/** What a director may ask about a VM with a disk, a snapshot and a stemcell. */
interface Made {
  readonly driver: DriverOnFake
  readonly vm: VmCid
  readonly disk: DiskCid
  readonly snapshot: SnapshotCid
}

type Call = (cpi: Cpi & OptionalMethods, made: Made) => Promise<unknown>

const calls: Readonly<Record<string, Call>> = {
  has_vm: (cpi, { vm }) => cpi.hasVm(vm),
  has_disk: (cpi, { disk }) => cpi.hasDisk(disk),
  get_disks: (cpi, { vm }) => cpi.getDisks(vm),
  delete_vm: (cpi, { vm }) => cpi.deleteVm(vm),
  delete_disk: (cpi, { disk }) => cpi.deleteDisk(disk),
  delete_snapshot: (cpi, { snapshot }) => cpi.deleteSnapshot(snapshot),
  delete_stemcell: (cpi, { driver }) => cpi.deleteStemcell(stemcellCid(idOf(driver, 'images', 'tiny-image'))),
  delete_network: (cpi, { driver }) => cpi.deleteNetwork(networkCid(idOf(driver, 'networks', 'bosh-net'))),
  detach_disk: (cpi, { vm, disk }) => cpi.detachDisk(vm, disk),
  attach_disk: (cpi, { vm, disk }) => cpi.attachDisk(vm, disk),
  reboot_vm: (cpi, { vm }) => cpi.rebootVm(vm),
  set_vm_metadata: (cpi, { vm }) => cpi.setVmMetadata(vm, { job: 'x' }),
  set_disk_metadata: (cpi, { disk }) => cpi.setDiskMetadata(disk, { job: 'x' }),
  resize_disk: (cpi, { disk }) => cpi.resizeDisk(disk, 4096),
  update_disk: (cpi, { disk }) => cpi.updateDisk(disk, 4096, { type: 'fast' }),
  snapshot_disk: (cpi, { disk }) => cpi.snapshotDisk(disk, {}),
  create_disk: (cpi, { vm }) => cpi.createDisk({ sizeMiB: 1024, cloudProperties: {}, vm }),
  create_vm: (cpi, { driver }) => cpi.createVm(vmRequest(driver)),
}

/** Succeeds without the service: tags of ports are an addition that a warning can replace. */
const mayDoWithout = new Set(['network set_vm_metadata'])

const kinds = ['servers', 'volumes', 'snapshots', 'ports', 'images', 'networks', 'subnets', 'serverGroups'] as const

const idsIn = (driver: DriverOnFake) =>
  Object.fromEntries(kinds.map((kind) => [kind, (driver.cloud.state()[kind] ?? []).map(({ id }) => id).sort()]))

describe.each(['compute', 'block-storage', 'network', 'image'])('§3.5 a proxy answers 404 for %s', (service) => {
  test.each(Object.keys(calls))('%s deletes nothing and denies nothing', async (method) => {
    await withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const disk = await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: {} })
      const snapshot = await driver.call().snapshotDisk(disk, {})
      const before = idsIn(driver)
      const { headers, body } = pages["nginx's page"]
      const proxy = await scriptedServer((_, response) => response.writeHead(404, headers).end(body))
      const cpi = driver.call({ openstack: { endpoint_overrides: { [service]: `${proxy.origin}/v3` } } })

      const [outcome] = await Promise.allSettled([calls[method]?.(cpi, { driver, vm, disk, snapshot })])

      const isToFail = proxy.requests.length > 0 && !mayDoWithout.has(`${service} ${method}`)
      if (isToFail)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('nginx') } })
      expect(outcome).not.toMatchObject({ value: false })
      const after = idsIn(driver)
      if (isToFail) for (const kind of kinds) expect(after[kind]).toEqual(expect.arrayContaining(before[kind] ?? []))
    })
  })
})
