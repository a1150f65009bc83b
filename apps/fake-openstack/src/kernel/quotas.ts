import { defineCollection, type StoredRecord } from './collection.ts'
import type { Store } from './store.ts'

export interface QuotaRecord extends StoredRecord {
  service: string
  projectId: string
  limits: Readonly<Record<string, number>>
}

/** A class is stored as a project of this name, which no project has. */
const classKey = (name: string): string => `class:${name}`
const isClassKey = (projectId: string): boolean => projectId.startsWith('class:')
const hasAny = (limits: object): boolean => Object.keys(limits).length > 0

export const quotaSets = defineCollection<QuotaRecord>()({ kind: 'quotas' })

/**
 * Limits per service and project; -1 means without limit. What is used is counted by the services through indexes and
 * sums of their collections, and each refuses in its own words and status (Nova 403, Cinder 413, Neutron 409).
 */
export class Quotas {
  readonly #store: Store
  readonly #defaults = new Map<string, Readonly<Record<string, number>>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** The default limits of a project. */
  setDefaults(service: string, limits: Readonly<Record<string, number>>): void {
    this.#defaults.set(service, limits)
  }

  defaults(service: string): Readonly<Record<string, number>> {
    return this.ofClass(service, 'default')
  }

  /** The limits of a quota class. Those of the class `default` are the defaults of all projects. */
  ofClass(service: string, name: string): Readonly<Record<string, number>> {
    return { ...this.#defaults.get(service), ...this.own(service, classKey(name)) }
  }

  setClass(service: string, name: string, limits: Readonly<Record<string, number>>): void {
    this.set(service, classKey(name), limits)
  }

  /** All limits of a project. */
  limits(service: string, projectId: string): Readonly<Record<string, number>> {
    return { ...this.defaults(service), ...this.#store.of(quotaSets).get(`${service}/${projectId}`)?.limits }
  }

  /** Ids of the projects that have limits of their own. */
  projects(service: string): string[] {
    const own = this.#store.of(quotaSets).all()
    return own
      .filter(({ service: of, projectId, limits }) => of === service && !isClassKey(projectId) && hasAny(limits))
      .map(({ projectId }) => projectId)
  }

  /** The limits that were set for a project, without the defaults. */
  own(service: string, projectId: string): Readonly<Record<string, number>> {
    return this.#store.of(quotaSets).get(`${service}/${projectId}`)?.limits ?? {}
  }

  limit(service: string, projectId: string, resource: string): number {
    return this.limits(service, projectId)[resource] ?? -1
  }

  /** True when `adding` more would pass the limit. */
  exceeded(service: string, projectId: string, resource: string, used: number, adding: number): boolean {
    const limit = this.limit(service, projectId, resource)
    return limit >= 0 && adding > 0 && used + adding > limit
  }

  set(service: string, projectId: string, limits: Readonly<Record<string, number>>): void {
    const id = `${service}/${projectId}`
    const records = this.#store.of(quotaSets)
    const known = records.get(id)
    if (known) records.update(id, { limits: { ...known.limits, ...limits } })
    else records.insert({ id, service, projectId, limits })
  }

  /** Back to the defaults. */
  clear(service: string, projectId: string): void {
    this.#store.of(quotaSets).delete(`${service}/${projectId}`)
  }
}
