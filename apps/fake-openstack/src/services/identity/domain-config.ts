import { forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { domainConfigDefaults, hiddenOptions } from './domain-config-defaults.ts'
import { type DomainConfig, domainConfigs, domains } from './records.ts'

const invalid = (reason: string) => forbidden(`Invalid domain specific configuration: ${reason}.`)

/** Refuses what no domain has a configuration for. */
const checkKnown = (group: string, option?: string): void => {
  const options = Object.hasOwn(domainConfigDefaults, group) ? domainConfigDefaults[group] : undefined
  if (!options) throw invalid(`Group ${group} is not supported for domain specific configurations`)
  if (option === undefined || Object.hasOwn(options, option) || hiddenOptions[group]?.includes(option)) return
  throw invalid(`Option ${option} in group ${group} is not supported for domain specific configurations`)
}

/** The configuration in a body: at least one group, each with options that Keystone knows. */
const readConfig = (call: Call): DomainConfig => {
  const raw = isObject(call.rawJson) ? call.rawJson['config'] : undefined
  if (!isObject(raw) || Object.keys(raw).length === 0) throw invalid('No options specified')
  const config: Record<string, Readonly<Record<string, unknown>>> = {}
  for (const [group, options] of Object.entries(raw)) {
    checkKnown(group)
    if (!isObject(options)) {
      throw invalid(`The value of group ${group} specified in the config should be a dictionary of options`)
    }
    for (const option of Object.keys(options)) checkKnown(group, option)
    config[group] = options
  }
  return config
}

const domainIdOf = (call: Call): string => {
  const id = call.param('domain_id')
  if (!call.store.of(domains).has(id)) throw notFound(`Could not find domain: ${id}.`)
  return id
}

const stored = (call: Call): DomainConfig => call.store.of(domainConfigs).get(call.param('domain_id'))?.config ?? {}

/** Stores a configuration; groups without an option are left out. */
const save = (call: Call, config: DomainConfig): void => {
  const id = domainIdOf(call)
  const all = call.store.of(domainConfigs)
  all.delete(id)
  const filled = Object.entries(config).filter(([, options]) => Object.keys(options).length > 0)
  if (filled.length > 0) all.insert({ id, config: Object.fromEntries(filled) })
}

const withoutHidden = (config: DomainConfig): DomainConfig =>
  Object.fromEntries(
    Object.entries(config).map(([group, options]) => [
      group,
      Object.fromEntries(Object.entries(options).filter(([option]) => !hiddenOptions[group]?.includes(option))),
    ]),
  )

const merged = (before: DomainConfig, changes: DomainConfig): DomainConfig => ({
  ...before,
  ...Object.fromEntries(Object.entries(changes).map(([group, options]) => [group, { ...before[group], ...options }])),
})

const missing = (call: Call, what: string) =>
  notFound(`Could not find ${what} in domain configuration for domain ${call.param('domain_id')}.`)

const groupOf = (call: Call): string => {
  const group = call.param('group')
  checkKnown(group, call.params['option'])
  return group
}

/** The options of the group of the path, of which the domain has at least one. */
const optionsOf = (call: Call): Readonly<Record<string, unknown>> => {
  const group = groupOf(call)
  const options = withoutHidden(stored(call))[group]
  if (!options) throw missing(call, `group ${group}`)
  return options
}

const optionOf = (call: Call): { group: string; option: string; value: unknown } => {
  const [group, option] = [groupOf(call), call.param('option')]
  const options = withoutHidden(stored(call))[group] ?? {}
  if (!Object.hasOwn(options, option)) throw missing(call, `option ${option} in group ${group}`)
  return { group, option, value: options[option] }
}

const show = (call: Call) => {
  domainIdOf(call)
  const config = withoutHidden(stored(call))
  if (Object.keys(config).length === 0) throw missing(call, 'any options')
  return ok({ config })
}

const showGroup = (call: Call) => ok({ config: { [call.param('group')]: optionsOf(call) } })

const showOption = (call: Call) => {
  const { option, value } = optionOf(call)
  return ok({ config: { [option]: value } })
}

const replace = (call: Call) => {
  domainIdOf(call)
  const config = readConfig(call)
  const status = Object.keys(stored(call)).length === 0 ? 201 : 200
  save(call, config)
  return { status, body: { config: withoutHidden(config) } }
}

const change = (call: Call, changes: DomainConfig) => {
  const config = merged(stored(call), changes)
  save(call, config)
  return ok({ config: withoutHidden(config) })
}

const update = (call: Call) => {
  domainIdOf(call)
  return change(call, readConfig(call))
}

const updateGroup = (call: Call) => {
  domainIdOf(call)
  const group = groupOf(call)
  const config = readConfig(call)
  const other = Object.keys(config).find((one) => one !== group)
  if (other !== undefined) {
    throw invalid(`request to update group ${group}, but config provided contains group ${other} instead`)
  }
  return change(call, config)
}

const updateOption = (call: Call) => {
  domainIdOf(call)
  const [group, option] = [groupOf(call), call.param('option')]
  const raw = isObject(call.rawJson) ? call.rawJson['config'] : undefined
  if (!isObject(raw) || Object.keys(raw).length === 0) throw invalid('No options specified')
  for (const key of Object.keys(raw)) checkKnown(group, key)
  if (!(option in raw)) {
    const other = Object.keys(raw)[0]
    throw invalid(
      `Trying to update option ${option} in group ${group}, but config provided contains option ${other} instead`,
    )
  }
  return change(call, { [group]: { [option]: raw[option] } })
}

const remove = (call: Call) => {
  save(call, {})
  return noContent()
}

const removeGroup = (call: Call) => {
  optionsOf(call)
  const { [call.param('group')]: _, ...rest } = stored(call)
  save(call, rest)
  return noContent()
}

const removeOption = (call: Call) => {
  const { group, option } = optionOf(call)
  const config = stored(call)
  const { [option]: _, ...rest } = config[group] ?? {}
  save(call, { ...config, [group]: rest })
  return noContent()
}

const showDefaults = (call: Call) => {
  const { group, option } = call.params
  if (group === undefined) return ok({ config: domainConfigDefaults })
  checkKnown(group, option)
  const options = domainConfigDefaults[group] ?? {}
  if (option === undefined) return ok({ config: { [group]: options } })
  if (!Object.hasOwn(options, option)) {
    throw invalid(`Reading the default for option ${option} in group ${group} is not supported`)
  }
  return ok({ config: { [option]: options[option] } })
}

const path = '/domains/:domain_id/config'
const table: readonly (readonly [method: Method, path: string, verb: string, policy: string, handle: Handler])[] = [
  ['GET', path, 'show', 'get_domain_config', show],
  ['PUT', path, 'replace', 'create_domain_config', replace],
  ['PATCH', path, 'update', 'update_domain_config', update],
  ['DELETE', path, 'delete', 'delete_domain_config', remove],
  ['GET', `${path}/:group`, 'show-group', 'get_domain_config', showGroup],
  ['PATCH', `${path}/:group`, 'update-group', 'update_domain_config', updateGroup],
  ['DELETE', `${path}/:group`, 'delete-group', 'delete_domain_config', removeGroup],
  ['GET', `${path}/:group/:option`, 'show-option', 'get_domain_config', showOption],
  ['PATCH', `${path}/:group/:option`, 'update-option', 'update_domain_config', updateOption],
  ['DELETE', `${path}/:group/:option`, 'delete-option', 'delete_domain_config', removeOption],
  ['GET', '/domains/config/default', 'show-defaults', 'get_domain_config_default', showDefaults],
  ['GET', '/domains/config/:group/default', 'show-group-defaults', 'get_domain_config_default', showDefaults],
  ['GET', '/domains/config/:group/:option/default', 'show-option-default', 'get_domain_config_default', showDefaults],
]

/** https://docs.openstack.org/api-ref/identity/v3/#domain-configuration; the fake only keeps it. */
export const domainConfigRoutes: readonly Route[] = table.map(([method, at, verb, policy, handle]) => ({
  method,
  path: at,
  operation: `domain-configs.${verb}`,
  access: { admin: `identity:${policy}` },
  handle,
}))
