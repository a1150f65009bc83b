import { expect, test } from 'vitest'
import { type PortNic, portBody } from './nic-plan.ts'

const nic: PortNic = {
  kind: 'port',
  networks: ['a'],
  networkId: 'net-1',
  fixedIps: [{ ipAddress: '10.0.0.7', subnetId: 's' }],
  addressPairs: [{ ipAddress: '10.0.0.0/24', macAddress: 'fa:16:3e:00:00:01' }],
  vrrpAddressesToCheck: [],
}
const given = { name: 'vm-1-a', description: 'd', securityGroupIds: ['sg'] }

test('§6.3 a port has network, addresses, groups and pairs', () => {
  expect(portBody(nic, given)).toEqual({
    network_id: 'net-1',
    name: 'vm-1-a',
    description: 'd',
    fixed_ips: [{ subnet_id: 's', ip_address: '10.0.0.7' }],
    security_groups: ['sg'],
    allowed_address_pairs: [{ ip_address: '10.0.0.0/24', mac_address: 'fa:16:3e:00:00:01' }],
  })
})

test('§6.1 an empty list of groups is left out, for it would mean "no group" to Neutron', () => {
  expect(portBody(nic, { ...given, securityGroupIds: [] })).not.toHaveProperty('security_groups')
})

test('§5.2 without port security there are neither groups nor pairs', () => {
  const body = portBody({ ...nic, portSecurity: false }, given)
  expect(body).toMatchObject({ port_security_enabled: false })
  expect(body).not.toHaveProperty('security_groups')
  expect(body).not.toHaveProperty('allowed_address_pairs')
})

test('§5.2 port security that is asked for is told, for the network may do without', () => {
  expect(portBody({ ...nic, portSecurity: true }, given)).toMatchObject({
    port_security_enabled: true,
    security_groups: ['sg'],
  })
  expect(portBody(nic, given)).not.toHaveProperty('port_security_enabled')
})

test('§5.2 passes on vnic type, binding profile, QoS policy and DNS name', () => {
  const special = {
    vnicType: 'direct',
    bindingProfile: { capabilities: ['switchdev'] },
    qosPolicyId: 'q',
    dnsName: 'x',
  }
  expect(portBody({ ...nic, ...special }, given)).toMatchObject({
    'binding:vnic_type': 'direct',
    'binding:profile': { capabilities: ['switchdev'] },
    qos_policy_id: 'q',
    dns_name: 'x',
  })
})
