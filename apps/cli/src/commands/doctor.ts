import { writeFile } from 'node:fs/promises'
import { createLogger, createSecrets } from '@openstack-cpi/cpi-core'
import { createStderrLines, processClock } from '@openstack-cpi/cpi-core/node'
import type { OpenStackCpiOptions } from '@openstack-cpi/openstack-driver'
import { commandOptions } from '../config/create-driver.ts'
import type { Result } from '../doctor/check.ts'
import { examine } from '../doctor/examine.ts'
import { reportHtml, reportText } from '../doctor/report.ts'
import type { TargetOptions } from '../doctor/targets.ts'
import { traceLines, wantsColour } from '../terminal.ts'
import { createMemoryTokenCache } from '../token-cache/token-cache.ts'

/** What commander gives for `doctor`. */
export interface DoctorOptions extends Omit<TargetOptions, 'vms'> {
  readonly config: string
  readonly ca?: string
  readonly context?: string
  readonly vms: string
  readonly deep?: true
  readonly json?: true
  readonly html?: string
  readonly trace?: true
}

/** Marks what the life cycle creates, to distinguish it from a director's. */
const directorUuid = 'openstack-cpi-doctor'

/**
 * Is this OpenStack project ready for BOSH? Returns the exit code: 0 no problem, 1 problems. Throws for a bad
 * configuration.
 */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const progress = createProgress()
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      progress.clear()
      process.stderr.write(`${signal}: deleting what was created; a second signal ends immediately\n`)
      stop.abort(new Error(`interrupted by ${signal}`))
    })
  }
  const driver = prepare(options, stop.signal)
  const targets = { ...options, vms: wholeNumber(options.vms) }
  const report = await examine({ driver, targets, deep: options.deep === true, onDone: progress.done })
  progress.clear()

  const redact = driver.call.secrets.redact
  if (options.html !== undefined) {
    const page = reportHtml(report, { configPath: options.config, when: new Date(driver.clock.nowMs()) })
    await writeFile(options.html, redact(page))
  }
  const colour = wantsColour(process.stdout, process.env)
  const text = options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, colour)
  process.stdout.write(redact(text))
  return report.problems === 0 ? 0 : 1
}

function prepare(options: DoctorOptions, signal: AbortSignal): OpenStackCpiOptions {
  const secrets = createSecrets()
  const log = createLogger({
    sink: traceLines(createStderrLines().write),
    clock: processClock,
    pid: process.pid,
    secrets,
    level: options.trace === true ? 'debug' : 'error',
  })
  return {
    ...commandOptions(options, { method: 'doctor', directorUuid, signal, log, secrets }),
    tokenCache: createMemoryTokenCache(),
  }
}

const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`--vms must be a whole number from 1 on, not ${text}`)
  return value
}

/** One line on a terminal, rewritten as checks end; nothing elsewhere. */
function createProgress(): { readonly done: (result: Result) => void; readonly clear: () => void } {
  let count = 0
  const isLive = process.stderr.isTTY === true
  return {
    done: (result) => {
      count++
      if (isLive) process.stderr.write(`\r\u001b[2K${count} done: ${result.group}, ${result.title}`)
    },
    clear: () => {
      if (isLive) process.stderr.write('\r\u001b[2K')
    },
  }
}
