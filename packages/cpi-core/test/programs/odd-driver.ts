import { appendFileSync } from 'node:fs'
import {
  type AfterAnswer,
  type CpiCall,
  CpiError,
  type CreateDisk,
  type DiskCid,
  type JsonObject,
  systemWaitClock,
  withRollback,
} from '@openstack-cpi/cpi-core'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/in-memory-cpi'

/** A driver that misbehaves in the way that `behaviour` of its configuration file names. */
export class OddCpi extends InMemoryCpi {
  readonly call: CpiCall
  readonly config: JsonObject

  constructor(call: CpiCall, config: JsonObject) {
    super()
    this.call = call
    this.config = config
  }

  /** Writes what happens to the cloud to a file, for want of a cloud that outlives the process. */
  #record(event: string): void {
    appendFileSync(String(this.config['journal']), `${event}\n`)
  }

  override async createDisk(request: CreateDisk): Promise<DiskCid> {
    const disk = await super.createDisk(request)
    this.#record(`created ${disk}`)
    const step = this.#stepsFor(disk)[String(this.config['behaviour'])]
    if (step !== undefined) this.call.afterAnswer(step)
    if (this.config['behaviour'] === 'hangs in its rollback') {
      return await withRollback({ log: this.call.log }, async (rollback) => {
        rollback.add(`disk ${disk}`, () => systemWaitClock.sleep(3_600_000, new AbortController().signal))
        await systemWaitClock.sleep(60_000, this.call.signal)
        return disk
      })
    }
    if (this.config['behaviour'] !== 'creates slowly') return disk
    return await withRollback({ log: this.call.log }, async (rollback) => {
      rollback.add(`disk ${disk}`, () => this.deleteDisk(disk))
      await systemWaitClock.sleep(60_000, this.call.signal)
      return disk
    })
  }

  /** Steps for after the answer, by behaviour. */
  #stepsFor(disk: DiskCid): Readonly<Record<string, AfterAnswer>> {
    return {
      'completes after the answer': () => this.#record(`completed ${disk}`),
      'cannot complete': () => Promise.reject(new Error('the cloud refuses to complete')),
      'never completes': () => new Promise(() => {}),
      'completes slowly': async () => {
        setInterval(() => {}, 1000)
        process.stderr.write('completing\n')
        await this.#aborted
        if (this.config['hangs'] === true) await new Promise(() => {})
        this.#record(`completed ${disk}`)
      },
    }
  }

  override async deleteDisk(disk: DiskCid): Promise<void> {
    if (this.config['behaviour'] === 'cannot delete') throw new Error('the cloud refuses')
    this.#record(`deleted ${disk}, interrupted: ${this.call.signal.aborted}`)
  }

  override hasVm(): Promise<boolean> {
    switch (this.config['behaviour']) {
      case 'prints': {
        // biome-ignore lint/suspicious/noConsole: this is the noise the program must divert
        console.log('noise from console.log')
        process.stdout.write('noise from process.stdout\n')
        process.emitWarning('noise from a warning')
        return new Promise((resolve) => setImmediate(() => resolve(true))) // warnings are printed a moment later
      }
      case 'throws elsewhere, then succeeds':
        setTimeout(() => {
          throw new Error('thrown elsewhere')
        })
        return this.#aborted.then(() => true)
      case 'rejects elsewhere, then fails':
        void Promise.reject(new Error('rejected elsewhere'))
        return this.#aborted.then(() => {
          throw new CpiError('VmNotFound', 'rolled back', { cause: this.call.signal.reason })
        })
      case 'throws elsewhere, never settles':
        setTimeout(() => {
          throw new Error('thrown elsewhere')
        })
        return new Promise(() => {})
      case 'never settles':
        return new Promise(() => {})
      case 'keeps a handle open':
        setInterval(() => {}, 1000)
        return Promise.resolve(true)
      case 'fails with secrets': {
        const { password, url, region } = this.config
        this.call.log.info(`logging in to ${url} with ${password} in ${region}`)
        return Promise.reject(new Error(`${url} refuses ${password} in ${region}`))
      }
      case 'waits':
        process.stderr.write('waiting\n')
        setInterval(() => {}, 1000)
        return this.#aborted.then(() => {
          throw this.call.signal.reason
        })
      case 'hangs':
        process.stderr.write('waiting\n')
        setInterval(() => {}, 1000)
        this.call.signal.addEventListener('abort', () => process.stderr.write('rolling back\n'))
        return new Promise(() => {})
      default:
        return Promise.resolve(true)
    }
  }

  override async calculateVmCloudProperties() {
    return { big: 'ä'.repeat(4 * 1024 * 1024) }
  }

  get #aborted(): Promise<void> {
    return new Promise((resolve) => this.call.signal.addEventListener('abort', () => resolve()))
  }
}
