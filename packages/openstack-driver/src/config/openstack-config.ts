import {
  CpiError,
  checkProperties,
  isJsonObject,
  type Json,
  type JsonObject,
  mergeConfig,
  nearestName,
} from '@openstack-cpi/cpi-core'
import { jsonObjectOf } from '../json-object.ts'
import { type Credentials, normaliseAuthUrl, readCredentials } from './credentials.ts'
import {
  connectionOptionsSchema,
  type DiskHintForm,
  type OpenStackProperties,
  openstackSchema,
  readEndpointOverrides,
  type ServiceName,
} from './openstack-schema.ts'

export type { Credentials } from './credentials.ts'
export type { ServiceName } from './openstack-schema.ts'

/** `connection_options`, checked (driver spec §3.3). */
export interface ConnectionOptions {
  /** PEM text. */
  readonly caCert: string | undefined
  readonly sslVerifyPeer: boolean
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
  /** URL. Wins over the environment's. */
  readonly proxy: string | undefined
}

/** The driver's configuration: file and call merged, checked, defaults filled in (driver spec §1.1). */
export interface OpenStackConfig {
  /** Without version and trailing slash. */
  readonly authUrl: string
  readonly credentials: Credentials
  readonly region: string | undefined
  readonly endpointType: 'public' | 'internal' | 'admin'
  readonly endpointOverrides: Readonly<Partial<Record<ServiceName, string>>>
  readonly stateTimeoutMs: number
  readonly pollIntervalMs: number
  readonly rateLimitTimeoutMs: number
  readonly requestRetries: number
  readonly connection: ConnectionOptions
  readonly bootFromVolume: boolean
  readonly stemcellPublicVisibility: boolean
  /** Upload stemcells through Glance's import, in which the cloud may convert them. */
  readonly stemcellImport: boolean
  readonly defaultKeyName: string | undefined
  readonly defaultSecurityGroups: readonly string[]
  readonly defaultVolumeType: string | undefined
  readonly defaultRootVolumeType: string | undefined
  readonly configDrive: 'disk' | 'cdrom' | undefined
  /** How `attach_disk` names disks to agents. */
  readonly diskHint: DiskHintForm
  readonly useDhcp: boolean
  readonly ignoreServerAvailabilityZone: boolean
  readonly humanReadableVmNames: boolean
  readonly forceHardRebootAfterMs: number
  readonly tagResources: boolean
  readonly loadBalancerApi: 'auto' | 'octavia' | 'neutron'
  readonly novaMicroversionMax: string | undefined
}

/** A configuration, with what the operator should know about it although it works. */
export interface ParsedConfig {
  readonly config: OpenStackConfig
  readonly warnings: readonly string[]
}

/** A configuration as far as it goes, with everything that is to be said about it. */
export interface CheckedConfig {
  /** File and call merged, as written; what counts as absent is left out. Secret. */
  readonly properties: JsonObject
  /** Undefined when there are problems. */
  readonly config: OpenStackConfig | undefined
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
  /** Unknown properties; those below `connection_options` with that before them. */
  readonly unknown: readonly string[]
}

/** Checks the `openstack` section of the file, overridden by what the call brings, and reports all problems together. */
export function checkOpenStackConfig(section: Json | undefined, overrides: JsonObject = {}): CheckedConfig {
  const { properties, warnings } = mergeProperties(jsonObjectOf(section), overrides)
  const unknown = unknownKeys(properties)
  const said = { properties, unknown, warnings: [...warnings, ...unknown.map(ignored)] }
  if (!isJsonObject(section) && Object.keys(overrides).length === 0) {
    return { ...said, config: undefined, problems: ['the section cloud.properties.openstack is missing'] }
  }
  const checked = checkProperties(openstackSchema, properties)
  const { problems: typeProblems } = checked
  // Wrong types do not hide what else is wrong: the rest is checked on what is left without them.
  const usable = checked.value ?? checkProperties(openstackSchema, withoutFaulty(properties, checked.faulty)).value
  if (usable === undefined) return { ...said, config: undefined, problems: typeProblems }
  const { value: credentials, problems: credentialProblems } = readCredentials(usable)
  const { value: endpointOverrides, problems: overrideProblems } = readEndpointOverrides(
    usable.endpoint_overrides ?? {},
  )
  const problems = [...typeProblems, ...credentialProblems, ...overrideProblems, ...withdrawn(usable)]
  const isUsable = problems.length === 0 && credentials !== undefined
  return { ...said, config: isUsable ? complete(usable, credentials, endpointOverrides) : undefined, problems }
}

/**
 * Reads the `openstack` section of the file, overridden by what the call brings (contract §3.1; driver spec §1).
 * Throws `CpiError` of code `CloudError` that names all problems.
 */
export function parseOpenStackConfig(section: Json | undefined, overrides: JsonObject = {}): ParsedConfig {
  const { config, warnings, problems } = checkOpenStackConfig(section, overrides)
  if (config === undefined) {
    throw new CpiError('CloudError', `Invalid OpenStack cloud properties: ${problems.join('; ')}`)
  }
  return { config, warnings }
}

function complete(
  properties: OpenStackProperties,
  credentials: Credentials,
  endpointOverrides: OpenStackConfig['endpointOverrides'],
): OpenStackConfig {
  return {
    authUrl: normaliseAuthUrl(properties.auth_url).url,
    credentials,
    region: properties.region,
    endpointType: endpointTypes[properties.endpoint_type ?? 'publicURL'],
    endpointOverrides,
    stateTimeoutMs: inMs(properties.state_timeout ?? 300),
    pollIntervalMs: inMs(properties.wait_resource_poll_interval ?? 5),
    rateLimitTimeoutMs: inMs(properties.rate_limit_timeout ?? 600),
    requestRetries: properties.request_retries ?? 10,
    connection: connectionOptions(properties.connection_options ?? {}),
    bootFromVolume: properties.boot_from_volume ?? false,
    stemcellPublicVisibility: properties.stemcell_public_visibility ?? false,
    stemcellImport: properties.stemcell_import ?? false,
    defaultKeyName: properties.default_key_name,
    defaultSecurityGroups: properties.default_security_groups ?? [],
    defaultVolumeType: properties.default_volume_type,
    defaultRootVolumeType: properties.default_root_volume_type,
    configDrive: properties.config_drive,
    diskHint: properties.disk_hint ?? 'by-id',
    useDhcp: properties.use_dhcp ?? true,
    ignoreServerAvailabilityZone: properties.ignore_server_availability_zone ?? false,
    humanReadableVmNames: properties.human_readable_vm_names ?? false,
    forceHardRebootAfterMs: inMs(properties.force_hard_reboot_after ?? defaultForceHardRebootAfter),
    tagResources: properties.tag_resources ?? true,
    loadBalancerApi: properties.load_balancer_api ?? 'auto',
    novaMicroversionMax: properties.nova_microversion_max,
  }
}

/** Node's timers take no longer time, in milliseconds: one that is longer would end immediately. */
export const longestTimeMs = 2 ** 31 - 1

/** A time of the configuration, in seconds, as milliseconds; "for ever" is some 24 days. */
const inMs = (seconds: number): number => Math.min(seconds * 1000, longestTimeMs)

/**
 * Seconds. Clearly more than Nova's `wait_soft_reboot_seconds` (120): with libvirt Nova reboots a hung guest hard by itself
 * after that, and a hard reboot that was asked for before is queued behind it and ends in an error.
 * https://docs.openstack.org/nova/latest/configuration/config.html#libvirt.wait_soft_reboot_seconds
 */
const defaultForceHardRebootAfter = 180

const endpointTypes = {
  publicURL: 'public',
  internalURL: 'internal',
  adminURL: 'admin',
  public: 'public',
  internal: 'internal',
  admin: 'admin',
} as const

const connectionOptions = (options: NonNullable<OpenStackProperties['connection_options']>): ConnectionOptions => ({
  caCert: options.ca_cert,
  sslVerifyPeer: options.ssl_verify_peer ?? true,
  connectTimeoutMs: inMs(options.connect_timeout ?? 60),
  readTimeoutMs: inMs(options.read_timeout ?? 60),
  writeTimeoutMs: inMs(options.write_timeout ?? 60),
  proxy: options.proxy,
})

/** Settings of the past that would be obeyed wrongly if they were passed over (driver spec §1.1). */
function withdrawn(properties: OpenStackProperties): string[] {
  const problems: string[] = []
  if (properties.use_nova_networking === true) {
    problems.push('use_nova_networking is not supported: nova-network was removed from OpenStack, remove the property')
  }
  const affinity = properties.enable_auto_anti_affinity
  if (affinity !== undefined && affinity !== false) {
    problems.push("enable_auto_anti_affinity is not supported: use 'server_group' in the VM's cloud properties")
  }
  return problems
}

/** Newer versions' properties may be in a context that several CPIs share: no error (driver spec §1.2). */
function unknownKeys(properties: JsonObject): string[] {
  const known = (name: string, shape: object): boolean => Object.hasOwn(shape, name)
  const connection = properties['connection_options']
  return [
    ...Object.keys(properties).filter((name) => !known(name, openstackSchema.shape) && name !== 'vm'),
    ...Object.keys(jsonObjectOf(connection))
      .filter((name) => !known(name, connectionOptionsSchema.shape))
      .map((name) => `connection_options.${name}`),
  ]
}

const ignored = (name: string): string => {
  const nearest = nearestProperty(name)
  return `Unknown OpenStack cloud property '${name}' is ignored${nearest === undefined ? '' : `: did you mean '${nearest}'?`}`
}

function nearestProperty(name: string): string | undefined {
  const prefix = 'connection_options.'
  if (!name.startsWith(prefix)) return nearestName(name, Object.keys(openstackSchema.shape))
  const inner = nearestName(name.slice(prefix.length), connectionOptionNames)
  return inner === undefined ? undefined : `${prefix}${inner}`
}

/** What `connection_options` may hold. */
export const connectionOptionNames: readonly string[] = Object.keys(connectionOptionsSchema.shape)

/** Faulty optional properties are left out; a faulty `auth_url` is replaced, its own problem being reported already. */
function withoutFaulty(properties: JsonObject, faulty: readonly string[]): JsonObject {
  const kept = Object.entries(properties).filter(([name]) => !faulty.includes(name))
  return {
    ...(faulty.includes('auth_url') ? { auth_url: 'http://absent.invalid/v3' } : {}),
    ...Object.fromEntries(kept),
  }
}

/** Sets of keys that say the same thing in another way: a call that brings one whole set takes the file's others away. */
const alternatives: readonly (readonly (readonly string[])[])[] = [
  [
    ['username', 'api_key'],
    ['application_credential_id', 'application_credential_secret'],
  ],
  [['project'], ['project_id']],
  [['domain'], ['user_domain_name', 'project_domain_name']],
]

/**
 * File and call as one section (contract §3.1): the call replaces top-level keys as a whole. Null and empty strings count
 * as absent, in the call too, where they take the file's value away. A call with one complete way to log in drops the
 * file's other ways (driver spec §1.2).
 */
function mergeProperties(
  section: JsonObject,
  overrides: JsonObject,
): { readonly properties: JsonObject; readonly warnings: readonly string[] } {
  const brings = (key: string): boolean => isPresent(overrides[key])
  const dropped = alternatives.flatMap((ways) =>
    ways.filter((way) => ways.some((other) => other !== way && other.every(brings)) && !way.some(brings)).flat(),
  )
  const kept = Object.fromEntries(Object.entries(section).filter(([key]) => !dropped.includes(key)))
  const merged = Object.entries(present(mergeConfig(kept, overrides)))
  return {
    properties: Object.fromEntries(merged.map(([key, value]) => [key, isJsonObject(value) ? present(value) : value])),
    warnings: dropped
      .filter((key) => isPresent(section[key]))
      .map((key) => `'${key}' of the configuration file is not used: the CPI config brings another way`),
  }
}

const present = (hash: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(hash).filter(([, value]) => isPresent(value)))

const isPresent = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== ''
