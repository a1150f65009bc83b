import { CpiError } from '../errors/cpi-error.ts'
import { isJsonArray, type Json, type JsonObject } from '../model/json.ts'
import type { NetworkSpecs } from '../model/network-spec.ts'
import { NetworkSpecError, parseNetworkSpecs } from '../model/parse-network-specs.ts'
import type { ArgumentList } from '../protocol/request.ts'

/**
 * Reads a method's positional arguments (contract §3): null stands for an empty container, extra arguments are
 * ignored, missing or wrong ones throw `InvalidCall` with the argument's place and name, never with its value.
 */
export interface ArgumentReader {
  readonly text: (index: number, name: string) => string
  /** A non-empty string or null; also absent. */
  readonly optionalText: (index: number, name: string) => string | undefined
  /** An object or null. */
  readonly object: (index: number, name: string) => JsonObject
  /** As `object`, but may also be absent. */
  readonly optionalObject: (index: number, name: string) => JsonObject
  /** An array of non-empty strings, or null; also absent. */
  readonly optionalTexts: (index: number, name: string) => readonly string[]
  readonly sizeMiB: (index: number, name: string) => number
  readonly networks: (index: number, name: string) => NetworkSpecs
  /** A whole number of at least 0 inside an object argument. */
  readonly count: (object: JsonObject, name: string) => number
  /** Any `InvalidCall` the fixed forms above cannot express. */
  readonly wrong: (details: string) => CpiError
}

/** The reader of one call's arguments. */
export const argumentReader = ({ values, keysAt }: ArgumentList): ArgumentReader => {
  const required = (index: number, name: string): Json => {
    const value = values[index]
    if (value === undefined) throw wrong(`argument ${index} (${name}) is missing`)
    return value
  }
  const objectAt = (value: Json, index: number, name: string): JsonObject => {
    if (value === null) return {}
    if (typeof value !== 'object' || isJsonArray(value)) throw wrong(`argument ${index} (${name}) must be an object`)
    return value
  }
  return {
    text(index, name) {
      const value = required(index, name)
      if (typeof value !== 'string' || value === '')
        throw wrong(`argument ${index} (${name}) must be a non-empty string`)
      return value
    },
    optionalText(index, name) {
      const value = values[index] ?? ''
      if (typeof value !== 'string') throw wrong(`argument ${index} (${name}) must be a string or null`)
      return value === '' ? undefined : value
    },
    object: (index, name) => objectAt(required(index, name), index, name),
    optionalObject: (index, name) => objectAt(values[index] ?? null, index, name),
    optionalTexts(index, name) {
      const value = values[index] ?? []
      const complaint = `argument ${index} (${name}) must be an array of non-empty strings`
      if (!isJsonArray(value)) throw wrong(complaint)
      return value.map((item) => {
        if (typeof item !== 'string' || item === '') throw wrong(complaint)
        return item
      })
    },
    sizeMiB(index, name) {
      const value = required(index, name)
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
        throw wrong(`argument ${index} (${name}) must be a positive integer (MiB)`)
      }
      return value
    },
    networks(index, name) {
      try {
        return parseNetworkSpecs(objectAt(required(index, name), index, name), keysAt(index))
      } catch (error) {
        if (error instanceof NetworkSpecError) throw wrong(`argument ${index} (${name}): ${error.message}`, error)
        throw error
      }
    },
    count(object, name) {
      const value = object[name]
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
        throw wrong(`${name} must be an integer of at least 0`)
      }
      return value
    },
    wrong,
  }
}

const wrong = (details: string, cause?: unknown): CpiError =>
  new CpiError('InvalidCall', `Arguments are not correct, details: ${details}`, cause === undefined ? {} : { cause })
