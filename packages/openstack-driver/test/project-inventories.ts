import { emptyInventory, type PoolMember, type ProjectInventory } from '../src/planning/leftovers/classification.ts'

export const nowMs = Date.parse('2026-05-04T12:00:00Z')
export const director = '2d6ddb35-7b5a-4a23-b8a4-5c1a1d9f6f30'
export const otherDirector = '77777777-7b5a-4a23-b8a4-5c1a1d9f6f30'
export const serverName = 'vm-aaaaaaaa-0000-4000-8000-000000000001'
const old = '2026-05-04T10:00:00Z'

type Changes = Readonly<Record<string, unknown>>

/** Metadata of something unfinished. */
export const unfinished = { director_uuid: director, cpi_request_id: 'cpi-7', cpi_creation: 'unfinished' }
const text = `director_uuid:${director} cpi_request_id:cpi-7`

// Records with the fields that the rules read; the services have many more.
export const server = (changes: Changes = {}) =>
  ({
    id: 's1',
    name: serverName,
    status: 'ACTIVE',
    created: old,
    image: { id: 'stemcell' },
    metadata: unfinished,
    'OS-EXT-STS:task_state': null,
    'os-extended-volumes:volumes_attached': [],
    ...changes,
  }) as unknown as ProjectInventory['servers'][number]

export const port = (changes: Changes = {}) =>
  ({
    id: 'p1',
    name: `${serverName}-private`,
    description: text,
    device_id: '',
    device_owner: '',
    network_id: 'n0',
    fixed_ips: [{ subnet_id: 'sub0', ip_address: '10.0.0.9' }],
    created_at: old,
    tags: [],
    ...changes,
  }) as unknown as ProjectInventory['ports'][number]

export const volume = (changes: Changes = {}) =>
  ({
    id: 'v1',
    name: 'volume-x',
    status: 'available',
    attachments: [],
    metadata: unfinished,
    created_at: '2026-05-04T10:00:00.000000',
    ...changes,
  }) as unknown as ProjectInventory['volumes'][number]

export const snapshot = (changes: Changes = {}) =>
  ({
    id: 'sn1',
    name: 'snapshot-x',
    status: 'available',
    volume_id: 'v9',
    metadata: unfinished,
    created_at: '2026-05-04T10:00:00.000000',
    ...changes,
  }) as unknown as ProjectInventory['snapshots'][number]

export const image = (changes: Changes = {}) =>
  ({
    id: 'i1',
    name: 'stemcell/1',
    status: 'queued',
    tags: ['bosh-upload-1'],
    director_uuid: director,
    created_at: old,
    ...changes,
  }) as unknown as ProjectInventory['images'][number]

export const group = (changes: Changes = {}) =>
  ({
    id: 'g1',
    name: `${director}-cf-web`,
    members: [],
    ...changes,
  }) as unknown as ProjectInventory['serverGroups'][number]

export const network = (changes: Changes = {}) =>
  ({
    id: 'n1',
    name: 'bosh-x',
    description: `${text} cpi_creation:unfinished`,
    created_at: old,
    ...changes,
  }) as unknown as ProjectInventory['networks'][number]

export const subnet = (changes: Changes = {}) =>
  ({ id: 'sub1', name: 'bosh-x', network_id: 'n1', ...changes }) as unknown as ProjectInventory['subnets'][number]

export const floatingIp = (changes: Changes = {}) =>
  ({
    id: 'f1',
    floating_ip_address: '192.0.2.7',
    port_id: null,
    description: `server:${serverName} ${text} cpi_creation:unfinished`,
    created_at: old,
    ...changes,
  }) as unknown as ProjectInventory['floatingIps'][number]

export const member = (changes: Changes = {}): PoolMember => ({
  poolId: 'pool1',
  loadBalancerId: 'lb1',
  member: {
    id: 'm1',
    name: `server:${serverName} director_uuid:${director}`,
    address: '10.0.0.9',
    protocol_port: 80,
    subnet_id: 'sub0',
    created_at: '2026-05-04T10:00:00',
    ...changes,
  } as PoolMember['member'],
})

/** A project with these things in it. */
export const inventory = (parts: Partial<ProjectInventory>): ProjectInventory => ({ ...emptyInventory, ...parts })
