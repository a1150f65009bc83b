import { readdirSync } from 'node:fs'
import { type Service, services, type Tolerance } from './probe.ts'
import type { Request } from './session.ts'
import { readYaml } from './yaml-file.ts'

/** A step of a scenario: one request, or many of the same until a value is reached. Texts may hold `$variables`. */
export interface Step extends Omit<Request, 'service'>, Tolerance {
  /** The name of the probe; without it the response is not recorded. */
  readonly ask?: string
  /** Another service than the scenario's. */
  readonly service?: Service
  /** Fields of the response whose values are polled, joined with `/`; the HTTP status when the request fails. */
  readonly wait?: string | readonly string[]
  /** Values that end the polling. */
  readonly until: readonly unknown[]
  /** Variables: a field of the body, `header <name>`, or the query of a URL in a field: `query <field>`. */
  readonly save: Readonly<Record<string, string>>
  /** Runs when the scenario ends, besides the deletion of what a POST has created. */
  readonly undo: readonly Step[]
  /** Lets so many milliseconds pass before the request. */
  readonly pause?: number
}

export interface Scenario {
  readonly name: string
  readonly service: Service
  readonly steps: readonly Step[]
  /** Variables that the steps use, besides those of the session. */
  readonly variables: Readonly<Record<string, string>>
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const folder = new URL('../probes/', import.meta.url)

/** Throws an error that names the key or the step for a step that cannot be run. */
export function toStep(written: Readonly<Record<string, unknown>>): Step {
  const { undo = [], save = {}, until = [], ...rest } = written
  const method = Object.keys(rest).find((key) => methods.includes(key))
  if (method === undefined) throw new Error(`no request in ${JSON.stringify(written)}`)
  const { [method]: path, ...options } = rest
  const unknown = Object.keys(options).filter((key) => !known.has(key))
  if (unknown.length > 0) throw new Error(`unknown ${unknown.join(', ')} in ${JSON.stringify(written)}`)
  return { ...options, method, path, save, until, undo: toSteps(undo) } as Step // the keys are checked
}
const known = new Set(
  'ask service wait pause body text bytes version as headers list fleeting fleetingFields race'.split(' '),
)

export const toSteps = (written: unknown): readonly Step[] =>
  (written as readonly Record<string, unknown>[]).map(toStep)

/** Keystone comes last: some of its scenarios revoke the tokens of users. */
const order = services.toSorted((a, b) => Number(a === 'identity') - Number(b === 'identity'))

/** The scenarios of all files in `probes/<service>/`; a file's `values` are shared by its scenarios through anchors. */
export const readScenarios = (): readonly Scenario[] =>
  order.flatMap((service) =>
    readdirSync(new URL(`${service}/`, folder))
      .sort()
      .flatMap((file) => Object.entries(readYaml(new URL(`${service}/${file}`, folder))))
      .filter(([name]) => name !== 'values')
      .map(([name, content]) => {
        const { steps, with: variables = {} } = (Array.isArray(content) ? { steps: content } : content) as {
          steps: unknown
          with?: Record<string, string>
        }
        return { name, service, steps: toSteps(steps), variables }
      }),
  )

/** How a resource is deleted, by its collection, where a DELETE alone is not enough. */
export const readDeletions = (): ReadonlyMap<string, readonly Step[]> =>
  new Map(Object.entries(readYaml(new URL('deletions.yaml', folder))).map(([path, steps]) => [path, toSteps(steps)]))
