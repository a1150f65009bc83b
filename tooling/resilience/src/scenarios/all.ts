import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Purpose, Scenario } from '../scenario.ts'
import { Preparation, type Step, type VmParams } from './steps.ts'

/** A scenario as `scenarios.yaml` has it. */
interface Entry extends Omit<Scenario, 'purpose' | 'given'> {
  /** Default: as the method's name says. */
  readonly purpose?: Purpose
  readonly given?: readonly Step[]
  readonly create_vm?: VmParams
  readonly args?: readonly unknown[]
  readonly openstack?: NonNullable<VmParams['openstack']>
}

const file = new URL('../../scenarios.yaml', import.meta.url)
const entries = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Readonly<Record<string, readonly Entry[]>>

function purposeOf(method: string): Purpose {
  const [verb = ''] = method.split('_')
  if (verb === 'create' || verb === 'delete') return verb
  return ['has', 'get', 'calculate'].includes(verb) ? 'read' : 'change'
}

function toScenario({ name, purpose, given = [], create_vm: vm, args = [], openstack, ...more }: Entry): Scenario {
  const [method = ''] = name.split(':')
  return {
    ...more,
    name,
    purpose: purpose ?? purposeOf(method),
    given: async (fixture) => {
      const preparation = new Preparation(fixture)
      for (const step of given) await preparation.take(step)
      if (vm !== undefined) return preparation.vmRequest(vm)
      return { method, arguments: preparation.resolve(args), ...(openstack === undefined ? {} : { openstack }) }
    },
  }
}

const parts = new Map(Object.entries(entries).map(([part, own]) => [part, own.map(toScenario)]))

/** Every scenario of the matrices. */
export const scenarios: readonly Scenario[] = [...parts.values()].flat()

/** Throws when `scenarios.yaml` has no such part. */
export function scenariosOf(part: string): readonly Scenario[] {
  const found = parts.get(part)
  if (found === undefined) throw new Error(`no part ${part} in scenarios.yaml`)
  return found
}

/** Throws when there is no scenario of this name. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}
