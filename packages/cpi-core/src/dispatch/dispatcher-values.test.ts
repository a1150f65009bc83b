import { describe, expect, test, vi } from 'vitest'
import { aRequest, dispatchOnce } from '../../test/dispatch-once.ts'
import { InMemoryCpi } from '../testing/in-memory-cpi.ts'

const network = { type: 'manual', ip: '10.0.0.7', netmask: '255.255.255.0' }

/** A cloud with a stemcell, a VM and a disk. */
const aCloud = async () => {
  const cpi = new InMemoryCpi()
  const run = async (method: string, values: readonly unknown[], apiVersion: unknown = 2) =>
    (await dispatchOnce(aRequest(method, values, { api_version: apiVersion }), () => cpi)).answer
  const stemcell = (await run('create_stemcell', ['/image', {}])).result
  const created = (await run('create_vm', ['agent', stemcell, {}, { a: network }, null, null])).result
  const vm = Array.isArray(created) ? created[0] : undefined
  const disk = (await run('create_disk', [1024, {}, null])).result
  return { cpi, run, stemcell, vm, disk }
}

describe('contract §3 arguments', () => {
  test('contract §13.6 null stands for an empty env, disk list and cloud properties', async () => {
    const { cpi, run, stemcell } = await aCloud()
    const seen = [
      vi.spyOn(cpi, 'createVm'),
      vi.spyOn(cpi, 'createDisk'),
      vi.spyOn(cpi, 'createStemcell'),
      vi.spyOn(cpi, 'snapshotDisk'),
    ]
    await run('create_vm', ['agent', stemcell, null, { a: network }, null, null])
    const disk = (await run('create_disk', [1, null, null])).result
    await run('create_stemcell', ['/image', null, null], 3)
    await run('snapshot_disk', [disk, null])
    expect(seen.map(({ mock }) => mock.calls[0])).toEqual([
      [expect.objectContaining({ cloudProperties: {}, disks: [], env: {} })],
      [{ sizeMiB: 1, cloudProperties: {} }],
      [{ imagePath: '/image', cloudProperties: {}, tags: {} }],
      [disk, {}],
    ])
  })

  test('extra ones are ignored, trailing ones may be absent', async () => {
    const { run, stemcell, vm } = await aCloud()
    expect((await run('has_vm', [vm, 'extra', {}])).result).toBe(true)
    expect((await run('create_disk', [1, {}])).error).toBeNull()
    expect((await run('create_vm', ['agent', stemcell, {}, { a: network }])).error).toBeNull()
  })

  test.each([
    ['create_vm', ['', 'stemcell', {}, { a: network }]],
    ['create_vm', ['agent', 'stemcell', {}]],
    ['create_vm', ['agent', 'stemcell', [], {}, [], {}]],
    ['create_vm', ['agent', 'stemcell', {}, { a: 'dhcp' }, [], {}]],
    ['create_vm', ['agent', 'stemcell', {}, {}, 'disk-1', {}]],
    ['create_vm', ['agent', 'stemcell', {}, {}, [''], {}]],
    ['create_disk', ['1024', {}]],
    ['create_disk', [1024.5, {}]],
    ['create_disk', [0, {}]],
    ['resize_disk', ['disk-1']],
    ['attach_disk', ['vm-1', '']],
    ['set_vm_metadata', ['vm-1', 'text']],
    ['calculate_vm_cloud_properties', [{ cpu: 1, ram: 1024 }]],
    ['create_network', [{ range: 24 }]],
    ['delete_snapshot', []],
  ])('%s %j is an InvalidCall', async (method, values) => {
    const { answer, calls } = await dispatchOnce(aRequest(method, values))
    expect(answer.error?.type).toBe('InvalidCall')
    expect(answer.error?.message).toMatch(/^Arguments are not correct, details: /)
    expect(calls).toEqual([])
  })
})

describe('contract §13.8 shapes per version', () => {
  test('create_vm and attach_disk', async () => {
    const { run, stemcell, vm, disk } = await aCloud()
    const values = ['agent', stemcell, {}, { a: network }, [], {}]
    expect((await run('create_vm', values, 1)).result).toEqual(expect.any(String))
    expect((await run('create_vm', values, 3)).result).toEqual([
      expect.any(String),
      { a: { ...network, use_dhcp: true } },
    ])
    expect((await run('attach_disk', [vm, disk], 1)).result).toBeNull()
    expect((await run('attach_disk', [vm, disk], 2)).result).toBe('/dev/sdb')
  })

  test('an iSCSI hint is answered as it is', async () => {
    const iscsi_settings = { initiator_name: 'iqn.vm', target: 'iqn.disk', username: 'u', password: 'p' }
    const cpi = new InMemoryCpi()
    cpi.attachDisk = async () => ({ id: 'lun-1', iscsi_settings })
    const { answer } = await dispatchOnce(aRequest('attach_disk', ['vm-1', 'disk-1']), () => cpi)
    expect(answer.result).toEqual({ id: 'lun-1', iscsi_settings })
  })
})

describe('contract §6 an unusable result, from a driver without types, is a CpiError', () => {
  const networks = { a: network, b: { type: 'dynamic' } }
  test.each<[string, readonly unknown[], keyof InMemoryCpi, unknown, string]>([
    ['has_vm', ['vm-1'], 'hasVm', undefined, 'true or false'],
    ['create_disk', [1, {}], 'createDisk', undefined, 'non-empty string'],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', '', 'device path or a volume number'],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', {}, 'the hint is empty'],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', 'disk-1', 'device path or a volume number'],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', ['/dev/sdb'], 'must be a string or an object'],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', { device: '/dev/sdb' }, "no agent knows the key 'device'"],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', { lun: 3 }, "'lun' of the hint"],
    ['attach_disk', ['vm-1', 'disk-1'], 'attachDisk', { iscsi_settings: 'iqn' }, "'iscsi_settings' of the hint"],
    ['get_disks', ['vm-1'], 'getDisks', 'abc', 'an array of cloud IDs'],
    ['get_disks', ['vm-1'], 'getDisks', ['disk-1', ''], 'non-empty string'],
    [
      'calculate_vm_cloud_properties',
      [{ cpu: 1, ram: 1, ephemeral_disk_size: 1 }],
      'calculateVmCloudProperties',
      undefined,
      'an object',
    ],
    ['create_vm', ['agent', 'stemcell', {}, networks], 'createVm', { vm: 'vm-1' }, 'an object'],
    ['create_vm', ['agent', 'stemcell', {}, networks], 'createVm', { vm: 'vm-1', networks: { a: {} } }, "lack 'b'"],
    [
      'create_vm',
      ['agent', 'stemcell', {}, {}],
      'createVm',
      { vm: 'vm-1', networks: { c: {} } },
      "the request has no network 'c'",
    ],
    ['create_network', [{}], 'createNetwork', { network: 'n', reserved: 'x', cloudProperties: {} }, 'reserved must be'],
    ['create_network', [{}], 'createNetwork', { network: 'n', reserved: [] }, 'an object'],
  ])('%s %j: %s returns %j', async (wireName, values, method, value, problem) => {
    const driver = Object.create(new InMemoryCpi(), {
      [method]: { value: async () => value },
      deleteVm: { value: async () => {} },
      deleteNetwork: { value: async () => {} },
    })
    const { answer } = await dispatchOnce(aRequest(wireName, values), () => driver)
    expect(answer.error).toMatchObject({
      type: 'Bosh::Clouds::CpiError',
      message: expect.stringMatching(/^The driver returned an unusable result: /),
    })
    expect(answer.error?.message).toContain(problem)
  })

  test('the created object is deleted again', async () => {
    const cpi = new InMemoryCpi()
    const create = cpi.createVm.bind(cpi)
    cpi.createVm = async (request) => ({ vm: (await create(request)).vm, networks: {} })
    const stemcell = (await dispatchOnce(aRequest('create_stemcell', ['/image', {}]), () => cpi)).answer.result
    const request = aRequest('create_vm', ['agent', stemcell, {}, { a: network }])
    const { answer, lines } = await dispatchOnce(request, () => cpi)
    expect(answer.error?.type).toBe('Bosh::Clouds::CpiError')
    expect(cpi.existing()).toEqual([stemcell])
    expect(lines.join()).toContain("deleting VM 'vm-2'")
  })
})

test.each([
  [{ ephemeral_disk_size: 1024 }, "'cpu', 'ram'"],
  [{ cpu: 1, ram: null, ephemeral_disk_size: 1024 }, "'ram'"],
  [{ cpu: 1, ram: 512 }, "'ephemeral_disk_size'"],
  [null, "'cpu', 'ram', 'ephemeral_disk_size'"],
])('contract §6.9 the resources %j lack all these together: %s', async (wanted, missing) => {
  const { answer, calls } = await dispatchOnce(aRequest('calculate_vm_cloud_properties', [wanted]))
  expect(answer.error).toMatchObject({
    type: 'InvalidCall',
    message: expect.stringMatching(new RegExp(`: Missing VM cloud properties: ${missing}$`)),
  })
  expect(calls).toEqual([])
})

test('contract §13.9 create_stemcell passes tags on for API version 3 only', async () => {
  const requests: unknown[] = []
  const cpi = new InMemoryCpi()
  const create = cpi.createStemcell.bind(cpi)
  cpi.createStemcell = (request) => {
    requests.push(request.tags)
    return create(request)
  }
  const values = ['/image', {}, { tags: { team: 'blue' } }]
  await dispatchOnce(aRequest('create_stemcell', values, { api_version: 3 }), () => cpi)
  await dispatchOnce(aRequest('create_stemcell', values.slice(0, 2), { api_version: 3 }), () => cpi)
  await dispatchOnce(aRequest('create_stemcell', values, { api_version: 2 }), () => cpi)
  expect(requests).toEqual([{ team: 'blue' }, {}, {}])
})

test('contract §13.12 shrinking is NotSupported, and "no value" is null', async () => {
  const { run, vm, disk } = await aCloud()
  expect((await run('resize_disk', [disk, 1])).error?.type).toBe('Bosh::Clouds::NotSupported')
  const answers = [
    await run('set_vm_metadata', [vm, {}]),
    await run('reboot_vm', [vm]),
    await run('set_disk_metadata', [disk, {}]),
    await run('resize_disk', [disk, 2048]),
    await run('update_disk', [disk, 2048, {}]),
    await run('detach_disk', [vm, disk]),
    await run('delete_disk', [disk]),
    await run('delete_snapshot', ['snapshot-0']),
    await run('delete_vm', [vm]),
    await run('delete_stemcell', ['stemcell-0']),
    await run('delete_network', ['network-0']),
  ]
  for (const answer of answers) expect(answer).toEqual({ result: null, error: null, log: '' })
})

test('contract §6.21 create_network answers the CID, the addresses and the cloud properties', async () => {
  const { run } = await aCloud()
  const definition = { type: 'manual', netmask_bits: 24, gateway: null, cloud_properties: { a: 1 } }
  const { result } = await run('create_network', [definition])
  const cid = expect.stringMatching(/^network-/)
  const address = { range: '192.0.2.0/24', gateway: '192.0.2.1', reserved: [] }
  expect(result).toEqual([cid, address, { a: 1, network: cid }])
})
