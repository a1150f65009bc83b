import { join } from 'node:path'
import { readYaml, type Values, withValues } from '@openstack-cpi/harness/call-script'
import type { Tenant } from '@openstack-cpi/harness/cloud-description'
import { loginsAmong, openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { createVmArguments, manualNetwork } from '@openstack-cpi/harness/create-vm'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, onTestFailed, onTestFinished, test, vi } from 'vitest'
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
  readonly look?: readonly Look[]
  readonly until?: readonly Look[]
}
interface Scenario {
  readonly title: string
  /** Service of the catalog, without which the scenario is skipped. */
  readonly needs?: string
  readonly openstack?: Readonly<Record<string, unknown>>
  readonly steps: readonly Step[]
}
/** `has`: an object or a list; null: there is no such object. */
type Look = readonly [kind: string, id: string, has: object | null]

const kinds: Readonly<Record<string, readonly [service: string, path: string, key: string]>> = readYaml(
  'kinds.yaml',
  import.meta.url,
)

/** Lists that no query of a service selects. */
const selected: Readonly<Record<string, (view: TenantView, id: string) => Promise<readonly unknown[]>>> = {
  groupSizes: async (view, name) =>
    (await view.list('compute', 'os-server-groups', 'server_groups'))
      .filter((group) => group['name'] === name)
      .map((group) => (group['members'] as string[]).length),
  volumesOf: async (view, server) =>
    (await view.list('volumev3', 'volumes/detail', 'volumes')).filter(({ attachments }) =>
      JSON.stringify(attachments).includes(server),
    ),
}

async function check(view: TenantView, [kind, id, has]: Look, name: string): Promise<void> {
  const [service = '', path = '', key = ''] = kinds[kind] ?? []
  const read = () => view[Array.isArray(has) ? 'list' : 'show'](service, path.replace('{id}', id), key)
  const seen = await (selected[kind]?.(view, id) ?? read())
  if (has === null) expect(seen, name).toBeUndefined()
  else expect(seen, name).toMatchObject(has)
}

function networksOf({ cloud }: CloudFixture, networks: Networks): string | object {
  if (typeof networks === 'string') return networks
  const resolved = Object.entries(networks).map(([name, { on, ip = '', ...more }]) => [
    name,
    on ? manualNetwork(cloud, on, ip, more) : { ip, ...more },
  ])
  return Object.fromEntries(resolved)
}

/** How long a service may take to change what it was told to change, ms. */
const settling = { timeout: 120_000, interval: 250 }

const secret = 'S3CRET-marker-0f1e2d'
const context = { some_secret_of_the_entry: `context-${secret}` }

/** The scenarios of a file in `suite/`, a test each. */
export function testScenarios(name: string): void {
  const given = useCloud()
  const scenarios: readonly Scenario[] = readYaml(`suite/${name}.yaml`, import.meta.url)
  test.for(scenarios.map((scenario) => [scenario.title, scenario] as const))('%s', ([, scenario], { skip }) => {
    const { needs } = scenario
    if (needs !== undefined && !given().cloud.endpoints[needs]) skip(`this cloud has no ${needs}`)
    return runScenario(given(), scenario)
  })
}

async function runScenario(fixture: CloudFixture, scenario: Scenario): Promise<void> {
  const { cloud, view, folder, director: cleaner, directorWith } = fixture
  const values: Values = {
    ...cloud,
    secret,
    folder,
    light: `${cloud.image.id} light`,
    stemcellImage: await writeStemcellImage(folder),
    stemcellProperties: stemcellCloudProperties,
    network: manualNetwork(cloud, 'bosh-net', '10.10.2.17'),
  }
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
    const { look: _, until: __, result: ___, ...asked } = scripted
    const name = JSON.stringify(scripted)
    const step = withValues(asked, values)
    if (step.create) {
      const id = await view.create(...step.create, step.with ?? {})
      const [service, path] = step.create
      const remove = async () => expect((await view.request('DELETE', service, `${path}/${id}`)).status).not.toBe(409)
      onTestFailed(() => vi.waitFor(remove, settling)) // 409: the service is still busy with it
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
      if ('result' in scripted) expect(answer, name).toMatchObject(withValues({ result: scripted.result }, values))
      const written = JSON.stringify(answer)
      for (const text of secrets) expect(written.includes(text), `${name} writes ${text}`).toBe(false)
      expect(written).not.toMatch(/gAAAAA[\w-]{20}/) // a Fernet token
    }
    for (const one of withValues(scripted.look ?? [], values)) await check(view, one, name)
    for (const one of withValues(scripted.until ?? [], values)) await vi.waitFor(() => check(view, one, name), settling)
  }
  expect(loginsAmong(listener.take()), 'calls share a login').toHaveLength(tenants.size)
  expect(await inventories(), 'left behind').toEqual(before)
}
