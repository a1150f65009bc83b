import { CpiError, createLogger, createSecrets, messageOf } from '@openstack-cpi/cpi-core'
import { createStderrLines, processClock } from '@openstack-cpi/cpi-core/node'
import { createDriverContext, type DriverContext, type PendingResultRecord } from '@openstack-cpi/openstack-driver'
import {
  cautiousNowMs,
  findLeftovers,
  type LeftoverSearch,
  type Limits,
  removeLeftover,
} from '@openstack-cpi/openstack-driver/leftovers'
import { commandOptions } from '../config/create-driver.ts'
import { type Finding, leftoversText, parseAge, summaryText, undecidedText } from '../leftovers-report.ts'
import { openPendingResultsFolder } from '../pending-results.ts'
import { oneLine, wantsColour } from '../terminal.ts'

/** What commander gives for `leftovers`. */
export interface LeftoversOptions {
  readonly config: string
  readonly ca?: string
  readonly context?: string
  readonly olderThan: string
  readonly director?: string
  readonly records?: string
  readonly delete?: true
  readonly json?: true
  readonly trace?: true
}

/** The director in the log; this command creates nothing. */
const directorUuid = 'openstack-cpi-leftovers'

/**
 * Lists what dead CPI calls have left in the project, and removes it when asked. Returns the exit code: 0 when nothing is
 * left, 1 when something is, 2 when the search could not run.
 */
export async function runLeftovers(options: LeftoversOptions): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new CpiError('CloudError', `interrupted by ${signal}`)))
  }
  const secrets = createSecrets()
  try {
    return await search(options, contextOf(options, stop.signal, secrets), stop.signal, secrets.redact)
  } catch (error) {
    process.stderr.write(`${oneLine(secrets.redact(messageOf(error)))}\n`)
    return 2
  }
}

async function search(
  options: LeftoversOptions,
  ctx: DriverContext,
  signal: AbortSignal,
  redact: (text: string) => string,
): Promise<number> {
  const records = openPendingResultsFolder(options.records, { log: ctx.log, afterAnswer: () => {} })
  const olderThanMs = parseAge(options.olderThan)
  const nowMs = await cautiousNowMs(ctx)
  const limits: Limits = {
    nowMs,
    olderThanMs,
    ...(options.director === undefined ? {} : { directorUuid: options.director }),
    ...(records === undefined ? {} : { pendingResults: shiftedBy(nowMs - ctx.clock.nowMs(), records.read()) }),
  }
  const found = await findLeftovers(ctx, limits)
  const isDeleting = options.delete === true
  if (isDeleting) refuseSeveralDirectors(found, limits)
  if (isDeleting && limits.olderThanMs < ctx.config.stateTimeoutMs) {
    ctx.log.warn('--older-than is less than state_timeout: calls that are under way may lose what they make')
  }
  const findings: Finding[] = []
  for (const leftover of found.leftovers) {
    if (!isDeleting) findings.push({ leftover })
    else if (signal.aborted)
      findings.push({ leftover, removal: { removed: false, why: 'the command was interrupted' } })
    else {
      const removal = await removeLeftover(ctx, leftover, limits)
      if (removal.removed) records?.remove(leftover)
      findings.push({ leftover, removal })
    }
  }
  process.stdout.write(redact(options.json === true ? json(findings, found, limits) : text(findings)))
  process.stderr.write(redact(undecidedText(found.undecided)))
  if (process.stderr.isTTY === true && options.json !== true) {
    process.stderr.write(
      summaryText(findings, { tooYoung: found.tooYoung, olderThanMs: limits.olderThanMs, isDeleting }),
    )
  }
  return findings.every(({ removal }) => removal?.removed === true) ? 0 : 1
}

/** Records are files of this machine: their times are of its clock, which may be ahead of the clock that ages are by. */
function shiftedBy(
  ms: number,
  records: ReadonlyMap<string, PendingResultRecord>,
): ReadonlyMap<string, PendingResultRecord> {
  const shifted = [...records].map(
    ([key, record]) => [key, { ...record, recordedAtMs: record.recordedAtMs + ms }] as const,
  )
  return new Map(shifted)
}

/** A deletion must not include another director's objects by accident. */
function refuseSeveralDirectors({ directors }: LeftoverSearch, { directorUuid }: Limits): void {
  if (directorUuid !== undefined || directors.length <= 1) return
  throw new CpiError(
    'CloudError',
    `Several directors have made things in this project. Say whose leftovers to delete with --director: ${directors.join(', ')}`,
  )
}

function text(findings: readonly Finding[]): string {
  return leftoversText(findings, {
    isTerminal: process.stdout.isTTY === true,
    colour: wantsColour(process.stdout, process.env),
  })
}

function json(
  findings: readonly Finding[],
  { directors, tooYoung, undecided }: LeftoverSearch,
  limits: Limits,
): string {
  const leftovers = findings.map(({ leftover, removal }) => ({
    ...leftover,
    ...(removal === undefined
      ? {}
      : { removed: removal.removed, ...(removal.removed ? {} : { problem: removal.why }) }),
  }))
  return `${JSON.stringify({ leftovers, undecided, tooYoung, olderThanMs: limits.olderThanMs, directors }, null, 2)}\n`
}

function contextOf(
  options: LeftoversOptions,
  signal: AbortSignal,
  secrets: ReturnType<typeof createSecrets>,
): DriverContext {
  const log = createLogger({
    sink: createStderrLines().write,
    clock: processClock,
    pid: process.pid,
    secrets,
    level: options.trace === true ? 'debug' : 'warn',
  })
  return createDriverContext(commandOptions(options, { method: 'leftovers', directorUuid, signal, log, secrets }))
}
