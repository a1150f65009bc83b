import { expect, test } from 'vitest'
import { complaints, examined } from './doctor-cloud.ts'

test('§11 --deep takes a stemcell, a VM and a disk through their life and leaves nothing', async () => {
  const { cloud, report } = await examined({ deep: true, openstack: { config_drive: 'cdrom' } })
  expect(complaints(report)).toEqual([])
  const steps = report.results.filter(({ group }) => group === 'life cycle').map(({ title }) => title)
  expect(steps).toEqual([
    'create_stemcell',
    'create_vm',
    'config drive',
    'set_vm_metadata',
    'create_disk',
    'attach_disk',
    'snapshot_disk',
    'detach_disk',
    ...Array(5).fill('clean up'),
  ])
  expect(cloud.leftovers()).toEqual({})
})

test('--deep without a network, in a project with several, says so before it uploads an image', async () => {
  const { cloud, report } = await examined({ deep: true, targets: () => ({ network: [] }) })
  expect(complaints(report)).toEqual([
    expect.stringMatching(/^problem: network: .*bosh-net.*bosh-net-2.*\| .*--network/),
  ])
  expect(cloud.journal.of('images.create')).toEqual([])
  expect(cloud.leftovers()).toEqual({})
})

test('--deep without a network takes the only one of the project', async () => {
  const targets = () => ({ network: [], flavor: ['m1.tiny'] })
  const { cloud, report } = await examined({ deep: true, user: 'bosh-small', targets })
  const steps = report.results.filter(({ group }) => group === 'life cycle')
  expect(steps[0]).toMatchObject({ title: 'network', findings: [{ severity: 'ok' }] })
  expect(steps.flatMap(({ findings }) => findings).filter(({ severity }) => severity !== 'ok')).toEqual([])
  expect(cloud.journal.of('servers.create')).toHaveLength(1)
})

test.each(['create_stemcell', 'create_vm', 'set_vm_metadata', 'create_disk', 'attach_disk', 'snapshot_disk'])(
  '§11 --deep, interrupted after %s, removes what it made',
  async (last) => {
    const stop = new AbortController()
    const { cloud, report } = await examined({
      deep: true,
      signal: stop.signal,
      onDone: ({ title }) => title === last && stop.abort(new Error('interrupted by SIGINT')),
    })
    expect(complaints(report)).toEqual([expect.stringContaining('interrupted by SIGINT')])
    expect(cloud.leftovers()).toEqual({})
  },
)

test.each([
  ['image', 'images.upload'],
  ['compute', 'servers.create'],
  ['block-storage', 'volumes.create'],
  ['compute', 'volume-attachments.create'],
  ['block-storage', 'snapshots.create'],
  ['compute', 'volume-attachments.delete'],
])('§11 --deep removes what it made when %s refuses %s', async (service, operation) => {
  const body = { forbidden: { code: 403, message: 'Refused by the test.' } }
  const { cloud, report } = await examined({
    deep: true,
    prepare: (fake) => void fake.faults.add({ match: { service, operation }, do: { respond: { status: 403, body } } }),
  })
  expect(complaints(report)).toEqual([expect.stringContaining('Refused by the test.')])
  expect(cloud.leftovers()).toEqual({})
})

test('--deep says what it could not remove', async () => {
  const body = { forbidden: { code: 403, message: 'Refused by the test.' } }
  const { cloud, report } = await examined({
    deep: true,
    prepare: (fake) =>
      void fake.faults.add({
        match: { service: 'image', operation: 'images.delete' },
        times: null,
        do: { respond: { status: 403, body } },
      }),
  })
  const [left] = cloud.leftovers()['images'] ?? []
  expect(complaints(report)).toEqual([expect.stringContaining(`image ${Object(left).id} could not be removed`)])
})
