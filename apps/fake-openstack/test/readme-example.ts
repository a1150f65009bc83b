import { createFakeOpenStack } from 'fake-openstack'

const cloud = createFakeOpenStack() // a whole OpenStack, nothing shared with another
const { url } = await cloud.listen() // over HTTP; `cloud.fetch(request)` answers without a port

// Any OpenStack client can talk to it. This one speaks plain HTTP:
const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
type Answer = { server: { id: string; name: string; status: string } }
const send = async (method: string, path: string, body?: object): Promise<Answer> => {
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return JSON.parse(await (await fetch(`${url}/compute/v2.1${path}`, init)).text())
}

const { images, networks } = cloud.state() // every resource by kind, with types
const wanted = {
  flavorRef: '2',
  imageRef: images.find(({ name }) => name === 'tiny-image')?.id,
  networks: [{ uuid: networks.find(({ name }) => name === 'bosh-net')?.id }],
}

cloud.addPreset('no-valid-host', { skip: 1 }) // the second server will find no host
const a = await send('POST', '/servers', { server: { name: 'a', ...wanted } })
const b = await send('POST', '/servers', { server: { name: 'b', ...wanted } })
cloud.clock.advance('1m') // time stands still until it is told to pass
for (const { server } of [a, b]) {
  const shown = await send('GET', `/servers/${server.id}`)
  process.stdout.write(`${shown.server.name} ${shown.server.status}\n`) // a ACTIVE, b ERROR
}
cloud.faults.assertAllHit()
await cloud.close()
