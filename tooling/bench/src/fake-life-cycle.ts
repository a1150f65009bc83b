import type { FakeOpenStack } from 'fake-openstack'

type Answer = Record<'port' | 'volume' | 'server', { id: string; status: string }>

/** Login, port, volume, server, attachment, then all of it back again. */
export async function bootAndDelete(cloud: FakeOpenStack, isWhole: boolean): Promise<void> {
  const token = await cloud.token('bosh')
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await cloud.fetch(`${cloud.url}${path}`, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    const text = await response.text()
    return (text.startsWith('{') ? JSON.parse(text) : {}) as Answer // which envelope it is, the request decides
  }
  const idOf = (kind: string, name: string) =>
    cloud.state()[kind]?.find((one) => 'name' in one && one.name === name)?.id ?? ''
  const volumes = `/volume/v3/${cloud.projectId('bosh')}/volumes`
  const { port } = await ask('POST', '/network/v2.0/ports', { port: { network_id: idOf('networks', 'bosh-net') } })
  const { volume } = await ask('POST', volumes, { volume: { size: 1 } })
  const { server } = await ask('POST', '/compute/v2.1/servers', {
    server: {
      name: 'vm',
      imageRef: idOf('images', 'tiny-image'),
      flavorRef: '1',
      networks: [{ port: port.id }],
    },
  })
  cloud.clock.advance('10s')
  const attachments = `/compute/v2.1/servers/${server.id}/os-volume_attachments`
  await ask('POST', attachments, { volumeAttachment: { volumeId: volume.id } })
  cloud.clock.advance('10s')
  const { server: shown } = await ask('GET', `/compute/v2.1/servers/${server.id}`)
  if (shown.status !== 'ACTIVE') throw new Error(`the server is ${shown.status}`)
  if (!isWhole) return
  await ask('DELETE', `${attachments}/${volume.id}`)
  cloud.clock.advance('10s')
  await ask('DELETE', `${volumes}/${volume.id}`)
  await ask('DELETE', `/compute/v2.1/servers/${server.id}`)
  cloud.clock.advance('10s')
  await ask('DELETE', `/network/v2.0/ports/${port.id}`)
}
