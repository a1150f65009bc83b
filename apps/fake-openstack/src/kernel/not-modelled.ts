import { ApiError } from './api-error.ts'
import type { Call } from './call.ts'
import type { Route } from './service.ts'

/** Refuses with 501 a request that only the real service answers; `part` is the action or the query key. */
export const notModelled = (call: Call, part?: string): never => {
  const what = part === undefined ? '' : ` with ${part}`
  throw new ApiError(501, `The fake does not model ${call.request.method} ${call.url.pathname}${what}.`, {
    isOutsideApi: true,
  })
}

/**
 * Lets routes answer 501 to query keys that the service obeys and the fake does not (by path, with `:id` for each
 * parameter), in all their comparisons (`name__contains`). What the service refuses anyway stays refused; `isOff` says of
 * which values a key is as good as absent.
 */
export const withUnmodelledKeys = (
  routes: readonly Route[],
  keys: Readonly<Record<string, readonly string[]>>,
  isOff: (name: string, values: readonly string[]) => boolean = () => false,
): Route[] =>
  routes.map((route) => {
    const own = route.method === 'GET' ? keys[route.path.replace(/:\w+/g, ':id')] : undefined
    if (!own) return route
    return {
      ...route,
      handle: (call) => {
        const reply = route.handle(call)
        const asked = call.query.names.filter(
          (name) => own.includes(name.split('__')[0] ?? name) && !isOff(name, call.query.valuesOf(name)),
        )
        return asked.length === 0 ? reply : notModelled(call, `?${asked.join(', ?')}`)
      },
    }
  })
