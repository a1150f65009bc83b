import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Recorded, Service } from '../probe.ts'
import type { Generated } from './generate.ts'

/** A generated request with the answer of the real service. */
export interface ExploredRequest {
  readonly number: number
  readonly generated: Generated
  readonly real: Recorded
}

/** What a service does with a query key: some value changes the answer, every value is refused, or none matters. */
export type Treatment = 'obeyed' | 'refused' | 'ignored' | 'not modelled'

/** What a service does with the query keys of a list. */
export interface ListKeys {
  readonly service: Service
  readonly path: string
  /** Treatments by user and key. */
  readonly users: Readonly<Record<string, Readonly<Record<string, Treatment>>>>
}

const fileOf = (name: string): string => fileURLToPath(new URL(`../../recordings/${name}-zed.jsonl`, import.meta.url))

/** The values of a file of JSON lines; none where it is missing. */
export const readLines = <T>(file: string): readonly T[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T])) // our own files

const writeLines = (file: string, values: readonly unknown[]): void =>
  writeFileSync(file, values.map((one) => `${JSON.stringify(one)}\n`).join(''))

/** The requests that the fake once answered otherwise than the real service. */
export const readExplored = (): readonly ExploredRequest[] => readLines(fileOf('explored'))

/** Adds requests to those that are kept; one with the same request takes the place of the older. */
export function keepExplored(requests: readonly ExploredRequest[]): void {
  const all = [...readExplored(), ...requests]
  const kept = new Map(all.map((one) => [JSON.stringify(one.generated.request), one]))
  writeLines(fileOf('explored'), [...kept.values()])
}

const allListKeys = (): readonly ListKeys[] => readLines(fileOf('query-keys'))

/** What the real service does with the query keys of its lists. */
export const readListKeys = (service: Service): readonly ListKeys[] =>
  allListKeys().filter((one) => one.service === service)

/** Keeps what a service does with the query keys of its lists, in place of what was known. */
export const keepListKeys = (service: Service, lists: readonly ListKeys[]): void =>
  writeLines(fileOf('query-keys'), [...allListKeys().filter((one) => one.service !== service), ...lists])
