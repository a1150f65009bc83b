import { expect, test } from 'vitest'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()

/** The port with an address, and the server it belongs to, as Neutron and Nova show them at the moment. */
async function portAt(ip: string) {
  const id = zone().cloud.networks['guest-net']?.id
  const [port] = await zone().view.list('network', `ports?network_id=${id}&fixed_ips=ip_address%3D${ip}`, 'ports')
  return port
}
async function serverAt(ip: string) {
  const device = (await portAt(ip))?.['device_id']
  return device ? zone().view.server(device) : undefined
}

const moments = {
  'its port exists': async (ip: string) => (await portAt(ip)) !== undefined,
  'its server builds': async (ip: string) => (await serverAt(ip))?.['status'] === 'BUILD',
  'its server is active': async (ip: string) => (await serverAt(ip))?.['status'] === 'ACTIVE',
}

/** The call looks at its server after half a minute: it cannot answer as soon as the server is active. */
const openstack = { wait_resource_poll_interval: 60 }

test.each(Object.entries(moments))(
  '§7.4 create_vm boots at its address after an earlier create_vm was killed once %s',
  async (_title, reached) => {
    const ip = zone().nextAddress()
    const networks = { private: zone().manualNetwork('guest-net', ip) }
    await zone().killCreate({ networks, openstack }, () => reached(ip))
    const { guest } = await zone().createGuest({ networks })
    const boot = await guest.ready(1)
    expect(boot.one('network').addresses).toContain(`${ip}/22`)
    expect((await portAt(ip))?.['device_id']).toBe(guest.serverId)
  },
)
