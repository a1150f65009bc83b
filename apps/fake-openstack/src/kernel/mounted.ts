import { type RouteMatch, Router } from './router.ts'
import type { Route, ServiceDefinition } from './service.ts'

/** Where a request leads: to a route, to one that only the real service has, or to none. */
export type Destination =
  | { kind: 'route'; match: RouteMatch<Route> }
  | { kind: 'unmodelled' }
  | { kind: 'wrong method'; allowed: readonly string[] }
  | { kind: 'unknown' }

/** A service and its routes, which are sorted in when the first request comes for it. */
export class Mounted {
  readonly service: ServiceDefinition
  #router: Router<Route> | undefined
  #published: Router<true> | undefined

  constructor(service: ServiceDefinition) {
    this.service = service
  }

  /** Finds the destination of a method and a path below the service's prefix. */
  find(method: string, path: string): Destination {
    this.#router ??= routerOf(this.service)
    const { trailingSlash, jsonSuffix, doubleSlash } = this.service.transport
    // Werkzeug makes one slash of two, once: of three it makes two, which are in no path of its.
    if (doubleSlash === 'redirected' && /\/{3,}[^/]/.test(path)) return { kind: 'unknown' }
    const hasSuffix = jsonSuffix && /\.json\/*$/.test(path)
    const plain = decoded(hasSuffix ? path.replace(/\.json(?=\/*$)/, '') : path)
    const found = this.#router.match(method, plain)
    if (found && 'route' in found) {
      if (hasSuffix && found.route.noJsonSuffix) return { kind: 'unknown' }
      const isStrict = trailingSlash === 'unknown' && !found.route.atRoot && plain.endsWith('/')
      return isStrict ? { kind: 'unknown' } : { kind: 'route', match: found }
    }
    this.#published ??= publishedOf(this.service)
    const published =
      trailingSlash === 'unknown' && plain.endsWith('/') ? undefined : this.#published.match(method, plain)
    if (published && 'route' in published) return { kind: 'unmodelled' }
    // A path with a slash at its end is another one, whatever the method.
    if (trailingSlash === 'unknown' && this.service.bases.some((base) => isBelow(plain, base)))
      return { kind: 'unknown' }
    const allowed = new Set([...(found?.allowed ?? []), ...(published?.allowed ?? [])])
    return allowed.size > 0 ? { kind: 'wrong method', allowed: [...allowed] } : { kind: 'unknown' }
  }

  /** Whether the real service has this action on this route, which the fake serves with others. */
  hasAction(route: Route, key: string): boolean {
    const path = route.path.replace(/:\w+/g, ':id')
    return this.service.publishedActions?.[path]?.includes(key) ?? false
  }
}

/** Whether a path with a slash at its end is below this base, and not the base itself. */
const isBelow = (path: string, base: string): boolean =>
  path.endsWith('/') && path.startsWith(`${base}/`) && path.length > base.length + 1

/** The services' servers decode a path before they part it: an encoded slash is a slash. */
const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path // not an encoding: the text itself is what the client meant
  }
}

const routerOf = (service: ServiceDefinition): Router<Route> => {
  const router = new Router<Route>()
  for (const route of service.routes) {
    if (route.atRoot) router.add(route.method, route.path, route)
    else for (const base of service.bases) router.add(route.method, base + route.path, route)
  }
  return router
}

/** The real service's routes as pairs of methods and path. */
export const publishedLines = ({ publishedRoutes }: ServiceDefinition): { methods: string[]; path: string }[] =>
  publishedRoutes
    .trim()
    .split('\n')
    .map((line) => {
      const words = line.split(' ')
      return { methods: words.slice(0, -1), path: words.at(-1) ?? '' }
    })

const publishedOf = (service: ServiceDefinition): Router<true> => {
  const router = new Router<true>()
  for (const { methods, path } of publishedLines(service)) {
    for (const method of methods) for (const base of service.bases) router.add(method, base + path, true)
  }
  return router
}

/**
 * Routes and actions that the real service has and the fake has not: `POST /backups`, `POST /servers/:id/action
 * restore`.
 */
export const unmodelledOf = (service: ServiceDefinition): string[] => {
  const modelled = new Router<Route>()
  for (const route of service.routes) if (!route.atRoot) modelled.add(route.method, route.path, route)
  const out: string[] = []
  for (const { methods, path } of publishedLines(service)) {
    for (const method of methods) {
      const found = modelled.match(method, path.replaceAll(':id', 'x'))
      if (!found || !('route' in found) || found.route.endsUnmodelled) out.push(`${method} ${path}`)
      const actions = method === 'POST' ? (service.publishedActions?.[path] ?? []) : []
      const known = found && 'route' in found ? (found.route.actions ?? {}) : {}
      if (found && 'route' in found) {
        out.push(...actions.filter((key) => !Object.hasOwn(known, key)).map((key) => `${method} ${path} ${key}`))
      }
    }
  }
  for (const [path, keys] of Object.entries(service.unmodelledQueryKeys ?? {})) {
    out.push(...keys.map((key) => `GET ${path}?${key}`))
  }
  return out
}

/** Operations by service, for checking fault rules. */
export const operationsOf = (services: readonly ServiceDefinition[]): Map<string, Set<string>> =>
  new Map(
    services.map((service) => [
      service.name,
      new Set(
        service.routes.flatMap((route) => [
          route.operation,
          ...Object.values(route.actions ?? {}).map((action) => action.operation),
        ]),
      ),
    ]),
  )
