import { join } from 'node:path'
import { readYaml, runScript, type ScriptedCall, type Values, withValues } from '@openstack-cpi/harness/call-script'
import { startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { manualNetwork } from '@openstack-cpi/harness/create-vm'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { expect, onTestFinished, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

const kinds = {
  image: (id: unknown) => given().view.show('image', `images/${id}`, null),
  server: (id: unknown) => given().view.server(id),
  volume: (id: unknown) => given().view.volume(id),
  snapshot: (id: unknown) => given().view.show('volumev3', `snapshots/${id}`, 'snapshot'),
  port: async (server: unknown) => (await given().view.portsOf(String(server)))[0],
  portAt: async (ip: unknown) => {
    const network = given().cloud.networks['bosh-net']?.id
    const path = `ports?network_id=${network}&fixed_ips=ip_address%3D${ip}`
    return (await given().view.list('network', path, 'ports'))[0]
  },
}
interface CheckedCall extends ScriptedCall {
  readonly result?: unknown
  readonly matches?: string
  readonly look?: Readonly<Partial<Record<keyof typeof kinds, { readonly id: unknown; readonly has: object | null }>>>
}
const script: readonly CheckedCall[] = readYaml('life-cycle.yaml', import.meta.url)
const secret = 'S3CRET-marker-0f1e2d'

test('contract §6, §6.24, §12 each step of a life cycle leaves the cloud in the state BOSH was told, with one login and no secret in what is written', async () => {
  const { cloud, folder, directorWith } = given()
  const proxy = await startCountingProxy()
  onTestFinished(() => proxy.close())
  const director = await directorWith({
    openstack: { connection_options: { proxy: proxy.url } },
    environment: { OPENSTACK_CPI_LOG_LEVEL: 'debug', OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') },
  })
  const values: Values = {
    ...cloud,
    secret,
    stemcellImage: await writeStemcellImage(folder),
    stemcellProperties: stemcellCloudProperties,
    network: manualNetwork(cloud, 'bosh-net', '10.10.2.17'),
  }
  const secrets = [secret, Buffer.from(secret).toString('base64').slice(0, 24), cloud.user.password]
  const context = { some_secret_of_the_entry: `context-${secret}` }
  const send = ({ call, arguments: args }: CheckedCall) => director.call(call, args, { context })
  await runScript(script, values, send, async (step, answer) => {
    const name = JSON.stringify(step)
    const expected = withValues(step, values)
    expect(answer.error?.type, `${name}: ${answer.error?.message}`).toBe(step.error)
    if ('result' in expected) expect(answer.result, name).toEqual(expected.result)
    if (step.matches) expect(answer.result, name).toMatch(new RegExp(step.matches))
    for (const [kind, { id, has }] of Object.entries(expected.look ?? {})) {
      const seen = await kinds[kind as keyof typeof kinds](id) // a key of the data
      if (has === null) expect(seen, name).toBeUndefined()
      else expect(seen, name).toMatchObject(has)
    }
    const written = JSON.stringify(answer)
    for (const text of secrets) expect(written.includes(text), `${name} writes ${text}`).toBe(false)
    expect(written).not.toMatch(/gAAAAA[\w-]{20}/) // a Fernet token
  })
  const logins = proxy.take().filter(({ method, url }) => method === 'POST' && url.endsWith('/auth/tokens'))
  expect(logins).toHaveLength(1)
})
