import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Recorded } from '../probe.ts'
import type { Generated } from './generate.ts'

/** A generated request with the answer of the real service. */
export interface ExploredRequest {
  readonly number: number
  readonly generated: Generated
  readonly real: Recorded
}

const file = fileURLToPath(new URL('../../recordings/explored-zed.jsonl', import.meta.url))

/** The values of a file of JSON lines; none where it is missing. */
export async function readLines<T>(path: string): Promise<readonly T[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T])) // our own files
}

/** The requests that the fake once answered otherwise than the real service. */
export const readExplored = (): Promise<readonly ExploredRequest[]> => readLines(file)

/** Adds requests to those that are kept; one with the same request takes the place of the older. */
export async function keepExplored(requests: readonly ExploredRequest[]): Promise<void> {
  const all = [...(await readExplored()), ...requests]
  const kept = new Map(all.map((one) => [JSON.stringify(one.generated.request), one]))
  await writeFile(file, [...kept.values()].map((one) => `${JSON.stringify(one)}\n`).join(''))
}
