import * as z from 'zod/mini'
import { answerReader, readEach, textOrEmpty } from '../../http/read-answer.ts'
import type { ServiceClient } from '../../http/service-client.ts'

export interface AddressPair {
  /** An address or a CIDR. */
  readonly ip_address: string
  readonly mac_address?: string
}

export interface FixedIp {
  readonly subnet_id: string
  readonly ip_address: string
}

export interface Port {
  readonly id: string
  readonly name: string
  readonly network_id: string
  readonly mac_address: string
  readonly status: string
  /** Server the port is bound to; `""` when free. */
  readonly device_id: string
  /** `compute:<az>` for servers; `""` when free. */
  readonly device_owner: string
  readonly fixed_ips: readonly FixedIp[]
  readonly security_groups: readonly string[]
  readonly allowed_address_pairs: readonly AddressPair[]
  readonly port_security_enabled?: boolean
  readonly project_id: string
  readonly description?: string | null
  readonly tags?: readonly string[]
  readonly created_at?: string
}

export interface PortCreate {
  /** Unique, so that the port can be looked up when no response is received. */
  readonly name: string
  readonly network_id: string
  readonly fixed_ips?: readonly { readonly subnet_id?: string; readonly ip_address?: string }[]
  readonly security_groups?: readonly string[]
  readonly allowed_address_pairs?: readonly AddressPair[]
  readonly port_security_enabled?: boolean
  readonly description?: string
  readonly 'binding:vnic_type'?: string
  readonly 'binding:profile'?: Readonly<Record<string, unknown>>
  readonly qos_policy_id?: string
  readonly dns_name?: string
}

export interface PortQuery {
  readonly device_id?: string
  readonly network_id?: string
  readonly name?: string
  /** For example `ip_address=10.0.0.7`; several are combined by "and". */
  readonly fixed_ips?: string | readonly string[]
  readonly device_owner?: string
  readonly status?: string
  readonly project_id?: string
  readonly tags?: string
}

/** What decides about a port. Some clouds leave out, or answer as null, what is empty. */
const readPort = answerReader<Port>('port', () =>
  z.looseObject({
    id: z.string(),
    name: textOrEmpty,
    device_id: textOrEmpty,
    device_owner: textOrEmpty,
    fixed_ips: z.pipe(
      z.optional(z.nullable(z.array(z.looseObject({ ip_address: z.string() })))),
      z.transform((given) => given ?? []),
    ),
  }),
)

const listed = (client: ServiceClient, query: PortQuery): AsyncIterable<Port> =>
  readEach(client.pages('ports', { ...query }, { key: 'ports' }), readPort)

/** Neutron ports. https://docs.openstack.org/api-ref/network/v2/#ports */
export const ports = (client: ServiceClient) => {
  const path = (id: string): string => `ports/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  return {
    create: (port: PortCreate) => client.post<Port>('ports', { port }, { expect: 201, pick: 'port', repeat: 'lookup' }),
    show: async (id: string) => readPort(await client.get(path(id), { pick: 'port' })),
    list: (query: PortQuery = {}) => listed(client, query),
    /** Takes the port from its server. */
    release: (id: string) =>
      client.put<Port>(path(id), { port: { device_id: '', device_owner: '' } }, { expect: 200, pick: 'port' }),
    delete: remove,
    /** Replaces all tags. A create drops the tags given to it. */
    setTags: (id: string, tags: readonly string[]) =>
      client.put<string[]>(`${path(id)}/tags`, { tags }, { expect: 200, pick: 'tags' }),
  }
}
