import type { VmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse, SendHttp } from '../src/http/exchange.ts'
import { findLeftovers } from '../src/leftovers.ts'
import { force, givenDisk, made } from './cinder-on-fake.ts'
import { type CallOptions, type DriverOnFake, directorUuid, named, withDriverOnFake } from './driver-on-fake.ts'
import { vip } from './network-specs.ts'
import { sendTo } from './send-to-fake.ts'
import { failureOf, givenVm, idOf, leftBehind, manualOn, portsOf, post, vmDefaults } from './vm-on-fake.ts'

const options = { openstack: vmDefaults }

/** Answers some requests as the fake does not; undefined leaves them to the fake. */
type Deviation = (request: HttpRequest, pass: SendHttp) => Promise<HttpResponse> | undefined

/** Calls of a cloud that deviates from the fake. */
function on({ cloud }: DriverOnFake, deviation: Deviation): CallOptions {
  const pass = sendTo(cloud)
  return { send: (request) => deviation(request, pass) ?? pass(request), openstack: { auth_url: cloud.authUrl } }
}

const json = async (status: number, body: unknown): Promise<HttpResponse> => ({
  status,
  headers: { 'content-type': 'application/json', 'x-openstack-request-id': 'req-1' },
  body: JSON.stringify(body),
})
const neutronFault = (status: number, type: string, message: string) =>
  json(status, { NeutronError: { type, message, detail: '' } })
const novaFault = (status: number, key: string, message: string) => json(status, { [key]: { code: status, message } })
const is = ({ method, url }: HttpRequest, wanted: string, path: RegExp) => method === wanted && path.test(url.pathname)

const servers = (driver: DriverOnFake) => made(driver, 'servers').length

describe('§7.5 where tenants may not delete bound ports (OpenStack 2026.2)', () => {
  const refusing =
    (driver: DriverOnFake): Deviation =>
    (request) => {
      if (!is(request, 'DELETE', /\/ports\//)) return undefined
      const id = request.url.pathname.split('/').at(-1)
      const port = made(driver, 'ports').find((one) => one['id'] === id)
      if (!String(port?.['device_owner'] ?? '').startsWith('compute:')) return undefined
      return neutronFault(403, 'PolicyNotAuthorized', `(rule:delete_port) is disallowed by policy`)
    }

  test('delete_vm releases the port that a server which is gone left bound, and deletes it', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const [port] = await portsOf(driver, vm)
      const bound = { device_id: vm, device_owner: port?.['device_owner'] }
      await driver.cloud.fetch(`${driver.cloud.url}/compute/v2.1/servers/${vm}`, {
        method: 'DELETE',
        headers: { 'x-auth-token': await driver.cloud.token('bosh') },
      })
      driver.cloud.clock.advance('10s')
      force(driver, 'ports', String(port?.['id']), bound)
      await driver.call(on(driver, refusing(driver))).deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))
})

describe('§7.5 where Nova keeps deleted servers (reclaim_instance_interval)', () => {
  const softly =
    (driver: DriverOnFake, mayForce: boolean): Deviation =>
    (request) => {
      const id = request.url.pathname.split('/')[4] ?? ''
      if (is(request, 'DELETE', /\/servers\/[^/]+$/)) {
        force(driver, 'servers', id, { vm_state: 'soft-delete', task_state: null })
        return Promise.resolve({ status: 204, headers: { 'x-openstack-request-id': 'req-1' }, body: '' })
      }
      const isForced = is(request, 'POST', /\/action$/) && String(request.body).includes('forceDelete')
      if (isForced && !mayForce) return novaFault(403, 'forbidden', "Policy doesn't allow os-deferred-delete:force")
      return undefined
    }
  const givenVmWithDisk = async (driver: DriverOnFake): Promise<VmCid> => {
    const { vm } = await givenVm(driver)
    await driver.call().attachDisk(vm, await givenDisk(driver))
    return vm
  }

  test('delete_vm deletes the server for good, and its disk is free', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenVmWithDisk(driver)
      await driver.call(on(driver, softly(driver, true))).deleteVm(vm)
      expect(leftBehind(driver)).toEqual({ volumes: 1 })
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'available' }])
    }, options))

  test('delete_vm says that the server is soft-deleted immediately when it may not delete it for good', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenVmWithDisk(driver)
      const startMs = driver.cloud.clock.now()
      const { message } = await failureOf(driver.call(on(driver, softly(driver, false))).deleteVm(vm))
      expect(message).toMatch(/soft-deleted.*os-deferred-delete:force.*openstack server delete --force/)
      expect(driver.cloud.clock.now() - startMs).toBeLessThan(60_000)
    }, options))

  test('delete_vm deletes a server for good that was soft-deleted before', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenVmWithDisk(driver)
      force(driver, 'servers', vm, { vm_state: 'soft-delete', task_state: null })
      expect(await driver.call().hasVm(vm)).toBe(false)
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({ volumes: 1 })
    }, options))
})

test('§7.6 a server that Nova still shows as DELETED is gone', () =>
  withDriverOnFake(async (driver) => {
    const { vm } = await givenVm(driver)
    await driver.call().deleteVm(vm)
    const deleted: Deviation = (request) =>
      is(request, 'GET', new RegExp(`/servers/${vm}$`))
        ? json(200, { server: { id: vm, status: 'DELETED', metadata: {}, flavor: {} } })
        : undefined
    const how = on(driver, deleted)
    expect(await driver.call(how).hasVm(vm)).toBe(false)
    await driver.call(how).deleteVm(vm)
    for (const work of [driver.call(how).getDisks(vm), driver.call(how).rebootVm(vm)]) {
      expect(await failureOf(work)).toMatchObject({ code: 'VmNotFound' })
    }
  }, options))

describe('§6.3 a network without port security', () => {
  test('boots a VM whose port has none: Nova is given no security groups', () =>
    withDriverOnFake(async (driver) => {
      const net = { name: 'open', port_security_enabled: false }
      const { network } = (await post(driver, 'network/v2.0/networks', { network: net })) as { network: { id: string } }
      const subnet = { network_id: network.id, ip_version: 4, cidr: '10.99.0.0/24' }
      await post(driver, 'network/v2.0/subnets', { subnet })
      const cloudProperties = { net_id: network.id, port_security_enabled: false }
      const { vm } = await givenVm(driver, {
        networks: [manualOn(driver, 'bosh-net', '10.99.0.7', { cloudProperties })],
      })
      expect(await portsOf(driver, vm)).toMatchObject([{ security_groups: [], port_security_enabled: false }])
    }, options))
})

describe('a cloud that refuses descriptions', () => {
  const refusing: Deviation = (request) => {
    const isRefused = request.method === 'POST' && /"description"/.test(String(request.body))
    if (!isRefused || !/\/(ports|networks|floatingips)$/.test(request.url.pathname)) return undefined
    return neutronFault(400, 'HTTPBadRequest', "Unrecognized attribute(s) 'description'")
  }

  test('§6.3 boots VMs without them, with a warning', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, {}, on(driver, refusing))
      expect(await portsOf(driver, vm)).toMatchObject([{ description: '' }])
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn port vm-.* is created without description/))
      await driver.call(on(driver, refusing)).deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('§7.21 makes networks without them', () =>
    withDriverOnFake(async (driver) => {
      const definition = { type: 'manual', range: '10.77.0.0/24', cloudProperties: {} }
      await driver.call(on(driver, refusing)).createNetwork(definition)
      expect(made(driver, 'networks')).toMatchObject([{ description: '' }])
    }))
})

describe('design invariant 1: one "not found" right after a creation', () => {
  /** The first reading of each object made by a POST says that it does not exist. */
  const lagging = (): Deviation => {
    const fresh = new Set<string>()
    return (request, pass) => {
      const last = request.url.pathname.split('/').at(-1) ?? ''
      const id = request.url.pathname.split('/').find((part) => fresh.has(part))
      if (request.method === 'POST' && /^(servers|volumes|snapshots|networks)$/.test(last)) {
        return pass(request).then((response) => {
          const made = /"id": ?"([0-9a-f-]{36})"/.exec(response.body)?.[1]
          if (response.status < 300 && made !== undefined) fresh.add(made)
          return response
        })
      }
      if (id === undefined || request.method === 'DELETE') return undefined
      fresh.delete(id)
      const message = `Resource ${id} could not be found.`
      return request.url.pathname.startsWith('/network')
        ? neutronFault(404, 'NetworkNotFound', message)
        : novaFault(404, 'itemNotFound', message)
    }
  }

  test('does not undo create_vm, create_disk, snapshot_disk or create_network', () =>
    withDriverOnFake(async (driver) => {
      const how = () => on(driver, lagging())
      await givenVm(driver, {}, how())
      const disk = await driver.call(how()).createDisk({ sizeMiB: 1024, cloudProperties: {} })
      await driver.call(how()).snapshotDisk(disk, {})
      await driver.call(how()).createNetwork({ type: 'manual', range: '10.77.0.0/24', cloudProperties: {} })
      expect([servers(driver), made(driver, 'volumes').length, made(driver, 'snapshots').length]).toEqual([1, 1, 1])
    }, options))

  test('is believed when it lasts', () =>
    withDriverOnFake(async (driver) => {
      const gone: Deviation = (request) =>
        is(request, 'GET', /\/servers\/[^/]+$/)
          ? novaFault(404, 'itemNotFound', 'Instance could not be found.')
          : undefined
      const startMs = driver.cloud.clock.now()
      expect((await failureOf(givenVm(driver, {}, on(driver, gone)))).message).toContain('Resource not found')
      expect(driver.cloud.clock.now() - startMs).toBeLessThan(60_000)
      expect(leftBehind(driver)).toEqual({})
    }, options))
})

describe('§3.5 a create whose result is unknown while its look-up fails', () => {
  const losing = (collection: RegExp, alsoUndo: boolean): Deviation => {
    let looks = 0
    return (request, pass) => {
      if (is(request, 'POST', collection)) return pass(request).then(() => json(504, {}))
      if (request.method !== 'GET' || !request.url.searchParams.has('name')) return undefined
      if (!/\/(ports|servers\/detail|volumes\/detail)$/.test(request.url.pathname)) return undefined
      looks += 1
      return alsoUndo || looks === 1 ? novaFault(400, 'badRequest', 'the list is broken') : undefined
    }
  }

  test.each([
    ['a port', /\/ports$/],
    ['a server', /\/servers$/],
  ])('%s: the undo removes it by its name', (_, collection) =>
    withDriverOnFake(async (driver) => {
      const failure = await failureOf(givenVm(driver, {}, on(driver, losing(collection, false))))
      expect(failure).toMatchObject({ code: 'VmCreationFailed', okToRetry: true })
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test.each([
    ['a port', /\/ports$/, 'port vm-'],
    ['a server', /\/servers$/, 'server vm-'],
  ])('%s: the error names what may exist, and is not to be retried, when the undo fails too', (_, collection, name) =>
    withDriverOnFake(async (driver) => {
      const failure = await failureOf(givenVm(driver, {}, on(driver, losing(collection, true))))
      expect(failure).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      expect(failure.message).toMatch(new RegExp(`these objects may be left: .*${name}`, 's'))
    }, options),
  )

  test('a volume: create_disk names it', () =>
    withDriverOnFake(async (driver) => {
      const creation = driver
        .call(on(driver, losing(/\/volumes$/, true)))
        .createDisk({ sizeMiB: 1024, cloudProperties: {} })
      expect((await failureOf(creation)).message).toMatch(/these objects may be left: volume volume-[0-9a-f-]+/)
    }))
})

describe('attributes of extensions that are missing', () => {
  const attributes = [
    'os-extended-volumes:volumes_attached',
    'OS-EXT-STS:task_state',
    'OS-EXT-AZ:availability_zone',
    'OS-FLV-EXT-DATA:ephemeral',
    'attachments',
    'metadata',
    'tags',
    'description',
    'availability_zone',
  ]
  const without =
    (attribute: string, value: 'missing' | 'null'): Deviation =>
    (request, pass) => {
      if (request.method !== 'GET') return undefined
      return pass(request).then((response) => ({
        ...response,
        body: JSON.stringify(
          response.body === ''
            ? {}
            : JSON.parse(response.body, (key, was) => (key !== attribute ? was : value === 'null' ? null : undefined)),
        ),
      }))
    }

  // A volume without its attachments cannot be seen to be attached: attach_disk has to rely on its state there.
  const rows = attributes.flatMap((attribute) =>
    (['missing', 'null'] as const)
      .filter(() => attribute !== 'attachments')
      .map((value) => [attribute, value] as const),
  )
  test.each(rows)('%s %s: the life of a VM with a disk ends with nothing left', (attribute, value) =>
    withDriverOnFake(async (driver) => {
      const how = on(driver, without(attribute, value))
      const { vm } = await givenVm(driver, {}, how)
      await driver.call(how).setVmMetadata(vm, { job: 'web' })
      await driver.call(how).rebootVm(vm)
      const disk = await driver.call(how).createDisk({ sizeMiB: 1024, cloudProperties: {}, vm })
      await driver.call(how).attachDisk(vm, disk)
      expect(await driver.call(how).getDisks(vm)).toEqual([disk])
      await driver.call(how).detachDisk(vm, disk)
      await driver.call(how).deleteDisk(disk)
      await driver.call(how).deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )
})

test('leftovers tells the rest when a list that nothing else depends on is refused', () =>
  withDriverOnFake(async (driver) => {
    const description = `director_uuid:${directorUuid}`
    const network_id = idOf(driver, 'networks', 'bosh-net')
    const name = 'vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab-default'
    await post(driver, 'network/v2.0/ports', { port: { network_id, name, description } })
    for (const [list, body] of [
      [/\/pools$/, { faultcode: 'Client', faultstring: 'Policy does not allow this request', debuginfo: null }],
      [/\/floatingips$/, { NeutronError: { type: 'PolicyNotAuthorized', message: 'no', detail: '' } }],
      [/\/os-server-groups$/, { forbidden: { code: 403, message: 'no' } }],
      [/\/images$/, { message: 'no' }],
    ] as const) {
      const refused: Deviation = (request) => (is(request, 'GET', list) ? json(403, body) : undefined)
      const limits = { nowMs: driver.cloud.clock.now() + 86_400_000, olderThanMs: 0 }
      const { leftovers } = await findLeftovers(driver.context(on(driver, refused)), limits)
      expect(leftovers.map(({ kind }) => kind)).toEqual(['port'])
    }
    const warnings = driver.lines.filter((line) => /^warn .* are (left out|not looked at)/.test(line))
    expect(warnings).toHaveLength(4)
  }, options))

test('§6.5 an administrator does not take the floating IP of another project', () =>
  withDriverOnFake(async (driver) => {
    const id = String(made(driver, 'floating_ips')[0]?.['id'] ?? '')
    const foreign: Deviation = (request, pass) =>
      is(request, 'GET', /\/floatingips$/)
        ? pass(request).then((response) => ({
            ...response,
            body: response.body.replaceAll(driver.cloud.projectId('bosh'), 'another-project'),
          }))
        : undefined
    const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })]
    expect((await failureOf(givenVm(driver, { networks }, on(driver, foreign)))).message).toContain('not allocated')
    expect(id).toBe('')
    expect(named(driver.cloud.journal.since(0))).not.toContain('network floatingips.update')
  }, options))
