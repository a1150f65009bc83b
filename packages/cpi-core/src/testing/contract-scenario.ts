import { expect } from 'vitest'
import type { ApiVersion } from '../contract/call.ts'
import { CpiError } from '../errors/cpi-error.ts'
import type { WireError } from '../errors/to-wire.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { ContractProbes, CpiContractHarness } from './contract-harness.ts'
import { CpiAnswerError, type CpiClient, createCpiClient } from './cpi-client.ts'
import { CreatedObjects } from './created-objects.ts'

/** Ends a test that this harness cannot run. Reported as skipped, with the reason. */
export class SkippedCase extends Error {
  override readonly name = 'SkippedCase'
}

/** What the tests of the suite have in common: calls, and objects they create. What they create is removed afterwards. */
export interface ContractScenario {
  readonly harness: CpiContractHarness
  readonly call: (method: string, values: readonly Json[], apiVersion?: ApiVersion) => Promise<Json>
  /** The error of a call that must fail. */
  readonly failure: (method: string, ...values: Json[]) => Promise<WireError>
  /** A call that gets SIGTERM after `afterMs`: its result, or undefined when it failed. */
  readonly interrupted: (method: string, values: readonly Json[], afterMs: number) => Promise<Json | undefined>
  /** Creates a stemcell from the image of the harness, or from a copy of it. */
  readonly createStemcell: (imagePath?: string) => Promise<string>
  readonly vmArguments: (stemcell: string, cloudProperties?: JsonObject) => Json[]
  /** Creates a VM, with a stemcell of its own unless one is given. */
  readonly createVm: (stemcell?: string) => Promise<string>
  readonly createDisk: (near?: string) => Promise<string>
  /** A probe of the harness. Without it the test is skipped. */
  readonly probe: <Name extends keyof ContractProbes>(name: Name) => NonNullable<ContractProbes[Name]>
  readonly skip: (reason: string) => never
  /** Removes what the test created, through the CPI, and requires that nothing is left. */
  readonly cleanUp: () => Promise<void>
  /** Interrupts calls that still run, then removes what it can. For a test that failed or took too long. */
  readonly abandon: () => Promise<void>
}

/** The agent id of the suite's VMs. */
export const suiteAgentId = 'agent-007'

/** Begins a test of the suite: nothing is created yet. */
export const createScenario = (harness: CpiContractHarness): ContractScenario => {
  const stop = new AbortController()
  const running = new Set<Promise<unknown>>()
  const created = new CreatedObjects()
  const context = harness.context ?? {}
  const clientOf = (signal: AbortSignal): CpiClient => {
    if (harness.createClient !== undefined) return harness.createClient({ context, signal })
    const { createCpi } = harness
    if (createCpi === undefined) throw new TypeError('The harness has neither createCpi nor createClient')
    return createCpiClient((call) => createCpi.call(harness, call), { context, signal })
  }
  const client = clientOf(stop.signal)

  const callWith = async (
    caller: CpiClient,
    ...[method, values, apiVersion]: Parameters<CpiClient['call']>
  ): Promise<Json> => {
    stop.signal.throwIfAborted()
    const answered = caller.call(method, values, apiVersion).then((result) => {
      created.record(method, values, result)
      return result
    })
    const settled = answered.catch(() => undefined)
    running.add(settled)
    await settled
    running.delete(settled)
    return await answered
  }
  const call: ContractScenario['call'] = (...values) => callWith(client, ...values)
  const interrupted: ContractScenario['interrupted'] = async (method, values, afterMs) => {
    const interruption = new AbortController()
    const abort = () => interruption.abort(new CpiError('CloudError', 'interrupted by the contract suite'))
    const timer = setTimeout(abort, afterMs)
    try {
      return await callWith(clientOf(AbortSignal.any([stop.signal, interruption.signal])), method, values)
    } catch (error) {
      if (error instanceof CpiAnswerError) return undefined
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
  const failure: ContractScenario['failure'] = async (method, ...values) => {
    let result: Json
    try {
      result = await call(method, values)
    } catch (error) {
      if (error instanceof CpiAnswerError) return error.answer
      throw error
    }
    throw new Error(`${method} was expected to fail, it answered ${JSON.stringify(result)}`)
  }
  const skip = (reason: string): never => {
    throw new SkippedCase(reason)
  }
  const createStemcell = async (imagePath = harness.stemcell.imagePath): Promise<string> =>
    text(await call('create_stemcell', [imagePath, harness.stemcell.cloudProperties]))
  const vmArguments = (stemcell: string, cloudProperties?: JsonObject): Json[] => {
    const { networks, env = null, cloudProperties: working } = harness.vm
    return [suiteAgentId, stemcell, cloudProperties ?? working, networks, [], env]
  }
  return {
    harness,
    call,
    failure,
    interrupted,
    skip,
    createStemcell,
    vmArguments,
    createVm: async (stemcell) => {
      const result = await call('create_vm', vmArguments(stemcell ?? (await createStemcell())))
      expect(result).toEqual([expect.any(String), expect.any(Object)])
      return text(Array.isArray(result) ? result[0] : result)
    },
    createDisk: async (near) =>
      text(await call('create_disk', [harness.disk.sizeMiB, harness.disk.cloudProperties, near ?? null])),
    probe: (name) => {
      const probes = harness.probes ?? {}
      const probe = probes[name]
      if (probe === undefined) return skip(`the harness has no probe '${name}'`)
      return probe.bind(probes) as typeof probe // bind forgets which of the probes it is
    },
    cleanUp: async () => {
      await created.remove((method, values) => client.call(method, values))
      if (harness.leftovers !== undefined) expect(await harness.leftovers(), 'left behind').toEqual([])
    },
    abandon: async () => {
      stop.abort(new Error('the test has ended'))
      await Promise.all(running)
      const cleaning = clientOf(new AbortController().signal)
      await created.removeWhatGoes((method, values) => cleaning.call(method, values))
    },
  }
}

/** A non-empty string, as every CID is. */
export const text = (value: Json | undefined): string => {
  expect(value).toEqual(expect.stringMatching(/./))
  return typeof value === 'string' ? value : ''
}

/** An object; the test fails for anything else. */
export const object = (value: Json | undefined): JsonObject => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new Error(`an object was expected, not ${JSON.stringify(value)}`)
}
