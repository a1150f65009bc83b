import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type JsonObject, messageOf } from '@openstack-cpi/cpi-core'
import { checkOpenStackConfig } from '@openstack-cpi/openstack-driver'
import { contextOption, readCpiConfig } from '../config/cpi-config.ts'
import { type EffectiveConfig, effectiveConfig } from '../config/effective-config.ts'
import { readCloudsYaml, writeCloudsYaml } from '../config/login/clouds-yaml.ts'
import { readOpenrc, writeOpenrc } from '../config/login/openrc.ts'
import { type Converted, loginOf, type OpenStackLogin, propertiesOf } from '../config/login/openstack-login.ts'

/** What commander gives for `config`. */
export interface ConfigOptions {
  readonly config?: string
  readonly ca?: string
  readonly context?: string
  readonly json?: true
  readonly fromCloudsYaml?: string
  readonly fromOpenrc?: string
  readonly to?: 'clouds.yaml' | 'openrc'
  readonly cloud?: string
}

/** Shows or converts a configuration. Returns the exit code: 0 usable, 1 problems. Throws when it cannot be read. */
export function runConfig(options: ConfigOptions): number {
  const { config, fromCloudsYaml, fromOpenrc } = options
  const given = [config, fromCloudsYaml, fromOpenrc].filter((source) => source !== undefined)
  if (given.length !== 1) throw new TypeError('give one of --config, --from-clouds-yaml and --from-openrc')
  if (fromCloudsYaml !== undefined) {
    return convert(readCloudsYaml(read(fromCloudsYaml), options.cloud), fromCloudsYaml)
  }
  if (fromOpenrc !== undefined) return convert(readOpenrc(read(fromOpenrc)), fromOpenrc)
  return options.to === undefined ? show(options) : writeLogin(options, options.to)
}

function show(options: ConfigOptions): number {
  const file = readCpiConfig({ configPath: options.config, caPath: options.ca })
  const effective = effectiveConfig(file, contextOption(options.context))
  process.stdout.write(options.json === true ? `${JSON.stringify(effective, null, 2)}\n` : text(effective))
  return effective.problems.length === 0 ? 0 : 1
}

function text({ settings, problems, warnings }: EffectiveConfig): string {
  const rows = settings.map(({ name, value, source }) => [name, value === null ? '–' : cell(value), source] as const)
  const width = (column: 0 | 1) => Math.min(60, Math.max(...rows.map((row) => row[column].length)))
  const lines = rows.map(([name, value, source]) => `${name.padEnd(width(0))}  ${value.padEnd(width(1))}  ${source}`)
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  ${item}`)]
  const summary =
    problems.length === 0 ? 'The CPI can use this configuration.' : 'The CPI cannot use this configuration.'
  return [...lines, ...list('problems', problems), ...list('warnings', warnings), '', summary, ''].join('\n')
}

const cell = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A login of OpenStack's tools as a configuration of the CPI. */
function convert(login: Converted<OpenStackLogin>, path: string): number {
  const readCa = (name: string): string => read(resolve(dirname(path), name))
  const { value: openstack, notes } = propertiesOf(login.value, readCa)
  const { problems } = checkOpenStackConfig(openstack)
  const document = { cloud: { plugin: 'openstack', properties: { openstack, agent: {} } } }
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  tell([...login.notes, ...notes, ...problems, 'the output holds the secrets of the login: keep it private'])
  return problems.length === 0 ? 0 : 1
}

/** A configuration of the CPI as a login of OpenStack's tools. */
function writeLogin(options: ConfigOptions, format: 'clouds.yaml' | 'openrc'): number {
  const { cloudProperties, caBundle } = readCpiConfig({ configPath: options.config, caPath: options.ca })
  const { properties, problems } = checkOpenStackConfig(cloudProperties['openstack'], contextOption(options.context))
  const caPath = caBundle === undefined || options.ca === undefined ? undefined : resolve(options.ca)
  const { value: login, notes } = loginOf(properties satisfies JsonObject, caPath)
  process.stdout.write(format === 'openrc' ? writeOpenrc(login) : writeCloudsYaml(login, options.cloud ?? 'bosh'))
  tell([...notes, ...problems, 'the output holds the secrets of the login: keep it private'])
  return problems.length === 0 ? 0 : 1
}

const tell = (notes: readonly string[]): void => {
  for (const note of notes) process.stderr.write(`openstack-cpi: ${note}\n`)
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error(`cannot read '${path}': ${messageOf(cause)}`, { cause })
  }
}
