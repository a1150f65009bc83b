import { expect, test } from 'vitest'
import { complaints, examined, type Fault, idOf, seedWith } from './doctor-cloud.ts'
import { networkFaults } from './doctor-network-faults.ts'

test('the usual cloud is fit, and has nothing to complain of', async () => {
  const { report } = await examined()
  expect(complaints(report)).toEqual([])
  expect(report).toMatchObject({ problems: 0, warnings: 0 })
})

const forbidden = (service: string, operation: string) => ({
  match: { service, operation },
  do: {
    respond: { status: 403, body: { forbidden: { code: 403, message: "Policy doesn't allow it to be performed." } } },
  },
})

const faults: readonly Fault[] = [
  {
    name: 'wrong password',
    openstack: { api_key: 'wrong' },
    reported: ['problem', /refused the login of user 'bosh'/, /Check username and api_key/],
  },
  {
    name: 'unknown project',
    openstack: { project: 'no-such-project' },
    reported: ['problem', /project 'no-such-project'/, /project and domain/],
  },
  {
    name: 'Keystone cannot be reached',
    prepare: (cloud) => void cloud.faults.add({ match: { service: 'identity' }, times: null, do: { refuse: true } }),
    reported: ['problem', /POST .*auth\/tokens/, /auth_url/],
  },
  {
    name: 'auth_url of something else',
    openstack: { auth_url: 'http://openstack.test/elsewhere' },
    reported: ['problem', /auth\/tokens/, /auth_url/],
  },
  {
    name: 'unknown region',
    openstack: { region: 'RegionTwo' },
    reported: [
      'problem',
      /no compute, no image, no network, no block-storage service in region RegionTwo/,
      /in RegionOne, public: /,
    ],
  },
  {
    name: 'missing service',
    answers: (url, body) =>
      url.pathname.endsWith('/auth/tokens') ? body.replace('"type":"image"', '"type":"gallery"') : body,
    reported: ['problem', /no image service in region/, /catalog offers/],
  },
  {
    name: 'role reader only',
    cloud: {
      seed: seedWith((seed) => ({
        ...seed,
        users: seed.users.map((user) => (user.name === 'bosh' ? { ...user, roles: { bosh: ['reader'] } } : user)),
      })),
    },
    reported: ['problem', /roles: reader/, /role member/],
  },
  {
    name: 'short token life',
    cloud: { tokenLifetime: '5m' },
    reported: ['warning', /tokens live 300 s/, /longer token lifetime/],
  },
  {
    name: 'clock that is fast',
    fastByMs: 86_400_000,
    reported: ['problem', /the token ended/, /Synchronise the clocks/],
  },
  {
    name: 'missing flavor',
    targets: () => ({ flavor: ['m1.smal'] }),
    reported: ['problem', /flavor m1.smal does not exist/, /Choose one of: .*m1.small/],
  },
  {
    name: 'disabled flavor',
    answers: (url, body) =>
      url.pathname.endsWith('/flavors/detail')
        ? body.replaceAll('"OS-FLV-DISABLED:disabled":false', '"OS-FLV-DISABLED:disabled":true')
        : body,
    reported: ['problem', /flavor m1.small is disabled/, /another flavor/],
  },
  {
    name: 'flavor without a root disk',
    targets: () => ({ flavor: ['m1.nodisk'] }),
    reported: ['warning', /m1.nodisk: .*root 0 GiB/, /boot_from_volume/],
  },
  {
    name: 'flavor with a small root disk',
    targets: () => ({ flavor: ['m1.tiny'] }),
    reported: ['warning', /m1.tiny: .*root 1 GiB/, /10 GiB or more/],
  },
  {
    name: 'flavor whose ephemeral disk is too small for its memory',
    cloud: {
      seed: seedWith((seed) => ({
        ...seed,
        flavors: [...seed.flavors, { id: '77', name: 'greedy', ramMiB: 8192, vcpus: 1, diskGiB: 20, ephemeralGiB: 4 }],
      })),
    },
    targets: () => ({ flavor: ['greedy'] }),
    reported: ['problem', /greedy: .*ephemeral 4 GiB \| .*at least 16 GiB/, /larger ephemeral disk/],
  },
  {
    name: 'flavor whose ephemeral disk is on a SATA bus of an image',
    cloud: {
      seed: seedWith((seed) => ({
        ...seed,
        images: seed.images.map((image) => ({ ...image, properties: { hw_disk_bus: 'sata' } })),
      })),
    },
    targets: () => ({ flavor: ['m1.small.ephemeral'] }),
    reported: [
      'problem',
      /flavor m1.small.ephemeral with image .*hw_disk_bus sata \| .*create_vm refuses/,
      /hw_disk_bus virtio/,
    ],
  },
  {
    name: 'no flavors at all',
    cloud: { seed: seedWith((seed) => ({ ...seed, flavors: [] })) },
    targets: () => ({ flavor: [] }),
    reported: ['problem', /no flavors/, /access to flavors/],
  },
  {
    name: 'missing key pair',
    openstack: { default_key_name: 'vcap' },
    reported: ['problem', /key pair vcap does not exist for this user/, /use one of: bosh/],
  },
  {
    name: 'zone that Nova does not know',
    targets: () => ({ availabilityZone: ['z9'] }),
    reported: ['problem', /zone z9 does not exist in Nova/, /Use one of: .*z1/],
  },
  {
    name: 'zones that Cinder does not know',
    cloud: {
      seed: seedWith((seed) => ({ ...seed, availabilityZones: { ...seed.availabilityZones, volume: ['nova'] } })),
    },
    reported: ['problem', /zones z1 exist in Nova and not in Cinder/, /ignore_server_availability_zone/],
  },
  {
    name: 'few metadata items',
    cloud: {
      seed: seedWith((seed) => ({
        ...seed,
        projects: seed.projects.map((one) =>
          one.name === 'bosh'
            ? { ...one, quotas: { ...one.quotas, compute: { ...one.quotas.compute, metadata_items: 8 } } }
            : one,
        ),
      })),
    },
    reported: ['problem', /8 metadata items per server/, /higher quota of metadata items/],
  },
  {
    name: 'Nova that is too old for volume types of root disks',
    openstack: { nova_microversion_max: '2.60' },
    reported: ['warning', /does not understand 2.67/, /Nothing need be done/],
  },
  {
    name: 'rate limit',
    // Past what the other checks ask, who would sit it out.
    prepare: (cloud) => {
      const respond = { status: 429, headers: { 'retry-after': '30' }, body: 'Too Many Requests' }
      cloud.faults.add({
        match: { service: 'compute', operation: 'limits.show' },
        skip: 40,
        times: 60,
        do: { respond },
      })
    },
    reported: ['warning', /60 of 100 quick requests were refused/, /higher rate limit/],
  },
  {
    name: 'a service that is broken',
    prepare: (cloud) =>
      void cloud.faults.add({
        match: { service: 'compute', operation: 'keypairs.list' },
        times: null,
        do: { respond: { status: 500, body: { computeFault: { code: 500, message: 'Unexpected API Error.' } } } },
      }),
    reported: ['problem', /Unexpected API Error.*req-/s, /tell the cloud's operator/],
  },
  {
    name: 'tight quota of instances',
    targets: () => ({ vms: 201 }),
    reported: ['problem', /instances: 0 of 200 used, 200 left/, /quota of at least 201 instances/],
  },
  {
    name: 'tight quotas of ports and volumes',
    user: 'bosh-small',
    targets: (cloud) => ({ vms: 4, network: [idOf(cloud, 'networks', 'small-net')] }),
    besides: 6,
    reported: ['problem', /ports: \d of 3 used/, /quota of at least \d+ ports/],
  },
  {
    name: 'tight quota of volumes',
    user: 'bosh-small',
    targets: (cloud) => ({ vms: 4, network: [idOf(cloud, 'networks', 'small-net')] }),
    besides: 6,
    reported: ['problem', /volumes: 0 of 1 used, 1 left/, /quota of at least 4 volumes/],
  },
  {
    name: 'unknown volume type',
    openstack: { default_volume_type: 'platinum' },
    reported: ['problem', /volume type platinum does not exist/, /Use one of: .*standard/],
  },
  {
    name: 'public stemcells without administrator rights',
    openstack: { stemcell_public_visibility: true },
    reported: ['warning', /stemcell_public_visibility is set, the user is no admin/, /publicize_image/],
  },
  {
    name: 'upload of images forbidden',
    deep: true,
    prepare: (cloud) => void cloud.faults.add(forbidden('image', 'images.create')),
    reported: ['problem', /create_stemcell: .*403/, /right to create images/],
  },
  {
    name: 'metadata refused',
    deep: true,
    prepare: (cloud) => {
      for (const operation of ['server-metadata.update', 'server-metadata.create', 'server-metadata.replace']) {
        cloud.faults.add({ ...forbidden('compute', operation), times: null })
      }
    },
    reported: ['problem', /set_vm_metadata: .*403/, /right to write server metadata/],
  },
  {
    name: 'no host for a VM',
    deep: true,
    prepare: (cloud) => void cloud.addPreset('no-valid-host', { times: null }),
    reported: ['problem', /create_vm: .*No valid host/s, /--flavor/],
  },
]

test.each([...faults, ...networkFaults])(
  '§11 $name',
  async ({ reported: [severity, found, remedy], besides = 0, ...question }) => {
    const { cloud, report } = await examined(question)
    const all = complaints(report)
    const [it, ...duplicates] = all.filter((complaint) => complaint.startsWith(severity) && found.test(complaint))
    expect(it, all.join('\n')).toBeDefined()
    expect(duplicates).toEqual([])
    expect(it?.split(' | ')[2]).toMatch(remedy)
    expect(all.length - 1, `nothing else is wrong:\n${all.join('\n')}`).toBe(besides)
    if (question.deep === true) expect(cloud.leftovers()).toEqual({})
  },
)
