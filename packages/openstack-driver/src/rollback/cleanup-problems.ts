import { CpiError } from '@openstack-cpi/cpi-core'
import { detailsOf, OpenStackError } from '../http/openstack-error.ts'

/**
 * The same failure, of the same class and kind, whose message also tells what could not be removed. The operator must
 * learn of it: these objects stay.
 */
export function withCleanupProblems(error: unknown, problems: readonly string[]): unknown {
  const text = (message: string): string =>
    `${message}\nCleaning up afterwards failed, these objects may be left: ${problems.join('; ')}`
  if (error instanceof CpiError) {
    return new CpiError(error.code, text(error.message), { cause: error, okToRetry: error.okToRetry })
  }
  if (error instanceof OpenStackError) {
    return new OpenStackError(error.kind, text(error.message), detailsOf(error))
  }
  return new Error(text(error instanceof Error ? error.message : String(error)), { cause: error })
}

/** Failures of steps that must not keep the next steps from running. */
export class Problems {
  readonly #found: { readonly step: string; readonly error: unknown }[] = []

  /** @param step as it stands before the message, for example `Removing ports` */
  add(step: string, error: unknown): void {
    this.#found.push({ step, error })
  }

  /** Throws what was found: one failure as itself, several as one `CloudError` that names them all. */
  raise(): void {
    const [first, ...others] = this.#found
    if (first === undefined) return
    if (others.length === 0 && first.error instanceof CpiError) throw first.error
    const lines = this.#found.map(
      ({ step, error }) => `${step}: ${error instanceof Error ? error.message : String(error)}`,
    )
    const text = others.length === 0 ? lines.join() : `Multiple cloud errors occurred:\n${lines.join('\n')}`
    throw new CpiError('CloudError', text, { cause: first.error })
  }
}
