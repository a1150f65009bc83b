import type { CloudDescription, Tenant } from './cloud-description.ts'
import { type Login, login } from './login.ts'

/** What a tenant can leave behind: service and path of the list of each kind. */
const lists = {
  servers: ['compute', 'servers/detail'],
  ports: ['network', 'ports?project_id={project}'],
  volumes: ['volumev3', 'volumes'],
  images: ['image', 'images?owner={project}&limit=1000'],
  snapshots: ['volumev3', 'snapshots'],
  floatingips: ['network', 'floatingips?project_id={project}'],
  server_groups: ['compute', 'os-server-groups'],
  networks: ['network', 'networks?project_id={project}'],
  subnets: ['network', 'subnets?project_id={project}'],
  security_groups: ['network', 'security-groups?project_id={project}'],
  keypairs: ['compute', 'os-keypairs'],
} as const
type ResourceKind = keyof typeof lists
const resourceKinds = Object.keys(lists) as readonly ResourceKind[]

/** Ids of a tenant's resources, by kind. */
export type Inventory = Readonly<Record<ResourceKind, readonly string[]>>

/** What is in the second inventory and not in the first, as `kind id`, sorted. */
export function beyond(before: Inventory, now: Inventory): readonly string[] {
  return resourceKinds
    .flatMap((kind) => now[kind].filter((id) => !before[kind].includes(id)).map((id) => `${kind} ${id}`))
    .sort()
}

const versions = new Map([
  ['image', '/v2'],
  ['network', '/v2.0'],
  ['load-balancer', '/v2.0/lbaas'],
])

type Row = Readonly<Record<string, unknown>>

/**
 * Looks at a tenant with plain HTTP, independently of the driver under test, so that a mistake there cannot hide
 * itself.
 */
export class TenantView {
  readonly login: Login

  private constructor(made: Login) {
    this.login = made
  }

  /** Logs in with the tenant's password. */
  static async login(cloud: CloudDescription, tenant: Tenant = cloud.user): Promise<TenantView> {
    return new TenantView(await login(cloud, tenant))
  }

  /** Where a service's paths begin: the version is in some catalogs and not in others. */
  url(service: string): string {
    const url = this.login.endpoints.get(service)
    if (!url) throw new Error(`the catalog has no ${service}`)
    const version = versions.get(service)
    return version === undefined ? url : url.replace(/\/v2(\.0)?$/, '') + version
  }

  /** One request; returns status and parsed body (null when there is none). */
  async request(
    method: string,
    service: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const token = { 'x-auth-token': this.login.token }
    const response = await fetch(`${this.url(service)}/${path}`, {
      method,
      ...(body === undefined
        ? { headers: token }
        : { headers: { ...token, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : parse(text) }
  }

  /** Creates an object, named `key` in request and answer; returns its id. */
  async create(service: string, path: string, key: string, fields: object): Promise<string> {
    const { status, body } = await this.request('POST', service, path, { [key]: fields })
    if (status > 299) throw new Error(`POST ${service} ${path}: HTTP ${status} ${JSON.stringify(body)}`)
    return String(Object(Object(body)[key]).id)
  }

  /** The object, or undefined when the service answers 404 or shows it as deleted. */
  async show(service: string, path: string, key: string | null): Promise<Row | undefined> {
    const { status, body } = await this.request('GET', service, path)
    if (status === 404) return undefined
    if (status !== 200) throw new Error(`GET ${service} ${path}: HTTP ${status}`)
    const row = (key === null ? body : (body as Record<string, unknown>)[key]) as Row
    return isDeletedServer(service, row) ? undefined : row
  }

  async list(service: string, path: string, key: string): Promise<readonly Row[]> {
    const { status, body } = await this.request('GET', service, path)
    if (status !== 200) throw new Error(`GET ${service} ${path}: HTTP ${status}`)
    const rows = (body as Record<string, readonly Row[]>)[key] ?? []
    return rows.filter((row) => !isDeletedServer(service, row))
  }

  /** @param id as text, or as another row has it */
  server(id: unknown): Promise<Row | undefined> {
    return this.show('compute', `servers/${id}`, 'server')
  }

  /** @param id as text, or as another row has it */
  volume(id: unknown): Promise<Row | undefined> {
    return this.show('volumev3', `volumes/${id}`, 'volume')
  }

  portsOf(serverId: string): Promise<readonly Row[]> {
    return this.list('network', `ports?device_id=${serverId}`, 'ports')
  }

  /** Everything the tenant owns now; Neutron's own ports (DHCP, routers) are left out. */
  async inventory(): Promise<Inventory> {
    const idsOf = async (kind: ResourceKind): Promise<readonly string[]> => {
      const [service, path] = lists[kind]
      const rows = await this.list(service, path.replace('{project}', this.login.projectId), kind)
      const own = rows.filter((row) => !String(row['device_owner']).startsWith('network:'))
      return own.map((row) => String(kind === 'keypairs' ? Object(row['keypair']).name : row['id'])).sort()
    }
    const entries = await Promise.all(resourceKinds.map(async (kind) => [kind, await idsOf(kind)] as const))
    return Object.fromEntries(entries) as Inventory // an entry for each kind
  }
}

/** Nova shows a server for some seconds after its end (seen on 2025.1). */
const isDeletedServer = (service: string, row: Row): boolean => service === 'compute' && row['status'] === 'DELETED'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // Glance answers some errors in HTML
  }
}
