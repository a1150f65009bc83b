import { Call, type Peers } from './call.ts'
import type { Mounted } from './mounted.ts'
import { authorise, checkSchemas, identify } from './request-checks.ts'

/**
 * Lets a service ask another one as a client with the caller's token, as Nova does for its proxies of other APIs. What
 * the other refuses is thrown as its `ApiError`. Such a request is in no journal and hit by no fault rule.
 */
export const peersOf =
  (mounted: ReadonlyMap<string, Mounted>): Peers =>
  (caller, { service: name, method, path, body, contentType = 'application/json' }) => {
    const mount = [...mounted.values()].find(({ service }) => service.name === name)
    if (!mount) throw new Error(`the fake has no service ${name}`)
    const { service } = mount
    const url = new URL(`${caller.origin}${service.prefix}${path}`)
    const destination = mount.find(method, url.pathname.slice(service.prefix.length))
    if (destination.kind !== 'route') throw new Error(`${name} has no route ${method} ${path}`)
    const { route, params } = destination.match
    const headers = { 'x-auth-token': caller.request.headers.get('x-auth-token') ?? '', 'content-type': contentType }
    const call = new Call({
      context: caller.context,
      request: new Request(url, { method, headers }),
      url,
      serviceUrl: `${caller.origin}${service.prefix}`,
      origin: caller.origin,
      params,
      requestId: caller.requestId,
      dialect: service.dialect,
      token: caller.tokenIfAny,
      body,
      upload: null,
    })
    const access = route.access ?? 'token'
    identify(call, service, access)
    const pattern = `${method} ${route.path.replace(/:\w+/g, ':id')}`
    if (service.schemas) checkSchemas(call, service, service.schemas, pattern)
    authorise(call, access)
    const reply = route.handle(call)
    if (reply instanceof Promise) throw new Error(`${name} answers ${method} ${path} later only`)
    return reply.body
  }
