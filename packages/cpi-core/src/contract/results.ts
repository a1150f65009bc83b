import { CpiError } from '../errors/cpi-error.ts'
import { problemOfHint } from '../model/disk-hint.ts'
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { CreatedNetwork, CreatedVm, CreateVm } from './cpi.ts'

// What a driver returned is checked before it is answered: the compiler is not asked where a driver has no types or casts.
// A wrong result would fail later and elsewhere, in the director or the agent.

const unusable = (problem: string): CpiError =>
  new CpiError('CpiError', `The driver returned an unusable result: ${problem}`)

/** A CID. Without it the caller would lose track of what was created. */
export const cidResult = (value: unknown): string => {
  if (typeof value !== 'string' || value === '') throw unusable('a cloud ID must be a non-empty string')
  return value
}

/** A plain yes or no: of anything else the director concludes that the object is gone, and drops it. */
export const booleanResult = (value: unknown): boolean => {
  if (typeof value !== 'boolean') throw unusable('true or false is expected')
  return value
}

/** An object, as `calculate_vm_cloud_properties` answers. */
export const objectResult = (value: unknown): JsonObject => {
  if (!isJsonObject(value)) throw unusable('an object is expected')
  return value
}

/** The CIDs of `get_disks`. */
export const cidsResult = (value: unknown): readonly string[] => {
  if (!Array.isArray(value)) throw unusable('an array of cloud IDs is expected')
  return value.map(cidResult)
}

/** A hint that agents understand (contract §6.13). */
export const hintResult = (value: unknown): Json => {
  const problem = problemOfHint(value)
  if (problem !== undefined) throw unusable(`the disk is attached, but ${problem}`)
  return value as Json // a string or an object of strings
}

/** `[vm_cid, networks]`: all networks of the request must be there, and no other (contract §6.4). */
export const createdVmResult = (created: CreatedVm, request: CreateVm): readonly Json[] => {
  const vm = cidResult(created?.vm)
  const networks = objectResult(created.networks)
  const asked = request.networks.map(({ name }) => name)
  const missing = asked.filter((name) => !isJsonObject(networks[name]))
  if (missing.length > 0) throw unusable(`the networks lack ${missing.map((name) => `'${name}'`).join(', ')}`)
  const strange = Object.keys(networks).filter((name) => !asked.includes(name))
  if (strange.length > 0) throw unusable(`the request has no network '${strange.join("', '")}'`)
  return [vm, networks]
}

/** `[network_cid, address_properties, cloud_properties]` (contract §6.21). */
export const createdNetworkResult = (created: CreatedNetwork): readonly Json[] => {
  const network = cidResult(created?.network)
  const { range, gateway, reserved, cloudProperties } = created
  for (const [key, value] of Object.entries({ range, gateway })) {
    if (value !== undefined && typeof value !== 'string') throw unusable(`${key} must be a string`)
  }
  if (!Array.isArray(reserved) || reserved.some((item) => typeof item !== 'string')) {
    throw unusable('reserved must be an array of strings')
  }
  const address = { ...(range === undefined ? {} : { range }), ...(gateway === undefined ? {} : { gateway }) }
  return [network, { ...address, reserved }, objectResult(cloudProperties)]
}
