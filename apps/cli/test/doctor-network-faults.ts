import { expect } from 'vitest'
import { type Fault, idOf, type Question, seedWith } from './doctor-cloud.ts'

const network = (name: string, subnets: readonly { name: string; cidr: string; dhcp?: boolean; gateway?: null }[]) => ({
  seed: seedWith((seed) => ({
    ...seed,
    networks: [...seed.networks, { name, project: 'bosh', subnets: [...subnets] }],
  })),
})

const boshGroup = (change: (rules: readonly Rule[]) => readonly Rule[]) => ({
  seed: seedWith((seed) => ({
    ...seed,
    securityGroups: seed.securityGroups.map((group) => ({ ...group, rules: [...change(group.rules)] })),
  })),
})
type Rule = { portMin: number | null; remoteGroup: string | null }

const asked = (name: string): Pick<Question, 'targets'> => ({
  targets: (cloud) => ({ network: [idOf(cloud, 'networks', name)] }),
})

/** What can be wrong with networks, security groups and floating IPs. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'network of another project',
    ...asked('small-net'),
    reported: ['problem', /is not accessible/, /Own networks: (?!.*public \().*bosh-net \(/],
  },
  {
    name: 'id of a subnet instead of a network',
    targets: (cloud) => ({ network: [idOf(cloud, 'subnets', 'bosh-net-subnet')] }),
    reported: ['problem', /is the id of a subnet/, /Use net_id: [0-9a-f-]{36}, and subnet_id: /],
  },
  {
    name: 'network without a subnet',
    cloud: network('bare', []),
    ...asked('bare'),
    reported: ['problem', /bare \| It has no subnet/, /Add a subnet/],
  },
  {
    name: 'external network',
    ...asked('public'),
    openstack: { config_drive: 'cdrom' },
    reported: ['warning', /public.*external network/, /internal network/],
  },
  {
    name: 'no DHCP with use_dhcp',
    cloud: network('static', [{ name: 'static-subnet', cidr: '10.99.0.0/24', dhcp: false }]),
    ...asked('static'),
    openstack: { config_drive: 'cdrom' },
    reported: [
      'problem',
      /static 10.99.0.0\/24 \| .*no subnet offers it/,
      /Enable DHCP on the subnet, or set use_dhcp: false/,
    ],
  },
  {
    name: 'neither DHCP nor config drive',
    cloud: network('static', [{ name: 'static-subnet', cidr: '10.99.0.0/24', dhcp: false }]),
    ...asked('static'),
    openstack: { use_dhcp: false },
    reported: ['warning', /neither DHCP nor a config drive/, /Set config_drive/],
  },
  {
    name: 'neither gateway nor config drive',
    cloud: network('island', [{ name: 'island-subnet', cidr: '10.99.0.0/24', gateway: null }]),
    ...asked('island'),
    reported: ['warning', /neither gateway nor config drive/, /Set config_drive/],
  },
  {
    name: 'missing security group',
    openstack: { default_security_groups: ['bosch'] },
    reported: ['problem', /Security group 'bosch' not found/, /correct its name/],
  },
  {
    name: 'two security groups of one name',
    prepare: async (cloud) => {
      const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
      const body = JSON.stringify({ security_group: { name: 'bosh' } })
      const made = await cloud.fetch(`${cloud.url}/network/v2.0/security-groups`, { method: 'POST', headers, body })
      expect(made.status).toBe(201)
    },
    reported: ['problem', /Security group name 'bosh' is ambiguous, use an id instead: [0-9a-f-]{36}, /, /name or id/],
  },
  ...(
    [
      ['SSH', 22, /port 22 is closed .*SSH/],
      ['the agent', 6868, /port 6868 is closed .*create-env/],
      ['the director', 25_555, /port 25555 is closed .*the director/],
    ] as const
  ).map(
    ([of, port, reported]): Fault => ({
      name: `closed port of ${of}`,
      cloud: boshGroup((rules) => rules.filter((rule) => rule.portMin !== port)),
      reported: ['problem', reported, new RegExp(`ingress rule for TCP ${port} `)],
    }),
  ),
  {
    name: 'members of a group that cannot reach each other',
    cloud: boshGroup((rules) => rules.filter((rule) => rule.remoteGroup === null)),
    reported: ['warning', /cannot reach each other on all ports/, /from the group itself/],
  },
  {
    name: 'no egress',
    prepare: async (cloud) => {
      const headers = { 'x-auth-token': await cloud.token('bosh') }
      const url = `${cloud.url}/network/v2.0/security-group-rules`
      const listed: { security_group_rules: readonly { id: string; direction: string }[] } = JSON.parse(
        await (await cloud.fetch(`${url}?direction=egress`, { headers })).text(),
      )
      for (const { id } of listed.security_group_rules) await cloud.fetch(`${url}/${id}`, { method: 'DELETE', headers })
    },
    reported: ['problem', /no egress rule/, /Add egress rules/],
  },
  {
    name: 'floating IP that is not allocated',
    targets: () => ({ floatingIp: ['203.0.113.99'] }),
    reported: ['problem', /floating IP 203.0.113.99 is not allocated to project/, /use one of: 203.0.113.137/],
  },
  {
    name: 'no floating IP',
    cloud: { seed: seedWith((seed) => ({ ...seed, floatingIps: [] })) },
    reported: ['warning', /0 allocated, none free/, /Allocate one from the external network/],
  },
]
