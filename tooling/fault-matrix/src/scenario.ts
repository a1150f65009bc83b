import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { FakeOpenStack, FaultRule } from 'fake-openstack'
import type { CpiRequest } from './cpi-call.ts'

/**
 * What a method does to the cloud, which says what must hold after an error: `create` and `read` leave everything as it
 * was; a repeated `change` or `delete` leads to where the first call would have led.
 */
export type Purpose = 'create' | 'change' | 'delete' | 'read'

/** A CPI call in circumstances that decide which API requests it makes. */
export interface Scenario {
  /** Method, and what is special, for example `create_vm: two NICs`. */
  readonly name: string
  readonly purpose: Purpose
  /** Prepares the cloud and says what is called then. */
  readonly given: (stage: Stage) => Promise<CpiRequest>
  /** Faults that belong to the circumstances, in the clean run too. */
  readonly weather?: readonly FaultRule[]
  /** Kind of rubble that lies about before and may be gone after an error. */
  readonly sweeps?: string
}

/** What a scenario prepares the cloud with. */
export interface Stage {
  readonly cloud: FakeOpenStack
  /** Runs a CPI call that has to succeed; answers its result. */
  call(method: string, args: readonly unknown[], openstack?: JsonObject): Promise<unknown>
  /** Sends an API request as the CPI's user; answers its body. */
  api(method: string, path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>
  /** Id of something that the cloud has, by its name. */
  idOf(kind: string, name: string): string
  /** Path of a file with a stemcell's image. */
  readonly stemcellPath: string
}
