import { tmpdir } from 'node:os'
import {
  agentId,
  type Cpi,
  CpiError,
  createSecrets,
  diskCid,
  networkCid,
  type OptionalMethods,
  snapshotCid,
  stemcellCid,
  vmCid,
} from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HttpResponse, SendHttp } from '../src/http/exchange.ts'
import { createOpenStackCpi } from '../src/index.ts'
import { fuzzRuns } from './fuzz-runs.ts'
import { instantClock } from './instant-clock.ts'
import { manual } from './network-specs.ts'
import { recordingLog } from './recording-log.ts'

const id = '2d6ddb35-7b5a-4a23-b8a4-5c1a1d9f6f30'
const networks = [manual('default', { cloudProperties: { net_id: id } })]
const wanted = { instance_type: 'm1.small', loadbalancer_pools: [{ name: 'web', port: 80 }], server_group: 'g' }

/** Each method with arguments that pass all checks. */
const calls: Readonly<Record<string, (cpi: Cpi & OptionalMethods) => Promise<unknown>>> = {
  delete_stemcell: (cpi) => cpi.deleteStemcell(stemcellCid(id)),
  light_stemcell: (cpi) => cpi.createStemcell({ imagePath: '/none', cloudProperties: { image_id: id }, tags: {} }),
  create_vm: (cpi) =>
    cpi.createVm({
      agentId: agentId('agent'),
      stemcell: stemcellCid(id),
      cloudProperties: wanted,
      networks,
      disks: [diskCid(id)],
      env: {},
    }),
  delete_vm: (cpi) => cpi.deleteVm(vmCid(id)),
  has_vm: (cpi) => cpi.hasVm(vmCid(id)),
  reboot_vm: (cpi) => cpi.rebootVm(vmCid(id)),
  set_vm_metadata: (cpi) => cpi.setVmMetadata(vmCid(id), { deployment: 'cf' }),
  calculate: (cpi) => cpi.calculateVmCloudProperties({ cpu: 1, ramMiB: 512, ephemeralDiskMiB: 1024 }),
  create_disk: (cpi) => cpi.createDisk({ sizeMiB: 1024, cloudProperties: {}, vm: vmCid(id) }),
  delete_disk: (cpi) => cpi.deleteDisk(diskCid(id)),
  has_disk: (cpi) => cpi.hasDisk(diskCid(id)),
  attach_disk: (cpi) => cpi.attachDisk(vmCid(id), diskCid(id)),
  detach_disk: (cpi) => cpi.detachDisk(vmCid(id), diskCid(id)),
  set_disk_metadata: (cpi) => cpi.setDiskMetadata(diskCid(id), { deployment: 'cf' }),
  get_disks: (cpi) => cpi.getDisks(vmCid(id)),
  resize_disk: (cpi) => cpi.resizeDisk(diskCid(id), 4096),
  update_disk: (cpi) => cpi.updateDisk(diskCid(id), 4096, { type: 'fast' }),
  snapshot_disk: (cpi) => cpi.snapshotDisk(diskCid(id), {}),
  delete_snapshot: (cpi) => cpi.deleteSnapshot(snapshotCid(id)),
  create_network: (cpi) => cpi.createNetwork({ type: 'manual', range: '10.1.0.0/24', cloudProperties: {} }),
  delete_network: (cpi) => cpi.deleteNetwork(networkCid(id)),
}

const statuses = fc.constantFrom(
  200,
  200,
  200,
  200,
  201,
  202,
  204,
  204,
  300,
  302,
  400,
  403,
  404,
  404,
  409,
  413,
  418,
  500,
)
const state = fc.constantFrom('ACTIVE', 'BUILD', 'ERROR', 'available', 'in-use', 'queued', 'active', '', 'what')
const small = fc.constantFrom(0, 1, 2, 2048)
const some = fc.constantFrom(id, '11112222-7b5a-4a23-b8a4-5c1a1d9f6f30')
const attachment = fc.record({
  server_id: some,
  device: fc.constantFrom('/dev/vdb', '', null),
  volumeId: some,
  id: some,
})
/** What a service may say of anything: the form of its objects is kept, their content is not to be relied on. */
const thing = fc.record({
  id: some,
  name: fc.constantFrom('m1.small', 'web', 'g', null, ''),
  status: state,
  provisioning_status: state,
  size: small,
  disk: small,
  vcpus: small,
  ram: small,
  min_disk: small,
  swap: fc.constantFrom('', 512),
  metadata: fc.dictionary(fc.constantFrom('a', 'lbaas_pool_1', '__proto__'), some),
  'os-extended-volumes:volumes_attached': fc.array(fc.record({ id: some }), { maxLength: 2 }),
  attachments: fc.array(attachment, { maxLength: 2 }),
  fixed_ips: fc.array(fc.record({ subnet_id: some, ip_address: fc.constantFrom('10.0.0.7', 'x') }), { maxLength: 2 }),
  tags: fc.array(some, { maxLength: 2 }),
  members: fc.array(fc.record({ id: some }), { maxLength: 2 }),
  policies: fc.array(some, { maxLength: 2 }),
  loadbalancers: fc.array(fc.record({ id: some }), { maxLength: 2 }),
  listeners: fc.array(fc.record({ id: some }), { maxLength: 2 }),
  cidr: fc.constantFrom('10.0.0.0/24', 'x'),
  ip_version: fc.constantFrom(4, 6),
  mac_address: some,
  device_owner: fc.constantFrom('compute:nova', 'network:dhcp', ''),
  device_id: some,
  volumeId: some,
  device: fc.constantFrom('/dev/vdb', null),
  description: some,
  addresses: fc.constant({}),
  flavor: fc.record({ id: some }),
  volume_type: fc.constantFrom('fast', null),
  allocation_pools: fc.constant([]),
})
const envelopes = [
  'server',
  'volume',
  'port',
  'image',
  'snapshot',
  'flavor',
  'network',
  'subnet',
  'keypair',
  'pool',
  'member',
]
const envelope = fc.constantFrom(
  ...envelopes,
  'server_group',
  'volumeAttachment',
  'quota_set',
  'version',
  'security_group',
)
const body = fc.oneof(
  thing,
  fc.tuple(envelope, thing).map(([name, value]) => ({ [name]: value })),
  fc.tuple(envelope, fc.array(thing, { maxLength: 3 })).map(([name, value]) => ({ [`${name}s`]: value })),
  // Of proxies, and of nobody.
  fc.constantFrom<unknown>(null, '', [], {}, 7, { badRequest: { message: 'no' } }, { server: null }, { volumes: {} }),
)
const answers = fc.array(fc.tuple(statuses, body), { minLength: 1, maxLength: 40 })

/** More than any call makes that waits out all its limits. */
const mostRequests = 3_000

/** A cloud in which Keystone is well, and every other service answers in turn whatever it likes, for ever. */
function cloudOf(given: readonly (readonly [number, unknown])[]): { send: SendHttp; requests: () => number } {
  let requests = 0
  const answer = (status: number, json: unknown, headers: HttpResponse['headers'] = {}): HttpResponse => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json) ?? '',
  })
  const catalog = ['compute', 'network', 'image', 'volumev3', 'load-balancer'].map((type) => ({
    type,
    endpoints: [{ interface: 'public', region_id: 'R', url: `http://cloud.test/${type}/v2` }],
  }))
  const token = {
    expires_at: '2099-01-01T00:00:00Z',
    project: { id, name: 'p' },
    user: { id, name: 'u' },
    roles: [],
    catalog,
  }
  return {
    requests: () => requests,
    send: async ({ url }) => {
      requests++
      if (requests > mostRequests) throw new Error('the call does not come to an end')
      if (url.pathname.endsWith('/auth/tokens')) return answer(201, { token }, { 'x-subject-token': 't' })
      const [status, json] = given[requests % given.length] ?? [500, null]
      return answer(status, json)
    },
  }
}

test.each(Object.entries(calls))(
  '%s ends, with a result or an error of the contract, whatever the services answer',
  async (_, call) => {
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        const { send, requests } = cloudOf(given)
        const secrets = createSecrets()
        const cpi = createOpenStackCpi({
          cloudProperties: {
            openstack: {
              auth_url: 'http://cloud.test/v3',
              username: 'u',
              api_key: 'correct-horse',
              project: 'p',
              domain: 'd',
              state_timeout: 20,
              request_retries: 2,
            },
          },
          call: {
            method: 'test',
            apiVersion: 3,
            directorUuid: 'd',
            configOverrides: {},
            signal: new AbortController().signal,
            log: recordingLog(),
            secrets,
          },
          clock: instantClock(),
          random: { uuid: () => crypto.randomUUID(), fraction: () => 0.5 },
          tmpDir: tmpdir(),
          environment: {},
          userAgent: 'test/1',
          send,
        })
        try {
          await call(cpi)
        } catch (error) {
          if (!(error instanceof CpiError)) throw error
          for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
            if (cause instanceof TypeError || cause instanceof RangeError) throw cause // a mistake of ours
          }
        }
        expect(requests()).toBeLessThanOrEqual(mostRequests)
      }),
      { numRuns: fuzzRuns(100) },
    )
  },
)
