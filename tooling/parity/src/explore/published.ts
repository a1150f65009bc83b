import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Service } from '../probe.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** A schema by which a service checks the body or the query of a route, and the microversions for which it does. */
export interface PublishedSchema {
  readonly part: 'body' | 'query'
  readonly min: string | null
  readonly max: string | null
  readonly schema: JsonSchema
}

/** A route of a service; parameters are written `:name`. */
export interface PublishedRoute {
  readonly method: string
  readonly path: string
  /** First key of the body, for `POST …/action`. */
  readonly action?: string
  readonly schemas: readonly PublishedSchema[]
}

const script = fileURLToPath(new URL('../../published/publish.py', import.meta.url))
const projects: Readonly<Record<Service, string>> = {
  identity: 'keystone',
  compute: 'nova',
  image: 'glance',
  'block-storage': 'cinder',
  network: 'neutron',
  'load-balancer': 'octavia',
}

/**
 * The routes and schemas of one service, as its own packages on this machine publish them; the reference cloud installs
 * them. They are kept in the folder, for the next time.
 */
export async function publishedRoutes(service: Service, folder: string): Promise<readonly PublishedRoute[]> {
  const file = join(folder, `${projects[service]}.json`)
  const kept = await readFile(file, 'utf8').catch(() => undefined)
  if (kept === undefined) {
    await promisify(execFile)('/usr/bin/python3', [script, folder, projects[service]], { maxBuffer: 1 << 26 })
  }
  return JSON.parse(kept ?? (await readFile(file, 'utf8'))) as PublishedRoute[] // written by publish.py
}
