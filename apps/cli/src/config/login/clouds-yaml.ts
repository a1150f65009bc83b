import { isJsonObject } from '@openstack-cpi/cpi-core'
import { parse, stringify } from 'yaml'
import { type Converted, loginKeys, type OpenStackLogin } from './openstack-login.ts'

/** Keys that stand beside `auth` instead of in it. */
const outside: readonly string[] = ['region_name', 'interface', 'cacert', 'auth_type']

/** One cloud of a clouds.yaml. Throws `TypeError` when there is no such cloud. */
export function readCloudsYaml(text: string, name: string | undefined): Converted<OpenStackLogin> {
  const document: unknown = parse(text)
  const clouds = record(record(document)['clouds'])
  const names = Object.keys(clouds)
  const chosen = name ?? (names.length === 1 ? names[0] : undefined)
  if (chosen === undefined || !Object.hasOwn(clouds, chosen)) {
    const missing = name === undefined ? 'say which cloud with --cloud' : `there is no cloud '${name}'`
    throw new TypeError(`${missing}; the file has: ${names.join(', ') || 'none'}`)
  }
  const cloud = record(clouds[chosen])
  const flat = { ...cloud, ...record(cloud['auth']) }
  const login = loginKeys.flatMap((key) => {
    const value = flat[key]
    return value === undefined || value === null || value === '' ? [] : [[key, String(value)] as const]
  })
  const notes: string[] = []
  if (cloud['profile'] !== undefined)
    notes.push(`profile ${String(cloud['profile'])} is not looked up: fill in what it says`)
  const verify = cloud['verify'] === false ? [['insecure', 'true'] as const] : []
  return { value: Object.fromEntries([...login, ...verify]), notes }
}

/** A clouds.yaml of one cloud. */
export function writeCloudsYaml(login: OpenStackLogin, name: string): string {
  const { insecure, ...rest } = login
  const entries = Object.entries(rest)
  const auth = Object.fromEntries(entries.filter(([key]) => !outside.includes(key)))
  const beside = Object.fromEntries(entries.filter(([key]) => outside.includes(key)))
  const verify = insecure === undefined ? {} : { verify: false }
  return stringify({ clouds: { [name]: { auth, ...beside, ...verify, identity_api_version: 3 } } })
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (isJsonObject(value) ? value : {})
