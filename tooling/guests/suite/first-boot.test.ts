import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fetchFromOutside } from '../guest-host.ts'
import type { Boot } from '../guest-reports.ts'
import { useGuestZone } from '../guest-zone.ts'

// Each guest proves several things: a boot without KVM takes most of a row's time.
const zone = useGuestZone()

/** The public key of the zone's key pair, as the agent installs it. */
const publicKey = async () => (await readFile(String(zone().cloud.keypair.public_key), 'utf8')).trim()
const networkOf = (boot: Boot, network: string) => boot.all('network').find(({ name }) => name === network)
const rootDiskOf = (boot: Boot) => {
  const { root_disk: root, disks } = boot.one('disks')
  return disks.find(({ name }) => name === root)
}

test('contract §8.2 qcow2 stemcell, metadata service, manual network with DHCP, floating IP, allowed address pairs', async () => {
  const [ip, allowed, refused] = [zone().nextAddress(), zone().nextAddress(), zone().nextAddress()]
  const [floatingIp] = zone().cloud.floating_ips
  const { guest, vm, networks } = await zone().createGuest({
    format: 'qcow2',
    networks: {
      private: zone().manualNetwork('guest-net', ip),
      outside: { type: 'vip', ip: floatingIp, cloud_properties: {} },
    },
    properties: { allowed_address_pairs: allowed, vrrp_port_check: false },
  })
  const boot = await guest.ready(1)
  const settings = boot.one('settings')
  expect(boot.one('config_drive').device).toBeNull()
  expect(settings).toMatchObject({ source: 'metadata-service', key: await publicKey(), networks })
  expect(settings.instance_id).toMatch(/^i-[0-9a-f]{8}$/)
  const server = await zone().view.server(vm)
  expect(settings.vm.name).toBe(server?.['name'])

  expect(networkOf(boot, 'private')).toMatchObject({ nic: 'eth0', mac: networks['private']?.['mac'] })
  expect(networkOf(boot, 'private')?.addresses).toContain(`${ip}/22`)
  expect(await fetchFromOutside(String(floatingIp))).toContain(settings.agent_id)

  await guest.call('add_address', [allowed, 'eth0'])
  await guest.call('add_address', [refused, 'eth0'])
  expect(await guest.at(allowed).disks()).toMatchObject({ root_disk: 'vda' })
  await expect(guest.at(refused).disks(), 'an address that is not allowed').rejects.toThrow(/curl/)
})

test('contract §8.2 config drive as CD-ROM, two NICs without DHCP, one of them dual stack, root disk of the flavor', async () => {
  const ip = zone().nextAddress()
  const v4 = ip.replace('10.60.', '10.62.')
  const v6 = `fd00:62::${v4.split('.')[3]}`
  const { guest, networks } = await zone().createGuest({
    networks: {
      one: zone().manualNetwork('guest-net', ip),
      v4: zone().manualNetwork('guest-net-dual', v4, { nic_group: '1', default: [] }),
      v6: zone().manualNetwork('guest-net-dual', v6, { nic_group: '1', default: [] }),
    },
    openstack: { use_dhcp: false },
    configDrive: 'cdrom',
    properties: { instance_type: 'g1.big' },
  })
  const boot = await guest.ready(1)
  const drive = boot.one('config_drive')
  expect(drive.device).toMatch(/^\/dev\/sr\d$/)
  expect(drive.files).toEqual(
    expect.arrayContaining(['ec2/latest/meta-data.json', 'ec2/latest/user-data', 'openstack/latest/user_data']),
  )
  expect(boot.one('settings')).toMatchObject({ source: 'config-drive', key: await publicKey(), networks })
  expect(rootDiskOf(boot)?.MiB).toBe(3 * 1024)

  expect(boot.one('nics').nics).toEqual(['eth0', 'eth1'])
  for (const name of ['one', 'v4', 'v6']) expect(networkOf(boot, name)?.mac, name).toBe(networks[name]?.['mac'])
  expect(networkOf(boot, 'one')?.addresses).toContain(`${ip}/22`)
  expect(networkOf(boot, 'v6')?.nic).toBe(networkOf(boot, 'v4')?.nic)
  expect(networkOf(boot, 'v6')?.addresses).toEqual(expect.arrayContaining([`${v4}/22`, `${v6}/64`]))
})

test('contract §8.1 settings close to the limit of user data, dynamic network, boot from a volume that goes with the VM', async () => {
  // 65 535 characters of base64 hold 49 151 bytes of settings
  const certificate = 'x'.repeat(46_000)
  const { guest, vm, director } = await zone().createGuest({
    networks: {
      dynamic: {
        type: 'dynamic',
        cloud_properties: { net_id: zone().cloud.networks['guest-net']?.id },
        default: ['dns'],
      },
    },
    properties: { instance_type: 'g1.nodisk', boot_from_volume: true, root_disk: { size: 2 } },
    env: { bosh: { group: 'director-guests-web', mbus: { cert: { certificate } } }, note: 'large' },
  })
  const boot = await guest.ready(1)
  const settings = boot.one('settings')
  expect(settings.bytes).toBeGreaterThan(46_000)
  expect(settings.env_keys).toEqual(['bosh', 'note'])
  expect(settings.certificate_sha256).toBe(createHash('sha256').update(certificate).digest('hex'))
  expect(networkOf(boot, 'dynamic')?.addresses).toContain(`${await zone().addressOf(vm)}/22`)

  const root = rootDiskOf(boot)
  expect(root?.MiB).toBe(2 * 1024)
  const volumes = await zone().view.list('volumev3', 'volumes/detail', 'volumes')
  const volume = volumes.find(({ id }) => root?.serial && String(id).startsWith(root.serial))
  expect(volume).toMatchObject({ status: 'in-use', size: 2 })
  await director.ask('delete_vm', [vm])
  expect(await zone().view.volume(volume?.['id'])).toBeUndefined()
})
