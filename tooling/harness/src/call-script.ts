import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { CpiAnswer } from './director.ts'

/** One CPI call of a script. A text `$name` or `$name.key` stands for a value of that name. */
export interface ScriptedCall {
  readonly call: string
  /** In the words of an operator. */
  readonly purpose?: string
  readonly arguments: readonly unknown[]
  /** Name of the result for later calls; of a list, its first element. */
  readonly as?: string
}

/** Values by name: what a script is given, then the results of its calls. */
export type Values = Record<string, unknown>

/** Reads data that goes with a module: a YAML file beside it. */
export const readYaml = (name: string, module: string) => parse(readFileSync(new URL(name, module), 'utf8'))

/** Replaces each text `$name` or `$name.key` in data. Throws for a name that has no value. */
export function withValues<T>(data: T, values: Values): T {
  const replaced = JSON.stringify(data, (_key, value) => {
    if (typeof value !== 'string' || !value.startsWith('$')) return value
    const found = value
      .slice(1)
      .split('.')
      .reduce((known, key) => Object(known)[key], Object(values))
    if (found === undefined) throw new Error(`nothing is called ${value}`)
    return found
  })
  return replaced === undefined ? data : JSON.parse(replaced)
}

/**
 * Makes the calls of a script one after the other. `values` gets the results. Ends with the first error answer.
 * @param send makes the call
 * @param check is called with each step and the values so far
 */
export async function runScript<Step extends ScriptedCall>(
  script: readonly Step[],
  values: Values,
  send: (step: Step) => Promise<CpiAnswer>,
  check: (step: Step, answer: CpiAnswer) => Promise<void> | void,
): Promise<void> {
  for (const scripted of script) {
    const step = { ...scripted, arguments: withValues(scripted.arguments, values) }
    const answer = await send(step)
    if (step.as) values[step.as] = Array.isArray(answer.result) ? answer.result[0] : answer.result
    await check(step, answer)
    if (answer.error) return
  }
}
