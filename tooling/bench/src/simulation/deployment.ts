import { tmpdir } from 'node:os'
import { createDispatcher, createSecrets } from '@openstack-cpi/cpi-core'
import { createOpenStackCpi, type SendHttp, type TokenCache } from '@openstack-cpi/openstack-driver'
import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'
import { createMemoryTokenCache } from '../../../../apps/cli/src/token-cache/memory-token-cache.ts'
import type { Assumptions, Cost } from './cost-model.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Simulated extends Cost {
  readonly vms: number
  /** The first errors, in the CPI's words. */
  readonly failures: readonly string[]
  readonly failed: number
}

/** How long the cloud takes, ms. */
export interface CloudTimes {
  readonly buildMs: number
  readonly volumeMs: number
  readonly attachMs: number
}

/**
 * A deployment of new VMs, each with a disk: the real driver, made anew for each call as in a process of its own, on a
 * fake cloud in this process, in the cloud's time.
 */
export async function simulateDeployment(vms: number, assumed: Assumptions, times: CloudTimes): Promise<Simulated> {
  // The driver loads its methods when they are called first, in real time: with one VM that is over.
  await deploy(1, assumed, times)
  return await deploy(vms, assumed, times)
}

async function deploy(vms: number, assumed: Assumptions, times: CloudTimes): Promise<Simulated> {
  const cloud = createFakeOpenStack({
    startAt: Date.parse('2026-01-01T00:00:00Z'),
    idSeed: 1,
    durations: {
      'servers.build': 0,
      'servers.build.active': times.buildMs,
      'volumes.create': times.volumeMs,
      'volumes.attach': 0,
      'volumes.attach.in-use': times.attachMs,
    },
    tokenLifetime: assumed.tokenLifeMs,
    journalCapacity: 1,
  })
  liftQuotas(cloud)
  const clock = new VirtualClock(cloud)
  const counted = { requests: 0, logins: 0 }
  const network = countingNetwork(cloud, clock, assumed.latencyMs, counted)
  const call = caller(cloud, clock, network, assumed)
  const failures: string[] = []
  let failed = 0
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < vms; index = next++) {
      try {
        await deployOne(cloud, index, call)
      } catch (error) {
        failed++
        if (failures.length < 3) failures.push(String(error))
      }
    }
  }
  await clock.runUntilDone(Promise.all(Array.from({ length: assumed.workers }, worker)))
  return { vms, ...counted, failed, failures, seconds: clock.monotonicMs() / 1000 }
}

type Call = (method: string, args: readonly unknown[]) => Promise<unknown>

/** What the director does for one new VM with a disk. */
async function deployOne(cloud: FakeOpenStack, index: number, call: Call): Promise<void> {
  const network = {
    type: 'manual',
    ip: `10.10.${Math.floor((index + 12) / 254)}.${((index + 12) % 254) + 1}`,
    netmask: '255.255.252.0',
    gateway: '10.10.0.1',
    default: ['dns', 'gateway'],
    cloud_properties: { net_id: idOf(cloud, 'networks', 'bosh-net') },
  }
  const image = idOf(cloud, 'images', 'tiny-image')
  const metadata = { director: 'd', deployment: 'cf', job: 'web', index: String(index), name: `web/${index}` }
  const created = await call('create_vm', [
    `agent-${index}`,
    image,
    { instance_type: 'm1.tiny' },
    { default: network },
    [],
    {},
  ])
  const [vm] = created as [string] // contract §6.4
  await call('set_vm_metadata', [vm, metadata])
  const disk = await call('create_disk', [1024, {}, vm])
  await call('attach_disk', [vm, disk])
  await call('set_disk_metadata', [disk, metadata])
}

/** One CPI call: the time of its process, then what it does. */
function caller(cloud: FakeOpenStack, clock: VirtualClock, send: SendHttp, assumed: Assumptions): Call {
  const tokenCache: TokenCache = createMemoryTokenCache()
  let ids = 0
  const nextId = (): string => `c0ffee00-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`
  return async (method, args) => {
    await clock.sleep(assumed.processMs)
    const dispatcher = createDispatcher({
      info: { apiVersion: 3, stemcellFormats: [] },
      createCpi: (given) =>
        createOpenStackCpi({
          cloudProperties: { openstack: login(cloud, assumed), agent: {} },
          call: given,
          clock,
          random: { uuid: nextId, fraction: () => 0.5 },
          tmpDir: tmpdir(),
          environment: {},
          userAgent: 'openstack-cpi-simulation/1',
          tokenCache,
          send,
        }),
      sink: () => undefined,
      clock: { now: () => new Date(clock.nowMs()), monotonicMs: () => clock.monotonicMs() },
      pid: 1,
      signal: new AbortController().signal,
      secrets: createSecrets(),
      logLevel: 'error',
    })
    const context = { director_uuid: 'd', request_id: nextId(), vm: { stemcell: { api_version: 3 } } }
    const request = JSON.stringify({ method, arguments: args, context, api_version: 3 })
    const answer = JSON.parse(await dispatcher.dispatch(new TextEncoder().encode(request))) as {
      readonly result: unknown
      readonly error: { readonly message: string } | null
    } // contract §4
    if (answer.error !== null) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result
  }
}

const login = (cloud: FakeOpenStack, assumed: Assumptions) => ({
  auth_url: cloud.authUrl,
  username: 'bosh',
  api_key: 'bosh-password',
  project: 'bosh',
  domain: 'Default',
  default_security_groups: ['bosh'],
  default_key_name: 'bosh',
  wait_resource_poll_interval: assumed.pollIntervalMs / 1000,
  state_timeout: 900,
})

/** Each request takes the same time on the way; the cloud answers at once. */
function countingNetwork(
  cloud: FakeOpenStack,
  clock: VirtualClock,
  latencyMs: number,
  counted: { requests: number; logins: number },
): SendHttp {
  return async ({ method, url, headers, body, signal }) => {
    counted.requests++
    if (method === 'POST' && String(url).endsWith('/auth/tokens')) counted.logins++
    await clock.sleep(latencyMs, signal)
    return await clock.during(async () => {
      const given = typeof body === 'string' ? { body } : {}
      const answer = await cloud.fetch(new Request(url, { method, headers, ...given }))
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    })
  }
}

function idOf(cloud: FakeOpenStack, kind: string, name: string): string {
  const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
  if (found === undefined) throw new Error(`the cloud has no ${name}`)
  return found.id
}

function liftQuotas(cloud: FakeOpenStack): void {
  const project = idOf(cloud, 'projects', 'bosh')
  const { quotas } = cloud.context
  quotas.set('compute', project, { instances: -1, cores: -1, ram: -1 })
  quotas.set('block-storage', project, { volumes: -1, gigabytes: -1 })
  quotas.set('network', project, { port: -1 })
}
