import type { Check, Examination, Finding } from './check.ts'
import { failedCheck } from './failed-check.ts'

/** A check with what it found. */
export interface Result {
  readonly group: Check['group']
  readonly title: string
  readonly findings: readonly Finding[]
  readonly durationMs: number
}

export interface Report {
  readonly results: readonly Result[]
  readonly problems: number
  readonly warnings: number
}

/** Runs all checks side by side; `onDone` hears of each as it ends. Results keep the order of the checks. */
export async function runChecks(
  checks: readonly Check[],
  examination: Examination,
  onDone: (result: Result) => void = () => undefined,
): Promise<readonly Result[]> {
  const { clock } = examination.ctx
  return await Promise.all(
    checks.map(async ({ group, title, run }) => {
      const startedMs = clock.monotonicMs()
      const findings = await run(examination).catch((error: unknown): readonly Finding[] => [failedCheck(error)])
      const result = { group, title, findings, durationMs: clock.monotonicMs() - startedMs }
      onDone(result)
      return result
    }),
  )
}

export function summarise(results: readonly Result[]): Report {
  const count = (severity: Finding['severity']) =>
    results.flatMap((result) => result.findings).filter((finding) => finding.severity === severity).length
  return { results, problems: count('problem'), warnings: count('warning') }
}
