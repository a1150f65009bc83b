import { join } from 'node:path'
import { readYaml, type Values, withValues } from '@openstack-cpi/harness/call-script'
import type { Tenant } from '@openstack-cpi/harness/cloud-description'
import { loginsAmong, openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { createVmArguments, manualNetwork } from '@openstack-cpi/harness/create-vm'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, onTestFailed, onTestFinished, test } from 'vitest'
import { type CloudFixture, useCloud } from './cloud-fixture.ts'

/** Manual networks are `on` a network of the cloud. */
type Networks = string | Readonly<Record<string, { readonly on?: string; readonly ip?: string }>>

interface Step {
  readonly call?: string
  readonly arguments?: readonly unknown[]
  readonly vm?: Omit<Parameters<typeof createVmArguments>[1], 'networks'> & { readonly networks: Networks }
  readonly tenant?: Tenant
  readonly create?: readonly [service: string, path: string, key: string]
  readonly with?: object
  readonly delete?: readonly [service: string, path: string, id: string]
  readonly as?: string
  readonly result?: unknown
  readonly matches?: string
  readonly error?: string
  readonly message?: string
  readonly retry?: boolean
  readonly look?: readonly (readonly [kind: keyof typeof kinds, id: string, has: object | null])[]
}
interface Scenario {
  readonly title: string
  readonly openstack?: Readonly<Record<string, unknown>>
  readonly steps: readonly Step[]
}
/** What a scenario looks at, by an id. */
const kinds = {
  image: ({ view }: CloudFixture, id: string) => view.show('image', `images/${id}`, null),
  server: ({ view }: CloudFixture, id: string) => view.server(id),
  servers: ({ view }: CloudFixture) => view.list('compute', 'servers', 'servers'),
  groupSizes: async ({ view }: CloudFixture, name: string) =>
    (await view.list('compute', 'os-server-groups', 'server_groups'))
      .filter((group) => group['name'] === name)
      .map((group) => (group['members'] as string[]).length),
  volume: ({ view }: CloudFixture, id: string) => view.volume(id),
  volumesOf: async ({ view }: CloudFixture, server: string) =>
    (await view.list('volumev3', 'volumes/detail', 'volumes')).filter(({ attachments }) =>
      JSON.stringify(attachments).includes(server),
    ),
  snapshot: ({ view }: CloudFixture, id: string) => view.show('volumev3', `snapshots/${id}`, 'snapshot'),
  network: ({ view }: CloudFixture, id: string) => view.show('network', `networks/${id}`, 'network'),
  subnets: ({ view }: CloudFixture, network: string) =>
    view.list('network', `subnets?network_id=${network}`, 'subnets'),
  routerPorts: ({ view, cloud }: CloudFixture, network: string) =>
    view.list('network', `ports?network_id=${network}&device_id=${cloud.router.id}`, 'ports'),
  anyPort: ({ view }: CloudFixture, id: string) => view.show('network', `ports/${id}`, 'port'),
  port: async ({ view }: CloudFixture, server: string) => (await view.portsOf(server))[0],
  ports: ({ view }: CloudFixture, server: string) => view.portsOf(server),
  portAt: async ({ view }: CloudFixture, ip: string) =>
    (await view.list('network', `ports?fixed_ips=ip_address%3D${ip}`, 'ports'))[0],
  floatingIps: ({ view }: CloudFixture, address: string) =>
    view.list('network', `floatingips?floating_ip_address=${address}`, 'floatingips'),
  value: async (_fixture: CloudFixture, value: unknown) => value,
}

function networksOf({ cloud }: CloudFixture, networks: Networks): string | object {
  if (typeof networks === 'string') return networks
  const resolved = Object.entries(networks).map(([name, { on, ip = '', ...more }]) => [
    name,
    on ? manualNetwork(cloud, on, ip, more) : { ip, ...more },
  ])
  return Object.fromEntries(resolved)
}

const secret = 'S3CRET-marker-0f1e2d'
const context = { some_secret_of_the_entry: `context-${secret}` }

/** The values of a scenario before its first step. */
async function initialValues({ cloud, folder }: CloudFixture): Promise<Values> {
  return {
    ...cloud,
    secret,
    folder,
    light: `${cloud.image.id} light`,
    stemcellImage: await writeStemcellImage(folder),
    stemcellProperties: stemcellCloudProperties,
    network: manualNetwork(cloud, 'bosh-net', '10.10.2.17'),
  }
}

/** The scenarios of a file in `suite/`, a test each. */
export function testScenarios(name: string): void {
  const given = useCloud()
  const scenarios: readonly Scenario[] = readYaml(`suite/${name}.yaml`, import.meta.url)
  test.for(scenarios.map((scenario) => [scenario.title, scenario] as const))('%s', ([, scenario]) =>
    runScenario(given(), scenario),
  )
}

async function runScenario(fixture: CloudFixture, scenario: Scenario): Promise<void> {
  const { cloud, view, folder, director: cleaner, directorWith } = fixture
  const values = await initialValues(fixture)
  const listener = await openCountingListener(cloud)
  onTestFinished(() => listener.close())
  const openstack = { auth_url: listener.cloud.auth_url, ...withValues(scenario.openstack ?? {}, values) }
  const cache = join(folder, scenario.title.replaceAll(/\W+/g, '-'))
  const environment = { OPENSTACK_CPI_LOG_LEVEL: 'debug', OPENSTACK_CPI_CACHE_DIR: cache }
  const secrets = [secret, Buffer.from(secret).toString('base64').slice(0, 24), cloud.user.password]
  const tenants = new Set<string>()
  const { small_user, other_user } = cloud
  const views = await Promise.all([small_user, other_user].map((tenant) => TenantView.login(cloud, tenant)))
  const inventories = () => Promise.all([view, ...views].map((each) => each.inventory()))
  const before = await inventories()

  for (const scripted of scenario.steps) {
    const { look: _, result: __, ...asked } = scripted
    const name = JSON.stringify(scripted)
    const step = withValues(asked, values)
    if (step.create) {
      const id = await view.create(...step.create, step.with ?? {})
      const [service, path] = step.create
      onTestFailed(async () => void (await view.request('DELETE', service, `${path}/${id}`)))
      values[step.as ?? ''] = id
    }
    if (step.delete) {
      const [service, path, id] = step.delete
      await view.request('DELETE', service, `${path}/${id}`)
    }
    if (step.call) {
      const { tenant = cloud.user } = step
      tenants.add(tenant.name)
      const director = await directorWith({ tenant, openstack, environment })
      const args = step.vm
        ? createVmArguments(cloud, { ...step.vm, networks: networksOf(fixture, step.vm.networks) })
        : (step.arguments ?? [])
      const answer = await director.call(step.call, args, { context })
      if (step.error || !step.message) expect(answer.error?.type, `${name}: ${answer.error?.message}`).toBe(step.error)
      expect(answer.error?.ok_to_retry ?? false, name).toBe(step.retry ?? false)
      if (step.message) expect(answer.error?.message, name).toMatch(new RegExp(step.message))
      if (step.matches) expect(answer.result, name).toMatch(new RegExp(step.matches))
      if (step.as) {
        const cid = Array.isArray(answer.result) ? answer.result[0] : answer.result
        values[step.as] = cid
        values[`${step.as}Result`] = answer.result
        const remove = step.call.replace('create_', 'delete_')
        if (remove !== step.call) onTestFailed(async () => void (await cleaner.call(remove, [cid])))
      }
      if ('result' in scripted) expect(answer.result, name).toEqual(withValues(scripted.result, values))
      const written = JSON.stringify(answer)
      for (const text of secrets) expect(written.includes(text), `${name} writes ${text}`).toBe(false)
      expect(written).not.toMatch(/gAAAAA[\w-]{20}/) // a Fernet token
    }
    for (const [kind, id, has] of withValues(scripted.look ?? [], values)) {
      const seen = await kinds[kind](fixture, id)
      if (has === null) expect(seen, name).toBeUndefined()
      else expect(seen, name).toMatchObject(has)
    }
  }
  expect(loginsAmong(listener.take()), 'calls share a login').toHaveLength(tenants.size)
  expect(await inventories(), 'left behind').toEqual(before)
}
