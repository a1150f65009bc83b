import { expect, test } from 'vitest'
import type { Boot } from '../guest.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

/** Addresses with prefix on the NIC of a network of the settings. */
const addressesOf = (boot: Boot, network: string): readonly string[] =>
  boot.all('network').find(({ name }) => name === network)?.addresses ?? []

test.each([true, false])('§7.3 a manual network gives the guest its address (use_dhcp: %s)', async (useDhcp) => {
  const ip = zone().nextAddress()
  const { guest, networks } = await zone().createGuest({
    networks: { private: zone().manualNetwork('guest-net', ip) },
    openstack: { use_dhcp: useDhcp },
  })
  const boot = await guest.ready(1)
  expect(boot.one('network')).toMatchObject({ name: 'private', nic: 'eth0', mac: networks['private']?.['mac'] })
  expect(addressesOf(boot, 'private')).toContain(`${ip}/22`)
})

test('§7.3 a dynamic network gives the guest the address of its port', async () => {
  const net = zone().cloud.networks['guest-net']
  const { guest, vm } = await zone().createGuest({
    networks: { dynamic: { type: 'dynamic', cloud_properties: { net_id: net?.id }, default: ['dns', 'gateway'] } },
  })
  const boot = await guest.ready(1)
  expect(addressesOf(boot, 'dynamic')).toContain(`${await zone().addressOf(vm)}/22`)
})

test('§7.3 two manual networks without DHCP: each NIC is found by the MAC address in the settings', async () => {
  const ip = zone().nextAddress()
  const second = ip.replace('10.60.', '10.61.')
  const { guest, networks } = await zone().createGuest({
    networks: {
      one: zone().manualNetwork('guest-net', ip),
      two: zone().manualNetwork('guest-net-2', second, { default: [] }),
    },
    openstack: { use_dhcp: false },
    configDrive: 'cdrom',
  })
  const boot = await guest.ready(1)
  expect(boot.one('nics').nics).toEqual(['eth0', 'eth1'])
  for (const [name, address] of [
    ['one', ip],
    ['two', second],
  ] as const) {
    const report = boot.all('network').find((network) => network.name === name)
    expect(report?.mac).toBe(networks[name]?.['mac'])
    expect(report?.addresses).toContain(`${address}/22`)
  }
})

test('§7.3 a dual-stack NIC has both addresses of its settings', async () => {
  const v4 = zone().nextAddress().replace('10.60.', '10.62.')
  const v6 = `fd00:62::${v4.split('.')[3]}`
  const cloudProperties = zone().manualNetwork('guest-net-dual', v4)['cloud_properties']
  const { guest, networks } = await zone().createGuest({
    networks: {
      v4: zone().manualNetwork('guest-net-dual', v4, { nic_group: '0' }),
      v6: zone().manualNetwork('guest-net-dual', v6, {
        nic_group: '0',
        default: [],
        cloud_properties: cloudProperties,
      }),
    },
    openstack: { use_dhcp: false },
    configDrive: 'cdrom',
  })
  const boot = await guest.ready(1)
  expect(boot.one('nics').nics).toEqual(['eth0'])
  expect(networks['v4']?.['mac']).toBe(networks['v6']?.['mac'])
  expect(addressesOf(boot, 'v6')).toEqual(expect.arrayContaining([`${v4}/22`, `${v6}/64`]))
})

test('§7.3 a guest answers at its floating IP', async () => {
  const [floatingIp] = zone().cloud.floating_ips
  const { guest } = await zone().createGuest({
    networks: {
      private: zone().manualNetwork('guest-net', zone().nextAddress()),
      outside: { type: 'vip', ip: floatingIp, cloud_properties: {} },
    },
  })
  const { agent_id: agentId } = (await guest.ready(1)).one('settings')
  expect(await zone().host.fetchFromOutside(String(floatingIp))).toContain(agentId)
})

test('§7.3 allowed address pairs let a guest use a further address, and no other', async () => {
  const allowed = zone().nextAddress()
  const refused = zone().nextAddress()
  const { guest } = await zone().createGuest({
    cloudProperties: { allowed_address_pairs: allowed, vrrp_port_check: false },
  })
  await guest.ready(1)
  await guest.call('add_address', [allowed, 'eth0'])
  await guest.call('add_address', [refused, 'eth0'])
  expect(await guest.at(allowed).call('disks')).toMatchObject({ root_disk: 'vda' })
  await expect(guest.at(refused).call('disks')).rejects.toThrow(/curl/)
})
