import { expect, test } from 'vitest'
import { computeCloud } from '../../test/compute-client.ts'

const libvirt = { deviceNames: 'next-free' } as const
type Cloud = Awaited<ReturnType<typeof computeCloud>>

async function attach({ nova, cloud }: Cloud, server: string, volumeId: string): Promise<void> {
  await nova('POST', `/servers/${server}/os-volume_attachments`, { volumeAttachment: { volumeId } })
  cloud.clock.advance('5s')
}

async function detach({ nova, cloud }: Cloud, server: string, volumeId: string): Promise<void> {
  await nova('DELETE', `/servers/${server}/os-volume_attachments/${volumeId}`)
  cloud.clock.advance('5s')
}

async function act({ nova, cloud }: Cloud, server: string, action: object): Promise<void> {
  await nova('POST', `/servers/${server}/action`, action)
  cloud.clock.advance('5s')
}

const soft = { reboot: { type: 'SOFT' } }
const hard = { reboot: { type: 'HARD' } }

/** `device content` of each disk, volumes by the names that the test gives them. */
const seen = ({ cloud }: Cloud, server: string, volumes: Readonly<Record<string, string>> = {}): readonly string[] =>
  cloud.guest(server).disks.map(({ device, content, volumeId }) => {
    const name = Object.entries(volumes).find(([, id]) => id === volumeId)?.[0]
    return `${device} ${name ?? content}`
  })

test('a guest sees root disk, ephemeral disk and config drive, with size and label', async () => {
  const given = await computeCloud({ ...libvirt, configDriveType: 'disk' })
  const server = await given.running({ flavorRef: '11', config_drive: true })
  expect(given.cloud.guest(server)).toMatchObject({
    boots: 1,
    isRunning: true,
    disks: [
      { device: '/dev/vda', content: 'root', sizeGiB: 1, links: [], novaDevice: '/dev/vda' },
      { device: '/dev/vdb', content: 'ephemeral', sizeGiB: 10, label: 'ephemeral0', novaDevice: '/dev/vdb' },
      { device: '/dev/vdc', content: 'config-drive', label: 'config-2' },
    ],
    configDrive: { type: 'disk', files: { 'openstack/latest/meta_data.json': expect.stringContaining(server) } },
    metadata: { 'latest/meta-data/instance-type': 'm1.tiny.ephemeral' },
  })
  const disk = await given.volume()
  await attach(given, server, disk)
  expect(given.cloud.guest(server).disks.at(-1)).toMatchObject({
    device: '/dev/vdd',
    novaDevice: '/dev/vdd',
    volumeId: disk,
  })
})

test('after a detachment and a reboot the guest names a virtio disk otherwise than Nova', async () => {
  const given = await computeCloud(libvirt)
  const server = await given.running()
  const [A, B] = [await given.volume(), await given.volume()]
  await attach(given, server, A)
  await attach(given, server, B)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdb A', '/dev/vdc B'])
  await detach(given, server, A)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdc B'])
  await act(given, server, soft)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdb B'])
  expect(given.cloud.guest(server).disks[1]).toMatchObject({ novaDevice: '/dev/vdc', serial: B.slice(0, 20) })
  await attach(given, server, A)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdb B', '/dev/vdc A'])
  await act(given, server, soft)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdb A', '/dev/vdc B'])
})

test('after a hard reboot a virtio disk is where its name at Nova puts it, and a config drive in the first gap', async () => {
  const given = await computeCloud({ ...libvirt, configDriveType: 'disk' })
  const server = await given.running({ config_drive: true })
  const [A, B] = [await given.volume(), await given.volume()]
  for (const volume of [A, B]) await attach(given, server, volume)
  await detach(given, server, A)
  await attach(given, server, A)
  const named = ['/dev/vda root', '/dev/vdb config-drive', '/dev/vdc A', '/dev/vdd B']
  expect(seen(given, server, { A, B })).toEqual(named)
  await act(given, server, hard)
  expect(seen(given, server, { A, B })).toEqual(named)
  await detach(given, server, A)
  await act(given, server, hard)
  expect(seen(given, server, { A, B })).toEqual(['/dev/vda root', '/dev/vdb config-drive', '/dev/vdc B'])
})

test('on a SCSI bus names change with each boot and links do not', async () => {
  const given = await computeCloud(libvirt)
  const { cloud, nova, idOf } = given
  const headers = {
    'x-auth-token': await cloud.token('bosh'),
    'content-type': 'application/openstack-images-v2.1-json-patch',
  }
  await cloud.fetch(`${cloud.url}/image/v2/images/${idOf('images', 'tiny-image')}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify([{ op: 'add', path: '/hw_disk_bus', value: 'scsi' }]),
  })
  const server = await given.running({ flavorRef: '11' })
  const disk = await given.volume()
  await attach(given, server, disk)
  const byLink = () =>
    Object.fromEntries(cloud.guest(server).disks.map(({ links, content, device }) => [content, [links, device]]))
  const before = byLink()
  await act(given, server, soft)
  const after = byLink()
  const link = (name: string) => [`/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${name}`]
  expect(before).toEqual({
    root: [link('drive-scsi0-0-0-0'), '/dev/sdb'],
    ephemeral: [link('drive-scsi0-0-0-1'), '/dev/sda'],
    volume: [link(disk), '/dev/sdc'],
  })
  expect(after).toEqual({
    root: [link('drive-scsi0-0-0-0'), '/dev/sdc'],
    ephemeral: [link('drive-scsi0-0-0-1'), '/dev/sda'],
    volume: [link(disk), '/dev/sdb'],
  })
  const { json } = await nova('GET', `/servers/${server}/os-volume_attachments`)
  expect(Object(json).volumeAttachments).toMatchObject([{ device: '/dev/sdc' }])
})

test('a guest that is off has no disks; what is attached meanwhile is there after the start', async () => {
  const given = await computeCloud(libvirt)
  const server = await given.running()
  await act(given, server, { 'os-stop': null })
  expect(given.cloud.guest(server)).toMatchObject({ isRunning: false, boots: 1, disks: [] })
  const A = await given.volume()
  await attach(given, server, A)
  await act(given, server, { 'os-start': null })
  expect(seen(given, server, { A })).toEqual(['/dev/vda root', '/dev/vdb A'])
  expect(given.cloud.guest(server).boots).toBe(2)
})

test('a volume that is being attached is not in the guest yet', async () => {
  const given = await computeCloud(libvirt)
  const server = await given.running()
  const disk = await given.volume()
  given.cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { hold: true } })
  await attach(given, server, disk)
  expect(seen(given, server)).toEqual(['/dev/vda root'])
  given.cloud.lifecycle.release()
  expect(seen(given, server)).toEqual(['/dev/vda root', '/dev/vdb volume'])
})

test('the guest is shown by the control API, and survives a snapshot', async () => {
  const given = await computeCloud(libvirt)
  const { cloud } = given
  const server = await given.running({ user_data: Buffer.from('{"a":1}').toString('base64') })
  await attach(given, server, await given.volume())
  await act(given, server, soft)
  const guest = cloud.guest(server)
  const shown = await cloud.fetch(`${cloud.url}/_fake/guests/${server}`)
  expect([shown.status, await shown.json()]).toEqual([200, guest])
  expect(guest.metadata['latest/user-data']).toBe('{"a":1}')
  const other = await computeCloud(libvirt)
  other.cloud.restore(cloud.snapshot())
  expect(other.cloud.guest(server)).toEqual(guest)
  expect((await cloud.fetch(`${cloud.url}/_fake/guests/none`)).status).toBe(404)
  expect(() => cloud.guest('none')).toThrow('there is no guest of a server none')
})
