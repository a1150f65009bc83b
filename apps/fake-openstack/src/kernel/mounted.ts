import { Router } from './router.ts'
import type { Route, ServiceDefinition } from './service.ts'

/** A service and its routes, which are sorted in when the first request comes for it. */
export class Mounted {
  readonly service: ServiceDefinition
  #router: Router<Route> | undefined
  #unmodelled: Router<true> | undefined

  constructor(service: ServiceDefinition) {
    this.service = service
  }

  get router(): Router<Route> {
    this.#router ??= routerOf(this.service)
    return this.#router
  }

  /** Whether the real service has this method on a path that is served here with others. */
  lacks(method: string, path: string): boolean {
    this.#unmodelled ??= unmodelledOf(this.service)
    const found = this.#unmodelled.match(method, path)
    return found !== undefined && 'route' in found
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

const unmodelledOf = ({ bases, unmodelled = [] }: ServiceDefinition): Router<true> => {
  const router = new Router<true>()
  for (const [method, path] of unmodelled) for (const base of bases) router.add(method, base + path, true)
  return router
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
