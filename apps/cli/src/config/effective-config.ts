import {
  createSecrets,
  isJsonObject,
  type Json,
  type JsonObject,
  nearestName,
  redactJson,
} from '@openstack-cpi/cpi-core'
import { checkOpenStackConfig } from '@openstack-cpi/openstack-driver'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import type { CpiConfig } from './cpi-config.ts'

/** Where the value comes from. */
export type Source = 'file' | 'context' | 'CA file' | 'default'

/** One setting as it will be used; a secret is hidden. */
export interface Setting {
  readonly name: string
  /** As text where it is a default that only words can tell; null: not set. */
  readonly value: Json
  readonly source: Source
}

export interface EffectiveConfig {
  readonly settings: readonly Setting[]
  /** With these the CPI does not start. */
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

const knownSections = ['openstack', 'agent', 'registry']

/** File, context, CA file and defaults laid over each other, and everything that is to be said about it. Nothing secret. */
export function effectiveConfig({ cloudProperties, caBundle }: CpiConfig, context: JsonObject): EffectiveConfig {
  const { properties, problems, warnings, unknown } = checkOpenStackConfig(cloudProperties['openstack'], context)
  const settings = Object.entries(propertyDocs).map(([name, doc]): Setting => {
    const value = properties[name]
    if (value === undefined) return { name, value: defaultValue(doc.default), source: 'default' }
    return { name, value: shown(name, value), source: isPresent(context[name]) ? 'context' : 'file' }
  })
  const agent = Object.entries(object(cloudProperties['agent'])).map(
    ([name, value]): Setting => ({ name: `agent.${name}`, value: shown(name, value), source: 'file' }),
  )
  const authority: readonly Setting[] =
    caBundle === undefined ? [] : [{ name: 'CA bundle', value: certificates(caBundle), source: 'CA file' }]
  return {
    settings: [...settings, ...agent, ...authority],
    problems,
    warnings: [...warnings.map((warning) => withSuggestion(warning, unknown)), ...unknownSections(cloudProperties)],
  }
}

function unknownSections(cloudProperties: JsonObject): readonly string[] {
  return Object.keys(cloudProperties)
    .filter((name) => !knownSections.includes(name))
    .map((name) => `Unknown section '${name}' is ignored${didYouMean(closestName(name, knownSections))}`)
}

/** The warning about an unknown name; names that other tools use for a property are suggested beside the near ones. */
function withSuggestion(warning: string, unknown: readonly string[]): string {
  const name = unknown.find((candidate) => warning.includes(`'${candidate}'`))
  if (name === undefined || warning.includes('did you mean')) return warning
  return `${warning}${didYouMean(closestName(name, Object.keys(propertyDocs)))}`
}

const didYouMean = (name: string | undefined): string => (name === undefined ? '' : `: did you mean '${name}'?`)

const patterns = createSecrets()

/** Secrets by name, passwords in URLs, and private keys are hidden; certificates are counted. */
function shown(name: string, value: Json): Json {
  const hidden = object(redactJson({ [name]: value }))[name] ?? null
  return JSON.parse(
    patterns.redact(JSON.stringify(hidden, (key, inner) => (key === 'ca_cert' ? certificates(String(inner)) : inner))),
  )
}

const certificates = (pem: string): string => {
  const count = pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0
  return count === 0 ? 'no certificate' : `${count} certificate${count === 1 ? '' : 's'}`
}

/** Documentation says defaults in Markdown: a literal one is parsed. */
function defaultValue(text: string): Json {
  if (text === '–') return null
  const literal = text.replaceAll('`', '')
  try {
    return JSON.parse(literal)
  } catch (error) {
    if (error instanceof SyntaxError) return literal
    throw error
  }
}

const isPresent = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== ''

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** What operators bring along from other OpenStack tools. */
const synonyms: Readonly<Record<string, string>> = {
  password: 'api_key',
  user: 'username',
  user_name: 'username',
  project_name: 'project',
  tenant_name: 'tenant',
  tenant_id: 'project_id',
  domain_name: 'domain',
  region_name: 'region',
  interface: 'endpoint_type',
  security_groups: 'default_security_groups',
  key_name: 'default_key_name',
  cacert: 'connection_options.ca_cert',
  ca_cert: 'connection_options.ca_cert',
  insecure: 'connection_options.ssl_verify_peer',
}

/** The known name that was probably meant, also by a name of another OpenStack tool; undefined when none is near. */
export const closestName = (name: string, known: readonly string[]): string | undefined =>
  synonyms[name.toLowerCase().replaceAll('-', '_')] ?? nearestName(name, known)
