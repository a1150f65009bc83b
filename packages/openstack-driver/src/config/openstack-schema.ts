import * as z from 'zod/mini'

const text = z.string('must be a string')
const flag = z.boolean('must be true or false')
const texts = z.array(text, 'must be a list of strings')
const positive = (unit: string) =>
  z.number(`must be a number of ${unit}`).check(z.positive(`must be more than 0 ${unit}`))
const seconds = positive('seconds')
// One each: making a schema costs a call more than checking by it.
const optionalText = z.optional(text)
const optionalFlag = z.optional(flag)
const optionalSeconds = z.optional(seconds)
const count = (least: number) => z.int('must be an integer').check(z.minimum(least, `must be at least ${least}`))
const oneOf = <const T extends readonly string[]>(...values: T) => z.enum(values, `must be one of ${values.join(', ')}`)

/** `connection_options` (driver spec §3.3); other keys are passed over with a warning. */
export const connectionOptionsSchema = z.object(
  {
    ca_cert: optionalText,
    ssl_verify_peer: optionalFlag,
    connect_timeout: optionalSeconds,
    read_timeout: optionalSeconds,
    write_timeout: optionalSeconds,
    proxy: optionalText,
  },
  'must be a hash',
)

/**
 * The types of all `openstack` properties (driver spec §1.1), checked after file and call are merged and nulls and empty
 * strings are taken out. `openstack-config.ts` has their defaults, and checks what depends on several of them;
 * `documentation/config-property-docs.ts` has the meaning of each.
 */
export const openstackSchema = z.object({
  auth_url: z.string('is required and must be a string'),
  username: optionalText,
  api_key: optionalText,
  application_credential_id: optionalText,
  application_credential_secret: optionalText,
  project: optionalText,
  project_id: optionalText,
  domain: optionalText,
  user_domain_name: optionalText,
  project_domain_name: optionalText,
  tenant: optionalText,
  region: optionalText,
  endpoint_type: z.optional(oneOf('publicURL', 'internalURL', 'adminURL', 'public', 'internal', 'admin')),
  endpoint_overrides: z.optional(z.record(z.string(), text, 'must be a hash from service to URL')),
  state_timeout: optionalSeconds,
  wait_resource_poll_interval: z.optional(count(1)),
  rate_limit_timeout: z.optional(z.number('must be a number of seconds').check(z.minimum(0, 'must be at least 0'))),
  request_retries: z.optional(count(0)),
  connection_options: z.optional(connectionOptionsSchema),
  boot_from_volume: optionalFlag,
  default_root_volume_type: optionalText,
  default_volume_type: optionalText,
  default_key_name: optionalText,
  default_security_groups: z.optional(texts),
  config_drive: z.optional(oneOf('disk', 'cdrom')),
  disk_hint: z.optional(oneOf('by-id', 'letter')),
  use_dhcp: optionalFlag,
  ignore_server_availability_zone: optionalFlag,
  human_readable_vm_names: optionalFlag,
  tag_resources: optionalFlag,
  force_hard_reboot_after: optionalSeconds,
  load_balancer_api: z.optional(oneOf('auto', 'octavia', 'neutron')),
  nova_microversion_max: z.optional(
    text.check(z.regex(/^\d+\.\d+$/, 'must be a microversion such as "2.67" (in quotes)')),
  ),
  stemcell_public_visibility: optionalFlag,
  stemcell_import: optionalFlag,
  use_nova_networking: optionalFlag,
  enable_auto_anti_affinity: z.optional(z.unknown()),
})

/** The properties as they are written, types checked. */
export type OpenStackProperties = z.infer<typeof openstackSchema>

/** Every known property. */
export type PropertyName = keyof typeof openstackSchema.shape

/** How `attach_disk` names a disk to the agent: by the volume's id where the guest shows it, or by a device letter. */
export type DiskHintForm = 'by-id' | 'letter'

/** The services an endpoint can be overridden for, named as in the catalog. */
export type ServiceName = 'identity' | 'compute' | 'image' | 'network' | 'block-storage' | 'load-balancer'

/** The names operators know the services by. */
const serviceNames: Readonly<Record<string, ServiceName>> = {
  compute: 'compute',
  image: 'image',
  network: 'network',
  'block-storage': 'block-storage',
  block_storage: 'block-storage',
  volume: 'block-storage',
  volumev3: 'block-storage',
  'load-balancer': 'load-balancer',
  load_balancer: 'load-balancer',
}

/** Checks `endpoint_overrides`: known services, http or https URLs. */
export function readEndpointOverrides(overrides: Readonly<Record<string, string>>): {
  readonly value: Readonly<Partial<Record<ServiceName, string>>>
  readonly problems: readonly string[]
} {
  const value: Partial<Record<ServiceName, string>> = {}
  const problems: string[] = []
  for (const [name, url] of Object.entries(overrides)) {
    const service = Object.hasOwn(serviceNames, name) ? serviceNames[name] : undefined
    if (service === undefined) {
      problems.push(`endpoint_overrides.${name} is no known service, only ${Object.keys(serviceNames).join(', ')} are`)
    } else if (!isHttpUrl(url)) problems.push(`endpoint_overrides.${name} must be an http or https URL`)
    else value[service] = url
  }
  return { value, problems }
}

/** An absolute URL that the driver can talk to. */
export const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
