import type { DriverContext } from '@openstack-cpi/openstack-driver'
import type { Targets } from './targets.ts'

/**
 * `problem`: BOSH will fail. `warning`: it may, or works worse than it could. `note`: BOSH works, other programs or images
 * may not.
 */
export type Severity = 'ok' | 'note' | 'warning' | 'problem' | 'skipped'

/** What a check saw. A note, warning or problem also says why it matters and how to fix it. */
export interface Finding {
  readonly severity: Severity
  readonly found: string
  readonly why?: string
  readonly remedy?: string
}

export type Group = 'identity' | 'compute' | 'network' | 'block storage' | 'image' | 'life cycle'

/** What checks may look at. They read only. */
export interface Examination {
  readonly ctx: DriverContext
  /** The same cloud and login, but failures and rate limits are reported immediately instead of being waited for. */
  readonly withoutRetries: DriverContext
  readonly targets: Targets
}

/** One question to the cloud. A failed request is a problem, and does not stop the other checks. */
export interface Check {
  readonly group: Group
  readonly title: string
  readonly run: (examination: Examination) => Promise<readonly Finding[]>
}

export const ok = (found: string): Finding => ({ severity: 'ok', found })
export const skipped = (found: string): Finding => ({ severity: 'skipped', found })
export const note = (found: string, why: string, remedy: string): Finding => ({
  severity: 'note',
  found,
  why,
  remedy,
})
export const warning = (found: string, why: string, remedy: string): Finding => ({
  severity: 'warning',
  found,
  why,
  remedy,
})
export const problem = (found: string, why: string, remedy: string): Finding => ({
  severity: 'problem',
  found,
  why,
  remedy,
})
