import type { FakeOpenStack, JournalEntry } from 'fake-openstack'

/** One of the API requests that a clean run makes. */
export interface ApiRequest {
  readonly service: string
  readonly operation: string
  readonly method: string
  readonly path: string
  /** How many requests of this operation came before it. */
  readonly nth: number
  readonly status: number
  readonly hasBody: boolean
  /** It deletes an object, or watches one that a request before it has deleted. */
  readonly isRemoval: boolean
  /** A list whose query selects some of the objects. */
  readonly isFiltered: boolean
}

/** One of the transitions that a clean run sets off, for example the second `volumes.attach.in-use`. */
export interface Transition {
  readonly name: string
  readonly nth: number
}

const paging = new Set(['limit', 'marker', 'fields', 'sort_key', 'sort_dir', 'sort', 'offset', 'page_reverse'])

/** Whether a parameter of a list selects some of the objects. */
export const isFilter = (parameter: string): boolean => !paging.has(parameter)

/** `compute servers.create #0`. */
export const nameOf = (place: ApiRequest | Transition): string =>
  'name' in place ? `${place.name} #${place.nth}` : `${place.service} ${place.operation} #${place.nth}`

/** What the journal tells, with repetitions numbered. */
export function requestsOf(journal: readonly JournalEntry[]): readonly ApiRequest[] {
  const seen = new Map<string, number>()
  const deleted = new Set<string>()
  return journal.map(({ service, operation, method, path, query, status, response }) => {
    const key = `${service} ${operation}`
    const nth = seen.get(key) ?? 0
    seen.set(key, nth + 1)
    if (method === 'DELETE') deleted.add(path)
    const hasBody = response !== null && response !== ''
    const isFiltered = method === 'GET' && Object.keys(query).some(isFilter)
    return { service, operation, method, path, nth, status, hasBody, isRemoval: deleted.has(path), isFiltered }
  })
}

/** Counts the transitions that are set off while `work` runs. */
export async function transitionsOf<R>(
  cloud: FakeOpenStack,
  work: () => Promise<R>,
): Promise<{ readonly result: R; readonly transitions: readonly Transition[] }> {
  const rules = cloud.lifecycle.names().map((name) => ({
    name,
    id: cloud.faults.add({ match: { transition: name }, times: null, do: { delay: '0s' } }),
  }))
  const result = await work()
  const matched = new Map(cloud.faults.list().map((rule) => [rule.id, rule.matched]))
  const transitions = rules.flatMap(({ name, id }) =>
    Array.from({ length: matched.get(id) ?? 0 }, (_, nth) => ({ name, nth })),
  )
  return { result, transitions }
}
