import type { Service } from '../probe.ts'
import { readYaml } from '../yaml-file.ts'

/** A value, and what it is called in findings. */
type Named<T> = readonly [name: string, value: T]

/** What the exploration draws from; `oddities.yaml` says what each list is for. */
export const oddities = readYaml<{
  versions: Partial<Record<Service, readonly string[]>>
  keyVersions: Partial<Record<Service, readonly string[]>>
  emptyLists: readonly string[]
  queries: readonly string[]
  queryValues: readonly string[]
  methods: readonly string[]
  contentTypes: readonly string[]
  accepts: readonly string[]
  versionHeaders: readonly string[]
  texts: readonly string[]
  ids: readonly Named<string>[]
  values: readonly Named<unknown>[]
  objects: Record<string, string>
  identityObjects: Record<string, string>
  avoided: readonly string[]
}>(new URL('./oddities.yaml', import.meta.url))

/** Bodies that the services accept, by route; `bodies.yaml` says how they are written. */
export const validBodies = readYaml<Record<Service, Record<string, unknown>>>(new URL('./bodies.yaml', import.meta.url))
