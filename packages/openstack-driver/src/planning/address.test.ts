import { expect, test } from 'vitest'
import { cidrContains, fixedIpFilter, ipVersion, isAddressOrCidr, isSameAddress } from './address.ts'

test.each([
  ['10.0.0.7', 4],
  ['2001:DB8::7', 6],
  ['::ffff:10.0.0.7', 6],
  ['10.0.0', undefined],
  ['10.0.0.256', undefined],
  ['0x0a.0.0.1', undefined],
  ['', undefined],
  ['10.0.0.0/8', undefined],
])('the IP version of "%s" is %s', (address, version) => {
  expect(ipVersion(address)).toBe(version)
})

test.each([
  ['10.10.0.0/22', '10.10.3.254', true],
  ['10.10.0.0/22', '10.10.4.1', false],
  ['2001:db8::/64', '2001:db8::7', true],
  ['2001:db8::/64', '10.10.0.1', false],
  ['0.0.0.0/0', '2001:db8::7', false],
  ['nonsense', '10.0.0.1', false],
  ['10.0.0.0/8', 'nonsense', false],
])('%s contains %s: %s', (cidr, address, expected) => {
  expect(cidrContains(cidr, address)).toBe(expected)
})

test('an IPv6 address has many spellings', () => {
  expect(isSameAddress('2001:db8::7', '2001:0DB8:0:0::7')).toBe(true)
  expect(isSameAddress('2001:db8::7', '2001:db8::8')).toBe(false)
})

test.each([
  ['10.0.0.7', 'ip_address=10.0.0.7'],
  ['2001:0DB8:0:0::0007', 'ip_address=2001:db8::7'],
  ['FD00:40:0:1:0:0:0:100', 'ip_address=fd00:40:0:1::100'],
])('Neutron is asked for %s by %s', (address, filter) => {
  expect(fixedIpFilter(address)).toBe(filter)
})

test.each([
  ['10.0.0.0/24', true],
  ['2001:db8::/64', true],
  ['10.0.0.0/33', false],
  ['host', false],
])('"%s" is an address or CIDR: %s', (text, expected) => {
  expect(isAddressOrCidr(text)).toBe(expected)
})
