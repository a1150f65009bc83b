import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  director,
  floatingIp,
  group,
  image,
  inventory,
  member,
  network,
  nowMs,
  otherDirector,
  port,
  server,
  serverName,
  snapshot,
  subnet,
  unfinished,
  volume,
} from '../../../test/project-inventories.ts'
import type { Limits, ProjectInventory } from './classification.ts'
import { classify, directorsIn } from './classify.ts'

const limits: Limits = { nowMs, olderThanMs: 3_600_000 }
const found = (parts: Partial<ProjectInventory>, more: Partial<Limits> = {}) =>
  classify(inventory(parts), { ...limits, ...more }).leftovers.map(({ kind, id }) => `${kind} ${id}`)
const finished = { ...unfinished, cpi_creation: 'finished' }
const tookOver = server({ metadata: finished })

describe('what a dead call left', () => {
  test.each<[string, Partial<ProjectInventory>, readonly string[]]>([
    ['a server without metadata of the director', { servers: [server()] }, ['server s1']],
    ['one that Nova could not build', { servers: [server({ status: 'ERROR' })] }, ['server s1']],
    ['a port without a server', { ports: [port()] }, ['port p1']],
    [
      'a server, with its port, its boot volume and its group',
      {
        servers: [
          server({
            metadata: { ...unfinished, server_group_id: 'g1' },
            'os-extended-volumes:volumes_attached': [{ id: 'v1', delete_on_termination: true }],
          }),
        ],
        ports: [
          port({ device_id: 's1', device_owner: 'compute:nova' }),
          port({ id: 'p2', name: '', description: '', device_id: 's1', device_owner: 'compute:nova' }),
        ],
        volumes: [volume({ name: '', metadata: {}, status: 'in-use', attachments: [{ server_id: 's1' }] })],
        serverGroups: [group({ members: ['s1'] })],
      },
      ['server s1', 'port p1', 'port p2', 'volume v1', 'server group g1'],
    ],
    ['a disk that was never used', { volumes: [volume()] }, ['volume v1']],
    ['a disk that failed', { volumes: [volume({ status: 'error' })] }, ['volume v1']],
    [
      'a boot volume that no server has',
      { volumes: [volume({ name: `${serverName}-root-u`, metadata: finished })] },
      ['volume v1'],
    ],
    [
      'an unfinished snapshot, and its disk',
      { snapshots: [snapshot({ volume_id: 'v1' })], volumes: [volume()] },
      ['snapshot sn1', 'volume v1'],
    ],
    ['an image without data', { images: [image()] }, ['image i1']],
    ['an image with data', { images: [image({ status: 'active' })] }, ['image i1']],
    [
      'an image that has been receiving for more than a day',
      { images: [image({ status: 'saving', created_at: '2026-05-03T11:00:00Z' })] },
      ['image i1'],
    ],
    ['an empty group on demand', { serverGroups: [group()] }, ['server group g1']],
    [
      'an unfinished network',
      {
        networks: [network()],
        subnets: [subnet()],
        ports: [port({ name: '', network_id: 'n1', device_id: 'r', device_owner: 'network:router_interface' })],
      },
      ['network n1', 'subnet sub1'],
    ],
    ['an address that was never mapped', { floatingIps: [floatingIp()] }, ['floating IP f1']],
    [
      'an address mapped to a leftover server it was allocated for',
      {
        floatingIps: [floatingIp({ port_id: 'p1', description: `server:${serverName} director_uuid:${director}` })],
        servers: [server()],
        ports: [port({ device_id: 's1', device_owner: 'compute:nova' })],
      },
      ['floating IP f1', 'server s1', 'port p1'],
    ],
    ['a member for a server that is gone', { members: [member()] }, ['pool member m1']],
    ['a member for a leftover server', { members: [member()], servers: [server()] }, ['pool member m1', 'server s1']],
    [
      'a member whose address only a leftover port has',
      { members: [member()], ports: [port()] },
      ['pool member m1', 'port p1'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(found(parts)).toEqual(expected)
  })
})

describe('what is finished, by a call that had not answered', () => {
  const bare = { metadata: { director_uuid: director, cpi_request_id: 'cpi-7', cpi_creation: 'finished' } }
  const all: Partial<ProjectInventory> = {
    volumes: [volume(bare)],
    snapshots: [snapshot(bare)],
    images: [image({ tags: [], status: 'active' })],
    networks: [network({ description: `director_uuid:${director}` })],
  }
  const keys = ['volume v1', 'snapshot sn1', 'image i1', 'network n1']
  const recorded = (ageMs: number, isAnswering = false) => ({
    pendingResults: new Map(keys.map((key) => [key, { recordedAtMs: nowMs - ageMs, isAnswering }])),
  })

  test('is kept without a record', () => expect(found(all)).toEqual([]))

  test('is a leftover with one', () => {
    expect(found(all, recorded(3_600_000)).sort()).toEqual([...keys].sort())
    const { leftovers } = classify(inventory({ volumes: [volume(bare)] }), { ...limits, ...recorded(3_600_000) })
    expect(leftovers[0]?.why).toBe('create_disk (request cpi-7) ended before it had answered')
  })

  test('is kept while its call may be about to answer, however long it has been at work', () => {
    expect(classify(inventory(all), { ...limits, ...recorded(3_599_999) })).toEqual({
      leftovers: [],
      tooYoung: 4,
      undecided: [],
    })
  })

  test('is neither kept nor a leftover when its call died while it answered, unless it is in use', () => {
    const seen = classify(inventory(all), { ...limits, ...recorded(3_600_000, true) })
    expect(seen).toMatchObject({ leftovers: [], tooYoung: 0 })
    expect(seen.undecided.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([...keys].sort())
    const attached = volume({ ...bare, status: 'in-use', attachments: [{ server_id: 's1' }] })
    const used = inventory({ volumes: [attached], servers: [tookOver] })
    expect(classify(used, { ...limits, ...recorded(3_600_000, true) }).undecided).toEqual([])
  })

  test('is kept when its director has come back for it all the same, or it is in use', () => {
    const known = volume({ metadata: { ...bare.metadata, deployment: 'cf' } })
    const attached = volume({ ...bare, status: 'in-use', attachments: [{ server_id: 's1' }] })
    for (const one of [known, attached]) {
      expect(found({ volumes: [one], servers: [tookOver] }, recorded(7_200_000))).toEqual([])
    }
    const used = { images: all.images ?? [], servers: [server({ image: { id: 'i1' }, metadata: finished })] }
    expect(found(used, recorded(7_200_000))).toEqual([])
  })

  test('is kept when it is another director’s', () => {
    expect(found(all, { ...recorded(7_200_000), directorUuid: otherDirector })).toEqual([])
  })
})

describe('what is kept', () => {
  test.each<[string, Partial<ProjectInventory>]>([
    ['a server that a director took over', { servers: [tookOver] }],
    ['a server of another CPI, without marks', { servers: [server({ metadata: { director_uuid: director } })] }],
    [
      'a server with a persistent disk',
      { servers: [server({ 'os-extended-volumes:volumes_attached': [{ id: 'v', delete_on_termination: false }] })] },
    ],
    ['a server on its way out', { servers: [server({ 'OS-EXT-STS:task_state': 'deleting' })] }],
    ['a bound port', { ports: [port({ device_id: 's9', device_owner: 'compute:nova' })] }],
    ['a port of a server that is there', { ports: [port()], servers: [tookOver] }],
    [
      '… that was renamed',
      { ports: [port()], servers: [server({ name: 'web/0', metadata: { ...finished, registry_key: serverName } })] },
    ],
    [
      '… that only the tag names',
      { ports: [port({ tags: ['server:s1'] })], servers: [server({ name: 'web/0', metadata: finished })] },
    ],
    ["an operator's reservation", { ports: [port({ name: 'reserved' }), port({ name: '' })] }],
    ['a disk that was attached once', { volumes: [volume({ metadata: finished })] }],
    [
      'a disk in use',
      { volumes: [volume({ status: 'in-use', attachments: [{ server_id: 's1' }] })], servers: [tookOver] },
    ],
    ['a disk that is being attached', { volumes: [volume({ status: 'attaching' }), volume({ status: 'reserved' })] }],
    ['a disk with snapshots', { volumes: [volume()], snapshots: [snapshot({ volume_id: 'v1', metadata: finished })] }],
    ['a disk without marks', { volumes: [volume({ metadata: {} })] }],
    ['a finished snapshot', { snapshots: [snapshot({ metadata: finished })] }],
    ['a stemcell', { images: [image({ tags: [], status: 'active' })] }],
    [
      'an image that servers were made of',
      { images: [image({ status: 'active' })], servers: [server({ image: { id: 'i1' }, metadata: finished })] },
    ],
    ['a protected image', { images: [image({ protected: true })] }],
    ['an image whose upload may be under way', { images: [image({ status: 'saving' })] }],
    ['a group with members', { serverGroups: [group({ members: ['s1'] })], servers: [tookOver] }],
    [
      'a group with a leftover among other members',
      { serverGroups: [group({ members: ['s1', 's2'] })], servers: [tookOver] },
    ],
    ['a group that an operator named', { serverGroups: [group({ name: 'web' })] }],
    [
      'a group while its director makes a VM',
      { serverGroups: [group()], ports: [port({ created_at: '2026-05-04T11:59:00Z' })] },
    ],
    [
      'a network that is in use',
      { networks: [network()], ports: [port({ network_id: 'n1', device_id: 'x', device_owner: 'compute:nova' })] },
    ],
    ['a finished network', { networks: [network({ description: `director_uuid:${director}` })], subnets: [subnet()] }],
    [
      'an address that has been in use',
      { floatingIps: [floatingIp({ description: `server:${serverName} director_uuid:${director}` })] },
    ],
    ["an operator's address", { floatingIps: [floatingIp({ description: '' })] }],
    ['a member of a server that is there', { members: [member()], servers: [tookOver] }],
    [
      '… that only the metadata names',
      {
        members: [member()],
        servers: [server({ name: 'web/0', metadata: { ...finished, lbaas_pool_1: 'pool1/m1' } })],
      },
    ],
    [
      'a member whose address a port has',
      { members: [member()], ports: [port({ name: '', device_id: 'x', device_owner: 'y' })] },
    ],
    ["an operator's member", { members: [member({ name: '' })] }],
  ])('%s', (_, parts) => {
    expect(found(parts)).toEqual([])
  })
})

/** One leftover of each kind that is classified by itself. */
const each: readonly [
  string,
  (createdAt: string | undefined, owner: string | undefined) => Partial<ProjectInventory>,
][] = [
  [
    'server',
    (created, owner) => ({ servers: [server({ created, metadata: { ...unfinished, director_uuid: owner } })] }),
  ],
  ['port', (created_at, owner) => ({ ports: [port({ created_at, description: owner && `director_uuid:${owner}` })] })],
  [
    'volume',
    (created_at, owner) => ({ volumes: [volume({ created_at, metadata: { ...unfinished, director_uuid: owner } })] }),
  ],
  [
    'snapshot',
    (created_at, owner) => ({
      snapshots: [snapshot({ created_at, metadata: { ...unfinished, director_uuid: owner } })],
    }),
  ],
  ['image', (created_at, director_uuid) => ({ images: [image({ created_at, director_uuid })] })],
  [
    'network',
    (created_at, owner) => ({
      networks: [
        network({ created_at, description: `cpi_creation:unfinished${owner ? ` director_uuid:${owner}` : ''}` }),
      ],
    }),
  ],
  [
    'floating IP',
    (created_at, owner) => ({
      floatingIps: [
        floatingIp({
          created_at,
          description: `server:${serverName} cpi_creation:unfinished${owner ? ` director_uuid:${owner}` : ''}`,
        }),
      ],
    }),
  ],
  [
    'pool member',
    (created_at, owner) => ({
      members: [member({ created_at, name: `server:${serverName}${owner ? ` director_uuid:${owner}` : ''}` })],
    }),
  ],
]

describe.each(each)('a %s', (_, make) => {
  test('is classified from the age limit on, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (ageS, limitS) => {
        const created = new Date(nowMs - ageS * 1000).toISOString()
        const classification = classify(inventory(make(created, director)), { nowMs, olderThanMs: limitS * 1000 })
        expect(classification.leftovers.length).toBe(ageS >= limitS ? 1 : 0)
        expect(classification.tooYoung).toBe(ageS >= limitS ? 0 : 1)
      }),
    )
  })

  test.each([undefined, 'soon'])('is not classified without an age (%s)', (created) => {
    expect(found(make(created, director), { olderThanMs: 0 })).toEqual([])
  })

  test('is not classified if it does not say whose it is', () => {
    expect(found(make('2026-01-01T00:00:00Z', undefined))).toEqual([])
  })

  test("is never another director's", () => {
    const parts = make('2026-01-01T00:00:00Z', otherDirector)
    expect(found(parts, { directorUuid: director })).toEqual([])
    expect(found(parts, { directorUuid: otherDirector })).toHaveLength(1)
    expect(directorsIn(inventory(parts))).toEqual([otherDirector])
  })
})

test('a time without zone is UTC, as Cinder and Octavia write it', () => {
  const [leftover] = classify(
    inventory({ volumes: [volume({ created_at: '2026-05-04T09:30:00.000000' })] }),
    limits,
  ).leftovers
  expect(leftover).toMatchObject({ ageMs: 2.5 * 3_600_000, requestId: 'cpi-7', directorUuid: director })
})

test("a group of another director's, or a name that only begins alike, is not touched", () => {
  expect(found({ serverGroups: [group()] }, { directorUuid: otherDirector })).toEqual([])
  expect(found({ serverGroups: [group({ name: `${director}x` })] })).toEqual([])
})

test('a group with a leftover among other members stays when the leftover goes', () => {
  const dead = server({ metadata: { ...unfinished, server_group_id: 'g1' } })
  expect(found({ serverGroups: [group({ members: ['s1', 's2'] })], servers: [dead] })).toEqual(['server s1'])
})
