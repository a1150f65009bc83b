import type { TestUser } from '../cloud-under-test.ts'
import { isObject } from '../compare.ts'
import type { Recorded, Service } from '../probe.ts'
import type { Request } from '../session.ts'
import { ownItems } from './ask-both.ts'
import type { Generated } from './generate.ts'
import { oddities } from './oddities.ts'
import { preparedNames } from './prepare.ts'
import { type ExploredRequest, type ListKeys, readListKeys, type Treatment } from './recorded.ts'

/**
 * Requests for every list of a service: the whole of it, and every query key with values that match something, nothing, or
 * cannot be read. The lists and their keys are those of the recording: another one is added there, with any treatment,
 * before it is asked.
 */
export const keyRequests = (service: Service): readonly Generated[] =>
  readListKeys(service).flatMap(({ path, users }) => {
    const keys = new Set(Object.values(users).flatMap((own) => Object.keys(own)))
    const ofKeys = [...keys].map((key) => valuesOf(service, key).map((value) => `?${encodeURIComponent(key)}=${value}`))
    return [[''], ...ofKeys].flatMap((queries) =>
      (Object.keys(users) as TestUser[]).flatMap((as) =>
        [undefined, ...(oddities.keyVersions[service] ?? [])].flatMap((version) =>
          queries.map((query) => ({
            request: { service, method: 'GET', path: path + query, as, ...(version === undefined ? {} : { version }) },
            route: `GET ${path}`,
            what: [decodeURIComponent(query), ...(version === undefined ? [] : [`version ${version}`])],
          })),
        ),
      ),
    )
  })

/** The lists of these have so many keys that fewer values of each have to do. */
const hasManyKeys: readonly Service[] = ['network', 'load-balancer']

const valuesOf = (service: Service, key: string): readonly string[] => {
  const [base = '', comparison] = key.split('__')
  const names = ['project', 'user', ...preparedNames(service)]
  const named = names.filter((one) => base === 'id' || [`${one}_id`, `${one}.id`, `scope.${one}.id`].includes(base))
  return [
    ...(hasManyKeys.includes(service) ? ['nosuch', '0', '{name}'] : ['nosuch', '{unknown}', '', 'true', '0', '{name}']),
    ...named.map((one) => `{${one}}`),
    ...(comparison === undefined ? [] : ['PAR']),
  ]
}

/** What follows for the keys of each list from what a cloud answered to `keyRequests`. */
export function listKeysOf(service: Service, answers: readonly Omit<ExploredRequest, 'number'>[]): readonly ListKeys[] {
  const byRequest = new Map(answers.map(({ generated, real }) => [idOf(generated.request), real]))
  const lists = new Map<string, Record<string, Record<string, Treatment>>>()
  for (const [id, own] of Map.groupBy(answers, ({ generated: { request } }) => keyOf(request))) {
    const [path = '', as = '', key = ''] = id.split(' ')
    if (key === '') continue
    const isObeyed = own.some(({ generated: { request }, real }) => {
      const whole = byRequest.get(idOf({ ...request, path })) ?? real
      return signature(real, whole, as) !== signature(whole, whole, as)
    })
    const users = lists.get(path) ?? {}
    lists.set(path, users)
    users[as] ??= {}
    users[as][decodeURIComponent(key)] = treatmentOf(
      own.map(({ real }) => real.status),
      isObeyed,
    )
  }
  return [...lists].map(([path, users]) => ({ service, path, users }))
}

const idOf = ({ path, as, version }: Request): string => [path, as, version].join(' ')

/** Path, user and query key, without the value. */
const keyOf = ({ path, as }: Request): string => {
  const [list, query = ''] = path.split('?')
  return [list, as, query.split('=')[0]].join(' ')
}

const treatmentOf = (statuses: readonly number[], isObeyed: boolean): Treatment => {
  if (statuses.includes(501)) return 'not modelled'
  if (statuses.every((status) => status >= 400)) return 'refused'
  return isObeyed ? 'obeyed' : 'ignored'
}

/**
 * What of an answer depends on the query: the status, and the body. Of an administrator's list, which has objects of
 * others, the own ones count, or where the whole list has none of them, whether there are any.
 */
const signature = ({ status, body }: Recorded, whole: Recorded, as: string): string => {
  if (status >= 400) return String(status)
  const entries = Object.entries(isObject(body) ? body : {}).filter(([name]) => !/links|^(first|next)$/.test(name))
  const lists = entries.flatMap(([, value]) => (Array.isArray(value) ? [value] : []))
  if (as !== 'admin' || lists.length === 0) return JSON.stringify(entries)
  return ownItems(whole.body).length > 0 ? JSON.stringify(ownItems(body)) : String(lists.flat().length > 0)
}
