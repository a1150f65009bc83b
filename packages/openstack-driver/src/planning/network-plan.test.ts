import type { NetworkSpecs } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dynamic, manual, vip } from '../../test/network-specs.ts'
import { ipv4Of, type NetworkPlanInput, planNetworks } from './network-plan.ts'
import type { PortNic } from './nic-plan.ts'

const plan = (networks: NetworkSpecs, given: Partial<NetworkPlanInput> = {}) =>
  planNetworks({ networks, vm: { allowedAddressPairs: [] }, useDhcp: false, hasConfigDrive: true, ...given })

const portOf = (networks: NetworkSpecs, given: Partial<NetworkPlanInput> = {}): PortNic => {
  const [nic] = plan(networks, given).nics
  if (nic?.kind !== 'port') throw new Error('the first NIC has no port')
  return nic
}
const onNet = (net_id: string) => ({ cloudProperties: { net_id } })

describe('§6.2 rules', () => {
  const refused: readonly [string, NetworkSpecs, RegExp][] = [
    ['no network', [], /At least one dynamic or manual network should be defined/],
    ['only a vip', [vip('v')], /At least one dynamic or manual network should be defined/],
    ['two dynamic', [dynamic('a'), dynamic('b', onNet('net-2'))], /Only one dynamic network per instance/],
    ['two vips', [manual('a'), vip('v'), vip('w')], /Only one VIP network per instance/],
    ['no net_id', [manual('a', { cloudProperties: {} })], /Manual network must have net_id.*'a'/],
    ['empty net_id', [manual('a', onNet(''))], /Network 'a': net_id must not be empty/],
    ['one net_id twice', [manual('a'), manual('b')], /Manual network with id net-1 is already defined/],
    ['bad address', [manual('a', { ip: '10.0.0.256' })], /Network 'a' has an invalid IP address '10.0.0.256'/],
    [
      'bad prefix',
      [manual('a', { nicGroup: '1' }), manual('b', { nicGroup: '1', prefix: '33', ip: '10.1.0.0' })],
      /invalid prefix '33'/,
    ],
    ['lonely prefix', [manual('a', { prefix: '28' })], /'a' is a delegated prefix: it needs a nic_group/],
    [
      'group of prefixes',
      [manual('a', { prefix: '28', nicGroup: '1' })],
      /nic_group '1' needs a network with a single address/,
    ],
    [
      'group of two IPv4',
      [manual('a', { nicGroup: '1' }), manual('b', { nicGroup: '1' })],
      /nic_group '1' has more than one IPv4 address/,
    ],
    [
      'group of two IPv6 prefixes',
      [
        manual('a', { nicGroup: '1' }),
        manual('b', { nicGroup: '1', ip: '2001:db8:1::', prefix: '80' }),
        manual('c', { nicGroup: '1', ip: '2001:db8:2::', prefix: '64' }),
      ],
      /nic_group '1' has more than one IPv6 prefix/,
    ],
    [
      'group over two nets',
      [manual('a', { nicGroup: '1' }), manual('b', { nicGroup: '1', ip: '2001:db8::7', ...onNet('net-2') })],
      /nic_group '1' must have the same net_id/,
    ],
    [
      'group with dynamic',
      [manual('a', { nicGroup: '1' }), dynamic('b', { nicGroup: '1' })],
      /A dynamic network cannot share nic_group '1'/,
    ],
    ['vip of no group', [manual('a'), vip('v', { nicGroup: '9' })], /'v' names nic_group '9', which no network has/],
    [
      'dynamic without net_id among others',
      [manual('a'), dynamic('b', { cloudProperties: {} })],
      /Dynamic network 'b' needs a net_id/,
    ],
    [
      'unknown type',
      [manual('a'), { type: 'unknown', wireType: 'x', name: 'b', cloudProperties: {}, raw: {} }],
      /Invalid network type 'x' of network 'b'.*can only handle/,
    ],
    [
      'vip without address',
      [manual('a'), { type: 'vip', name: 'v', cloudProperties: {}, raw: {} }],
      /No IP provided for vip network 'v'/,
    ],
    [
      'allocation from nowhere',
      [manual('a'), vip('v', { cloudProperties: { allocate: true } })],
      /'allocate' needs 'network'/,
    ],
    [
      'security groups as text',
      [manual('a', { cloudProperties: { net_id: 'n', security_groups: 'x' } })],
      /Network 'a': security_groups must be an array/,
    ],
  ]
  test.each(refused)('refuses %s', (_, networks, message) => {
    expect(() => plan(networks)).toThrow(
      expect.objectContaining({ code: 'VmCreationFailed', okToRetry: false, message: expect.stringMatching(message) }),
    )
  })

  test('reports all problems together', () => {
    expect(() => plan([manual('a', { cloudProperties: {} }), vip('v'), vip('w')])).toThrow(/Only one VIP[\s\S]*net_id/)
  })

  test.each([
    ['DHCP', { useDhcp: true, hasConfigDrive: true }],
    ['no config drive', { useDhcp: false, hasConfigDrive: false }],
  ])('refuses several NICs with %s, whoever makes their ports', (_, config) => {
    for (const second of [manual('b', onNet('net-2')), dynamic('b', onNet('net-2'))]) {
      expect(() => plan([manual('a'), second], config)).toThrow(
        expect.objectContaining({
          code: 'VmCreationFailed',
          okToRetry: false,
          message:
            "Multiple manual networks can only be used with 'openstack.use_dhcp=false' and 'openstack.config_drive=cdrom|disk'",
        }),
      )
    }
  })

  test('lets a dual-stack NIC use DHCP: it is one NIC', () => {
    const networks = [manual('v4', { nicGroup: '1' }), manual('v6', { nicGroup: '1', ip: '2001:db8::7' })]
    expect(plan(networks, { useDhcp: true, hasConfigDrive: false }).nics).toHaveLength(1)
  })
})

describe('§6.3 NICs', () => {
  test('keeps the order of the operator, dynamic networks among manual ones', () => {
    const { nics } = plan([manual('z'), dynamic('m', onNet('net-2')), manual('a', onNet('net-3'))])
    expect(nics.map(({ kind, networks }) => [kind, ...networks])).toEqual([
      ['port', 'z'],
      ['server', 'm'],
      ['port', 'a'],
    ])
  })

  test('a single dynamic network without net_id lets Nova choose', () => {
    expect(plan([dynamic('d', { cloudProperties: {} })]).nics).toEqual([{ kind: 'server', networks: ['d'] }])
  })

  test('§5.2 a dynamic network with a property of ports gets a port whose address Neutron picks', () => {
    expect(
      portOf([dynamic('d', { cloudProperties: { net_id: 'n', subnet_id: 's', vnic_type: 'direct' } })]),
    ).toMatchObject({
      networkId: 'n',
      fixedIps: [{ subnetId: 's' }],
      vnicType: 'direct',
    })
  })

  test.each([
    ['vnic_type', 'direct', { vnicType: 'direct' }],
    ['binding_profile', { capabilities: ['switchdev'] }, { bindingProfile: { capabilities: ['switchdev'] } }],
    ['qos_policy_id', 'q', { qosPolicyId: 'q' }],
    ['dns_name', 'x', { dnsName: 'x' }],
    ['port_security_enabled', false, { portSecurity: false }],
  ])('§5.2 %s is for the port, also on a dynamic network', (property, value, expected) => {
    const cloudProperties = { net_id: 'n', [property]: value }
    expect(portOf([manual('a', { cloudProperties })])).toMatchObject(expected)
    expect(portOf([dynamic('d', { cloudProperties })])).toMatchObject(expected)
  })

  test('contract §7 the address on a wire of a dynamic network is no request', () => {
    expect(plan([dynamic('d', { raw: { type: 'dynamic', ip: '10.0.0.9' } })]).nics).toEqual([
      { kind: 'server', networks: ['d'], networkId: 'net-1' },
    ])
  })

  test('a nic_group is one port with all its single addresses; prefixes become address pairs', () => {
    const nic = portOf([
      manual('v4', { nicGroup: '1', prefix: '32' }),
      manual('v6', { nicGroup: '1', ip: '2001:db8::7', prefix: '128' }),
      manual('p4', { nicGroup: '1', ip: '10.9.0.16', prefix: '28' }),
      manual('p6', { nicGroup: '1', ip: '2001:db8:1::', prefix: '80' }),
    ])
    expect(nic.networks).toEqual(['v4', 'v6', 'p4', 'p6'])
    expect(nic.fixedIps).toEqual([{ ipAddress: '10.0.0.7' }, { ipAddress: '2001:db8::7' }])
    expect(nic.addressPairs).toEqual([{ ipAddress: '10.9.0.16/28' }, { ipAddress: '2001:db8:1::/80' }])
    expect(ipv4Of(nic)).toBe('10.0.0.7')
  })

  test('members of a nic_group keep their own subnets; other properties come from the first that has them', () => {
    const nic = portOf([
      manual('v4', { nicGroup: '1', cloudProperties: { net_id: 'n', subnet_id: 's4', vnic_type: 'normal' } }),
      manual('v6', {
        nicGroup: '1',
        ip: '2001:db8::7',
        cloudProperties: { net_id: 'n', subnet_id: 's6', vnic_type: 'direct', dns_name: 'x' },
      }),
    ])
    expect(nic.fixedIps.map(({ subnetId }) => subnetId)).toEqual(['s4', 's6'])
    expect([nic.vnicType, nic.dnsName]).toEqual(['normal', 'x'])
  })

  test('contract §3 null cloud properties count as absent', () => {
    expect(
      portOf([manual('a', { cloudProperties: { net_id: 'n', subnet_id: null, security_groups: null } })]).fixedIps,
    ).toEqual([{ ipAddress: '10.0.0.7' }])
  })

  test('property: every wired network is on exactly one NIC, whatever the groups', () => {
    const group = fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined })
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 6 }), (groups) => {
        const seen = new Map<string, number>()
        const networks = groups.map((nicGroup, index) => {
          const n = nicGroup === undefined ? 0 : (seen.get(nicGroup) ?? 0)
          if (nicGroup !== undefined) seen.set(nicGroup, n + 1)
          const given = [
            { ip: '10.0.0.7' },
            { ip: '2001:db8::7' },
            { ip: '10.1.0.0', prefix: '24' },
            { ip: '2001:db8:1::', prefix: '64' },
          ][n]
          const netId = nicGroup === undefined ? `net-${index}` : `net-g${nicGroup}`
          return manual(`n${index}`, { ...given, ...(nicGroup === undefined ? {} : { nicGroup }), ...onNet(netId) })
        })
        fc.pre([...seen.values()].every((count) => count <= 4))
        const { nics } = plan(networks)
        expect(nics.flatMap(({ networks: names }) => names).toSorted()).toEqual(
          networks.map(({ name }) => name).toSorted(),
        )
        const groupsAndLoners = seen.size + groups.filter((g) => g === undefined).length
        expect(nics).toHaveLength(groupsAndLoners)
      }),
    )
  })
})

describe('contract §7 default network', () => {
  test('is the one with the gateway', () => {
    const result = plan([manual('a'), manual('b', { default: ['dns', 'gateway'], ...onNet('net-2') })])
    expect([result.defaultNetwork.name, result.defaultNic.networks]).toEqual(['b', ['b']])
  })
  test('is the only one that is no vip', () => {
    expect(plan([vip('v'), manual('a')]).defaultNetwork.name).toBe('a')
  })
})

describe('§6.4 VRRP', () => {
  const vm = {
    allowedAddressPairs: [{ ipAddress: '10.0.0.100' }, { ipAddress: '10.0.8.0/24', macAddress: 'fa:16:3e:0:0:1' }],
  }

  test('is for the default network only, and single addresses are checked', () => {
    const { nics } = plan([manual('a', { default: ['gateway'] }), manual('b', onNet('net-2'))], { vm })
    expect(nics).toMatchObject([
      { addressPairs: vm.allowedAddressPairs, vrrpAddressesToCheck: ['10.0.0.100'] },
      { addressPairs: [], vrrpAddressesToCheck: [] },
    ])
  })
  test('is refused on a dynamic default network, and only there', () => {
    for (const cloudProperties of [{ net_id: 'n' }, { net_id: 'n', vnic_type: 'direct' }]) {
      expect(() => plan([dynamic('d', { cloudProperties })], { vm })).toThrow(
        expect.objectContaining({
          code: 'VmCreationFailed',
          okToRetry: false,
          message: expect.stringContaining('VRRP is not supported for dynamic networks'),
        }),
      )
    }
    const beside = [manual('a', { default: ['gateway'] }), dynamic('d', onNet('net-2'))]
    expect(plan(beside, { vm }).nics).toMatchObject([{ addressPairs: vm.allowedAddressPairs }, { kind: 'server' }])
  })
  test.each([
    ['in the network', { net_id: 'n', vrrp_port_check: false }, {}, []],
    ['in the VM', { net_id: 'n' }, { vrrpPortCheck: false }, []],
    ['in both, the VM wins', { net_id: 'n', vrrp_port_check: false }, { vrrpPortCheck: true }, ['10.0.0.100']],
  ])('the check can be set %s', (_, cloudProperties, check, expected) => {
    expect(portOf([manual('a', { cloudProperties })], { vm: { ...vm, ...check } }).vrrpAddressesToCheck).toEqual(
      expected,
    )
  })
  test('§5.2 a port without port security has no pairs', () => {
    const cloudProperties = { net_id: 'n', port_security_enabled: false }
    expect(portOf([manual('a', { cloudProperties })], { vm })).toMatchObject({ portSecurity: false, addressPairs: [] })
  })
})

describe('§6.5 vip', () => {
  test('goes to the default NIC', () => {
    const result = plan([manual('a'), manual('b', { default: ['gateway'], ...onNet('net-2') }), vip('v')])
    expect(result.vip).toMatchObject({ network: 'v', ip: '203.0.113.9', nic: { networks: ['b'] } })
  })
  test('contract §7 goes to the NIC of its nic_group', () => {
    const networks = [manual('a', { default: ['gateway'] }), manual('b', { nicGroup: '2', ...onNet('net-2') })]
    expect(plan([...networks, vip('v', { nicGroup: '2' })]).vip?.nic.networks).toEqual(['b'])
  })
  test('may be allocated', () => {
    const cloudProperties = { allocate: true, network: 'public' }
    expect(plan([manual('a'), vip('v', { cloudProperties })]).vip?.allocateFrom).toBe('public')
  })
  test('§6.1 its security groups count as well', () => {
    const withGroups = (security_groups: string[]) => ({ cloudProperties: { net_id: 'n', security_groups } })
    expect(plan([manual('a', withGroups(['x'])), vip('v', withGroups(['y']))]).networkSecurityGroups).toEqual([
      ['x'],
      ['y'],
    ])
  })
})
