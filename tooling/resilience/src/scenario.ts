import type { FaultRule } from 'fake-openstack'
import type { CpiRequest } from './cpi-request.ts'
import type { Fixture } from './fixture.ts'

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
  /** Prepares the cloud and returns the call. */
  readonly given: (fixture: Fixture) => Promise<CpiRequest>
  /** Faults that belong to the circumstances, in the run without other faults too. */
  readonly initialFaults?: readonly FaultRule[]
  /** Kind of the orphaned resources that exist before the call and may be gone after an error. */
  readonly orphans?: string
  /** Whether the call is also killed at each of its requests. */
  readonly killed?: true
  /** A request that the cloud refuses: the call is also killed while it removes what it has created. */
  readonly refusedAt?: { readonly service: string; readonly operation: string }
}
