import { readFile, writeFile } from 'node:fs/promises'
import type { Recorded, Service } from '../probe.ts'
import type { Generated } from './generate.ts'

/** A generated request that the fake once answered otherwise, with the answer of the real service. */
export interface ExploredRequest {
  readonly number: number
  readonly generated: Generated
  readonly real: Recorded
}

type Explored = Partial<Record<Service, readonly ExploredRequest[]>>

const file = new URL('../../recordings/explored-zed.json', import.meta.url)

/** The requests that are kept, by service. */
export const readExplored = async (): Promise<Explored> =>
  JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Explored // written below

/** Adds requests of a service to those that are kept; one with the same request takes the place of the older. */
export async function keepExplored(service: Service, requests: readonly ExploredRequest[]): Promise<void> {
  const all = await readExplored()
  const known = new Map((all[service] ?? []).map((one) => [JSON.stringify(one.generated.request), one]))
  for (const one of requests) known.set(JSON.stringify(one.generated.request), one)
  const lines = (list: readonly ExploredRequest[]): string => list.map((one) => JSON.stringify(one)).join(',\n')
  const next: [string, readonly ExploredRequest[]][] = Object.entries({ ...all, [service]: [...known.values()] })
  await writeFile(file, `{\n${next.map(([name, list]) => `"${name}": [\n${lines(list)}\n]`).join(',\n')}\n}\n`)
}
