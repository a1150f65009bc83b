import { CpiError } from '../errors/cpi-error.ts'
import type { Json } from '../model/json.ts'
import type { ArgumentList } from '../protocol/request.ts'
import { type ArgumentReader, argumentReader } from './argument-reader.ts'
import type { ApiVersion } from './call.ts'
import type { Cpi, CpiInfo } from './cpi.ts'

/** A request whose arguments are read: what is left is to answer it. */
export type PreparedCall =
  | { readonly needs: 'nothing'; readonly answer: (info: CpiInfo) => Json }
  | { readonly needs: 'driver'; readonly answer: (cpi: Cpi) => Promise<DriverAnswer> }

/** What a driver's method returned. */
export interface DriverAnswer {
  /** The result as it stands on the wire. Throws `CpiError` when it is nothing the caller could use. */
  readonly result: () => Json
  /** What the call created, for a caller that never learns of it; absent where nothing was created. */
  readonly created?: Created
}

/** An object that the caller knows only from the answer. */
export interface Created {
  /** For messages, for example `VM 'vm-1'`. */
  readonly what: string
  readonly remove: (cpi: Cpi) => Promise<void>
}

/** One row of the method table. Throws `InvalidCall` when the arguments are not right. */
export type Method = (list: ArgumentList, apiVersion: ApiVersion) => PreparedCall

/** A method of the driver: how its arguments are read, what is called, and how the result looks in each version. */
export const driverMethod =
  <Arguments, Result>(row: {
    readonly read: (reader: ArgumentReader, apiVersion: ApiVersion) => Arguments
    readonly call: (cpi: Cpi, read: Arguments) => Promise<Result>
    readonly write: (result: Result, apiVersion: ApiVersion, read: Arguments) => Json
    /** Where the method creates something: what; undefined when the result does not name it. */
    readonly created?: (result: Result) => Created | undefined
  }): Method =>
  (list, apiVersion) => {
    const read = row.read(argumentReader(list), apiVersion)
    const answer = async (cpi: Cpi): Promise<DriverAnswer> => {
      const returned = await row.call(cpi, read)
      const created = row.created?.(returned)
      return { result: () => row.write(returned, apiVersion, read), ...(created === undefined ? {} : { created }) }
    }
    return { needs: 'driver', answer }
  }

/** A method that every CPI answers alike, without a driver or its configuration. */
export const staticMethod =
  (answer: (info: CpiInfo) => Json): Method =>
  () => ({ needs: 'nothing', answer })

/** A method a driver may leave out: `NotImplemented` is thrown in its place. */
export const optional = <F>(name: string, method: F | undefined): F => {
  if (typeof method !== 'function') throw new CpiError('NotImplemented', `${name} is not implemented by this CPI`)
  return method
}

/** "No value" is null on the wire (contract §6). */
export const noValue = (): null => null
