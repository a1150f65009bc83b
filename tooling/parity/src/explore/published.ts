import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Service } from '../probe.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** A schema by which a service checks the body or the query of a route, and the microversions for which it does. */
export interface PublishedSchema {
  readonly part: 'body' | 'query'
  readonly min: string | null
  readonly max: string | null
  readonly schema: JsonSchema
}

/** A route of a service; parameters are written `:name`. */
export interface PublishedRoute {
  readonly method: string
  readonly path: string
  /** First key of the body, for `POST …/action`. */
  readonly action?: string
  readonly schemas: readonly PublishedSchema[]
}

interface Row {
  path: string
  method: string
  schemas: PublishedSchema[]
  actions: { name: string; schemas: PublishedSchema[] }[]
}

type Attributes = Record<string, { allow_post?: boolean; allow_put?: boolean; is_filter?: boolean }>

const script = fileURLToPath(new URL('../../published/publish.py', import.meta.url))
const projects: Readonly<Record<Service, string>> = {
  identity: 'keystone',
  compute: 'nova',
  image: 'glance',
  'block-storage': 'cinder',
  network: 'neutron',
  'load-balancer': 'octavia',
}

/**
 * The routes and schemas of one service, as its own packages on this machine publish them; the reference cloud installs
 * them. They are kept in the folder, for the next time.
 */
export async function publishedRoutes(service: Service, folder: string): Promise<readonly PublishedRoute[]> {
  const file = join(folder, `${projects[service]}.json`)
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept === undefined) {
    await promisify(execFile)('/usr/bin/python3', [script, folder, projects[service]], { maxBuffer: 1 << 26 })
  }
  const content: unknown = JSON.parse(kept ?? (await readFile(file, 'utf8')))
  return routesOf(service, content)
}

function routesOf(service: Service, content: unknown): readonly PublishedRoute[] {
  switch (service) {
    case 'network':
      return neutronRoutes(content as Record<string, Attributes>) // written by publish.py
    case 'load-balancer':
      return octaviaCollections.flatMap((path) => crud(path, []))
    case 'identity':
      return keystoneRoutes(content as { routes: Row[]; schemas: Record<string, JsonSchema> }) // written by publish.py
    default:
      return (content as Row[]).flatMap(expanded) // written by publish.py
  }
}

/** Segments as `:name`, without the format suffix, the project and patterns. */
const plainPath = (path: string): string =>
  path
    .replace(/\.:\(format\)$/, '')
    .replace(/^\/\{project_id[^}]*\}/, '')
    .replace(/^\/v3(?=\/)/, '')
    .replace(/\/:?[({<](?:string:|path:)?(\w+)[^/]*?[)}>]/g, '/:$1')

const expanded = (row: Row): PublishedRoute[] => {
  const path = plainPath(row.path)
  if (row.method === '*' || path === '' || path === '/' || /\/(new|:id\/edit)$/.test(path)) return []
  if (row.actions.length === 0) return [{ method: row.method, path, schemas: row.schemas }]
  return row.actions.map(({ name, schemas }) => ({ method: row.method, path, action: name, schemas }))
}

const crud = (path: string, schemas: readonly PublishedSchema[]): PublishedRoute[] => [
  { method: 'GET', path, schemas },
  { method: 'POST', path, schemas },
  ...['GET', 'PUT', 'DELETE'].map((method) => ({ method, path: `${path}/:id`, schemas })),
]

/** Collections of extensions that come with Neutron's core and its usual plugins; others are separate projects. */
const foreign =
  /^(bgp|bgpvpns|endpoint_groups|firewall|flow_class|fooes|ike|ipsec|vpn|port_(chains|pair)|tap_|alias_|logs|logging|loggable|metering|ndp|local_ips|network_segment)/

const neutronRoutes = (collections: Record<string, Attributes>): PublishedRoute[] =>
  Object.entries(collections).flatMap(([name, attributes]) => {
    if (foreign.test(name)) return []
    const properties = Object.fromEntries(Object.keys(attributes).map((key) => [key, {}]))
    const singular = name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')
    const body = { type: 'object', properties: { [singular]: { type: 'object', properties } } }
    const query = { type: 'object', properties }
    return crud(`/${dashed(name)}`, [
      { part: 'body', min: null, max: null, schema: body },
      { part: 'query', min: null, max: null, schema: query },
    ])
  })

/** Neutron writes some collections with dashes in paths, with underscores in bodies. */
const dashed = (name: string): string =>
  /^(security_group|address_|network_ip|network_segment|rbac|service_p|metering)/.test(name)
    ? name.replaceAll('_', '-')
    : name

const octaviaCollections = [
  '/loadbalancers',
  '/listeners',
  '/pools',
  '/pools/:pool_id/members',
  '/healthmonitors',
  '/l7policies',
  '/l7policies/:l7policy_id/rules',
  '/quotas',
  '/providers',
  '/flavors',
  '/flavorprofiles',
  '/availabilityzones',
  '/availabilityzoneprofiles',
  '/amphorae',
]

const keystoneRoutes = ({ routes, schemas }: { routes: Row[]; schemas: Record<string, JsonSchema> }) =>
  routes.flatMap(expanded).map((route) => {
    const segment =
      route.path
        .split('/')
        .filter((part) => part !== '' && !part.startsWith(':'))
        .at(-1) ?? ''
    const singular = segment.endsWith('ies') ? `${segment.slice(0, -3)}y` : segment.replace(/s$/, '')
    const verb = route.method === 'POST' ? 'create' : 'update'
    const schema = schemas[`${singular}_${verb}`]
    if (!schema || (route.method !== 'POST' && route.method !== 'PATCH')) return route
    const whole = { type: 'object', properties: { [singular]: schema }, required: [singular] }
    return { ...route, schemas: [{ part: 'body' as const, min: null, max: null, schema: whole }] }
  })
