import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type CapabilityKind, capabilitiesOf } from './capabilities.ts'
import { picked } from './octavia-resource.ts'

const providers = [
  { name: 'amphora', description: 'The noop amphora driver' },
  { name: 'octavia', description: 'An alias of amphora' },
]

/** Refuses a provider that this cloud does not have. */
export const checkProvider = (name: string): void => {
  if (!providers.some((one) => one.name === name)) throw badRequest(`Provider '${name}' is not enabled.`)
}

/** Refuses data that is no JSON object (400) or that the provider does not understand (501). */
export const checkProviderData = (
  call: Call,
  kind: CapabilityKind,
  provider: string,
  data: string,
  key: string,
): void => {
  const content = parsed(data)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badRequest(`${data} is not a valid option for ${key}`)
  }
  const refuse = (reason: string): ApiError =>
    new ApiError(501, `Provider '${provider}' does not support a requested option: ${reason}`)
  for (const [name, value] of Object.entries(content)) {
    const option = capabilitiesOf(call, kind).find((one) => one.name === name)
    if (!option) throw refuse(`Additional properties are not allowed ('${name}' was unexpected)`)
    if (option.type === 'list') continue
    const type = option.type ?? 'string'
    if (typeof value !== type) throw refuse(`${pythonRepr(value)} is not of type '${type}'`)
    if (typeof value !== 'string') continue
    if (option.choices && !option.choices.includes(value)) {
      throw refuse(`'${value}' is not one of [${option.choices.map((one) => `'${one}'`).join(', ')}]`)
    }
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // refused by the caller, as Octavia does
  }
}

const listCapabilities =
  (kind: CapabilityKind) =>
  (call: Call): Reply => {
    if (!call.isAdmin) throw octaviaDialect.forbidden('')
    checkProvider(call.param('provider'))
    const list = capabilitiesOf(call, kind).map(({ name, description }) => ({ description, name }))
    return ok({ [`${kind}_capabilities`]: list })
  }

const readOnly = (call: Call): never => {
  throw octaviaDialect.wrongMethod(['GET'], call.request.method)
}

/** One provider has no path, and amphorae are not shown where the provider has none: Octavia refuses the methods. */
const readOnlyRoutes: readonly Route[] = (
  [
    ['/providers/:id', ['GET', 'PUT', 'POST', 'DELETE']],
    ['/amphorae', ['POST', 'PUT', 'DELETE']],
    ['/amphorae/:id', ['PUT', 'POST', 'DELETE']],
  ] as const
).flatMap(([path, methods]) =>
  methods.map(
    (method): Route => ({
      method,
      path,
      operation: `${path.slice(1)}.${method.toLowerCase()}-refused`,
      handle: readOnly,
    }),
  ),
)

const noAmphorae = (): never => {
  throw octaviaDialect.unknownRoute()
}

/** https://docs.openstack.org/api-ref/load-balancer/v2/#providers */
export const providerRoutes: readonly Route[] = [
  ...readOnlyRoutes,
  { method: 'GET', path: '/amphorae', operation: 'amphorae.list', handle: noAmphorae },
  { method: 'GET', path: '/amphorae/:id', operation: 'amphorae.show', handle: noAmphorae },
  {
    method: 'GET',
    path: '/providers',
    operation: 'providers.list',
    handle: (call) => ok({ providers: providers.map((one) => picked(call, one)) }),
  },
  {
    method: 'GET',
    path: '/providers/:provider/flavor_capabilities',
    operation: 'providers.flavor_capabilities',
    handle: listCapabilities('flavor'),
  },
  {
    method: 'GET',
    path: '/providers/:provider/availability_zone_capabilities',
    operation: 'providers.availability_zone_capabilities',
    handle: listCapabilities('availability_zone'),
  },
]
