import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { z } from 'zod/mini'
import { GuestHost } from '../guest-host.ts'
import { useGuestZone } from '../guest-zone.ts'

const zone = useGuestZone()
const keyFile = z.object({ keypair: z.object({ public_key: z.string() }) })

/** The public key of the zone's key pair, as the agent installs it. */
async function publicKey(): Promise<string> {
  const { keypair } = z.parse(keyFile, JSON.parse(await readFile(GuestHost.descriptionFile, 'utf8')))
  return (await readFile(keypair.public_key, 'utf8')).trim()
}

test('contract §8.2 settings and key come from the metadata service when there is no config drive (qcow2 stemcell)', async () => {
  const { guest, vm, networks } = await zone().createGuest({ format: 'qcow2' })
  const boot = await guest.ready(1)
  expect(boot.one('config_drive').device).toBeNull()
  expect(boot.one('settings')).toMatchObject({
    source: 'metadata-service',
    key: await publicKey(),
    agent_id: expect.stringMatching(/^agent-/),
    networks,
  })
  expect(boot.one('settings').instance_id).toMatch(/^i-[0-9a-f]{8}$/)
  expect(await zone().view.show('compute', `servers/${vm}`, 'server')).toMatchObject({
    name: boot.one('settings').vm.name,
  })
})

test.each([
  ['disk', /^\/dev\/vd[b-z]$/],
  ['cdrom', /^\/dev\/sr\d$/],
] as const)('contract §8.2 settings and key come from a config drive presented as %s', async (presentation, device) => {
  const { guest, networks } = await zone().createGuest({ configDrive: presentation })
  const boot = await guest.ready(1)
  const drive = boot.one('config_drive')
  expect(drive.device).toMatch(device)
  expect(drive.files).toEqual(
    expect.arrayContaining(['ec2/latest/meta-data.json', 'ec2/latest/user-data', 'openstack/latest/user_data']),
  )
  expect(boot.one('settings')).toMatchObject({ source: 'config-drive', key: await publicKey(), networks })
})

test('contract §8.1 settings close to the limit of user data arrive whole', async () => {
  // 65 535 characters of base64 hold 49 151 bytes of settings
  const certificate = 'x'.repeat(46_000)
  const env = { bosh: { group: 'director-guests-web', mbus: { cert: { certificate } } }, note: 'large' }
  const { guest } = await zone().createGuest({ env })
  const settings = (await guest.ready(1)).one('settings')
  expect(settings.bytes).toBeGreaterThan(46_000)
  expect(settings.env_keys).toEqual(['bosh', 'note'])
  expect(settings.certificate_sha256).toBe(createHash('sha256').update(certificate).digest('hex'))
})
