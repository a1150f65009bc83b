import { expect } from 'vitest'
import type { Cpi } from '../contract/cpi.ts'
import type { WireError } from '../errors/to-wire.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { CpiAnswerError, type CpiClient, createCpiClient } from './cpi-client.ts'

/** One cloud under test, and what the suite must know of it. Made anew for each test. */
export interface CpiContractHarness {
  /** A driver of this cloud; asked for before each call, since each call of a director is a process of its own. */
  createCpi(): Promise<Cpi> | Cpi
  /** Arguments of `create_stemcell` that work. */
  readonly stemcell: { readonly imagePath: string; readonly cloudProperties: JsonObject }
  /**
   * Arguments of `create_vm` that work; `networks` as on the wire. Read anew for each VM: where addresses are taken, a
   * getter gives each VM its own, as a director does.
   */
  readonly vm: { readonly cloudProperties: JsonObject; readonly networks: JsonObject; readonly env?: JsonObject }
  /** Arguments of `create_disk` that work. */
  readonly disk: { readonly sizeMiB: number; readonly cloudProperties: JsonObject }
  /** A CID in this cloud's form that names nothing, of any kind. */
  readonly missingCid: string
  /** A `create_vm` that this cloud refuses, by cloud properties. Without it the failed create is tried with no stemcell. */
  readonly refusedVmCloudProperties?: JsonObject
  /** Arguments of `create_network` that work; without them networks are not tried. */
  readonly network?: JsonObject
  /** Names all that exists beyond what the harness began with; when given, every test must end with none. */
  leftovers?(): Promise<readonly string[]> | readonly string[]
  close?(): Promise<void> | void
}

/** What the tests of the suite have in common: calls, and things made by them. */
export interface ContractScenario {
  readonly harness: CpiContractHarness
  readonly call: CpiClient['call']
  /** The error of a call that must fail. */
  readonly failure: (method: string, ...values: Json[]) => Promise<WireError>
  /** Repeats a deletion: null, or the one NotFound type that callers take for success as well (contract §6). */
  readonly deleteAgain: (method: string, cid: string, notFound: string) => Promise<void>
  readonly isOffered: (method: keyof Cpi) => Promise<boolean>
  readonly createStemcell: () => Promise<string>
  readonly vmArguments: (stemcell: string, cloudProperties?: JsonObject) => Json[]
  readonly createVm: (stemcell: string) => Promise<string>
  readonly createDisk: (near?: string) => Promise<string>
  /** Makes a stemcell and a VM, unmakes them afterwards, and proves that nothing is left. */
  readonly withVm: (use: (vm: string, stemcell: string) => Promise<void>) => Promise<void>
  readonly expectNothingLeft: () => Promise<void>
}

export const createScenario = (harness: CpiContractHarness): ContractScenario => {
  const { call } = createCpiClient(() => harness.createCpi())
  /** Also proves that what a test made can be unmade without a trace. */
  const expectNothingLeft = async (): Promise<void> => {
    if (harness.leftovers !== undefined) expect(await harness.leftovers()).toEqual([])
  }
  const failure = async (method: string, ...values: Json[]): Promise<WireError> => {
    try {
      await call(method, values)
    } catch (error) {
      if (error instanceof CpiAnswerError) return error.answer
      throw error
    }
    throw new Error(`${method} was expected to fail`)
  }
  const deleteAgain = async (method: string, cid: string, notFound: string): Promise<void> => {
    try {
      expect(await call(method, [cid])).toBeNull()
    } catch (error) {
      if (!(error instanceof CpiAnswerError)) throw error
      expect(error.answer.type).toBe(notFound)
    }
  }
  const isOffered = async (method: keyof Cpi): Promise<boolean> => method in (await harness.createCpi())

  const createStemcell = async (): Promise<string> =>
    text(await call('create_stemcell', [harness.stemcell.imagePath, harness.stemcell.cloudProperties]))
  const vmArguments = (stemcell: string, cloudProperties = harness.vm.cloudProperties): Json[] => {
    const { networks, env = null } = harness.vm
    return ['agent-007', stemcell, cloudProperties, networks, [], env]
  }
  const createVm = async (stemcell: string): Promise<string> => {
    const created = await call('create_vm', vmArguments(stemcell))
    expect(created).toEqual([expect.any(String), expect.any(Object)])
    return text(Array.isArray(created) ? created[0] : created)
  }
  const createDisk = async (near?: string): Promise<string> =>
    text(await call('create_disk', [harness.disk.sizeMiB, harness.disk.cloudProperties, near ?? null]))
  const withVm = async (use: (vm: string, stemcell: string) => Promise<void>): Promise<void> => {
    const stemcell = await createStemcell()
    const vm = await createVm(stemcell)
    await use(vm, stemcell)
    await call('delete_vm', [vm])
    await call('delete_stemcell', [stemcell])
    await expectNothingLeft()
  }
  return {
    harness,
    call,
    failure,
    deleteAgain,
    isOffered,
    createStemcell,
    vmArguments,
    createVm,
    createDisk,
    withVm,
    expectNothingLeft,
  }
}

/** A non-empty string, as every CID is. */
export const text = (value: Json | undefined): string => {
  expect(value).toEqual(expect.stringMatching(/./))
  return typeof value === 'string' ? value : ''
}

export const object = (value: Json | undefined): JsonObject => {
  expect(value).toEqual(expect.any(Object))
  return value as JsonObject // the line above would have failed
}
