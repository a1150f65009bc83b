import type { TestUser } from '../cloud-under-test.ts'
import type { Service } from '../probe.ts'
import type { Generated } from './generate.ts'
import { readKeyTables } from './key-table.ts'
import { oddities } from './oddities.ts'
import { preparedNames } from './prepare.ts'

/**
 * Requests for every query key of every list of a service, with values that match something, nothing, or cannot be read.
 * The lists and their keys are those of the recording: another one is added there, with any treatment, before it is asked.
 */
export const keyRequests = (service: Service): readonly Generated[] =>
  Object.entries(readKeyTables()[service] ?? {}).flatMap(([path, users]) => {
    const keys = new Set(Object.values(users).flatMap((own) => Object.keys(own)))
    return [undefined, ...keys].flatMap((key) => requestsOf(service, path, Object.keys(users) as TestUser[], key))
  })

/** The list with each value of a key; without a key the whole list. */
const requestsOf = (
  service: Service,
  path: string,
  users: readonly TestUser[],
  key: string | undefined,
): readonly Generated[] => {
  const versions = [undefined, ...(oddities.keyVersions[service] ?? [])]
  const queries =
    key === undefined ? [''] : valuesOf(service, key).map((value) => `?${encodeURIComponent(key)}=${value}`)
  return users.flatMap((as) =>
    versions.flatMap((version) =>
      queries.map((query): Generated => {
        const request = { service, method: 'GET', path: path + query, as }
        return {
          request: version === undefined ? request : { ...request, version },
          route: `GET ${path}`,
          what: [decodeURIComponent(query), ...(version === undefined ? [] : [`version ${version}`])],
        }
      }),
    ),
  )
}

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
