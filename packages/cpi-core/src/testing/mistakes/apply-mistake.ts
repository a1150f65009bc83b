import type { CpiCall } from '../../contract/call.ts'
import type { Cpi } from '../../contract/cpi.ts'
import type { CpiContractHarness } from '../contract-harness.ts'
import type { CorrectMethods, Mistake } from './mistake.ts'

/** The harness of a CPI in which one thing is wrong. */
export const applyMistake = (harness: CpiContractHarness, mistake: Mistake): CpiContractHarness => {
  const memory = new Map<string, unknown>()
  const probes = harness.probes ?? {}
  const replaced: Partial<CpiContractHarness> = {
    createCpi: async (call) => {
      const correct = await correctCpi(harness, call)
      return withMethods(correct, mistake.change?.(bound(correct), { memory, call, harness }) ?? {})
    },
    probes: mistake.shows === undefined ? probes : withMethods(probes, mistake.shows(probes, memory)),
  }
  return withMethods(harness, replaced)
}

/** The CPI without a mistake. */
export const correctCpi = async (harness: CpiContractHarness, call: CpiCall): Promise<Cpi> => {
  if (harness.createCpi === undefined) throw new TypeError('Mistakes are made in drivers: the harness needs createCpi')
  return await harness.createCpi(call)
}

/** The object with other methods. Getters of the harness stay getters, and private members work. */
const withMethods = <T extends object>(target: T, methods: object): T =>
  new Proxy(target, {
    get: (_target, key) => {
      if (key in methods) return Reflect.get(methods, key)
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

const bound = (cpi: Cpi): CorrectMethods => withMethods(cpi, {}) as CorrectMethods // see there
