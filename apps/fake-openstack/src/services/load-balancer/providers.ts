import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

const providers = [
  { name: 'amphora', description: 'The noop amphora driver' },
  { name: 'octavia', description: 'An alias of amphora' },
]

type Kind = 'flavor' | 'availability_zone'

/** Options of a flavor's or zone's data, which the amphora provider names and checks. */
const capabilities: Readonly<
  Record<Kind, readonly { name: string; description: string; choices?: readonly string[]; isList?: true }[]>
> = {
  flavor: [
    {
      name: 'loadbalancer_topology',
      description:
        'The load balancer topology. One of: SINGLE - One amphora per load balancer. ACTIVE_STANDBY - Two amphora per load balancer.',
      choices: ['SINGLE', 'ACTIVE_STANDBY'],
    },
    { name: 'compute_flavor', description: 'The compute driver flavor ID.' },
    { name: 'amp_image_tag', description: 'The amphora image tag.' },
  ],
  availability_zone: [
    { name: 'compute_zone', description: 'The compute availability zone.' },
    { name: 'management_network', description: 'The management network ID for the amphora.' },
    {
      name: 'valid_vip_networks',
      description:
        'List of network IDs that are allowed for VIP use. This overrides/replaces the list of allowed networks configured in `octavia.conf`.',
      isList: true,
    },
  ],
}

/** Refuses a provider that this cloud does not have. */
export const checkProvider = (name: string): void => {
  if (!providers.some((one) => one.name === name)) throw badRequest(`Provider '${name}' is not enabled.`)
}

/** Refuses data that is no JSON object (400) or that the provider does not understand (501). */
export const checkProviderData = (kind: Kind, provider: string, data: string, key: string): void => {
  const content = parsed(data)
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badRequest(`${data} is not a valid option for ${key}`)
  }
  const refuse = (reason: string): ApiError =>
    new ApiError(501, `Provider '${provider}' does not support a requested option: ${reason}`)
  for (const [name, value] of Object.entries(content)) {
    const option = capabilities[kind].find((one) => one.name === name)
    if (!option) throw refuse(`Additional properties are not allowed ('${name}' was unexpected)`)
    if (option.isList) continue
    if (typeof value !== 'string') throw refuse(`${JSON.stringify(value)} is not of type 'string'`)
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

const capabilitiesOf =
  (kind: Kind) =>
  (call: Call): Reply => {
    if (!call.isAdmin) throw octaviaDialect.forbidden('')
    checkProvider(call.param('provider'))
    const list = capabilities[kind].map(({ name, description }) => ({ description, name }))
    return ok({ [`${kind}_capabilities`]: list })
  }

/** https://docs.openstack.org/api-ref/load-balancer/v2/#providers */
export const providerRoutes: readonly Route[] = [
  { method: 'GET', path: '/providers', operation: 'providers.list', handle: () => ok({ providers }) },
  {
    method: 'GET',
    path: '/providers/:provider/flavor_capabilities',
    operation: 'providers.flavor_capabilities',
    handle: capabilitiesOf('flavor'),
  },
  {
    method: 'GET',
    path: '/providers/:provider/availability_zone_capabilities',
    operation: 'providers.availability_zone_capabilities',
    handle: capabilitiesOf('availability_zone'),
  },
]
