/** A CPI call with a driver that behaves badly in the way its first argument names. */
import { CpiError } from '@openstack-cpi/cpi-core'
import { InMemoryCpi } from '@openstack-cpi/cpi-core/testing'
import { runRpc } from '../../src/commands/rpc.ts'

class OddCpi extends InMemoryCpi {
  readonly signal: AbortSignal

  constructor(signal: AbortSignal) {
    super()
    this.signal = signal
  }

  override hasVm(): Promise<boolean> {
    switch (process.argv[2]) {
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
          throw new CpiError('VmNotFound', 'rolled back', { cause: this.signal.reason })
        })
      case 'throws elsewhere, never settles':
        setTimeout(() => {
          throw new Error('thrown elsewhere')
        })
        return new Promise(() => {})
      case 'never settles':
        return new Promise(() => {})
      case 'waits':
        process.stderr.write('waiting\n')
        setInterval(() => {}, 1000)
        return this.#aborted.then(() => {
          throw this.signal.reason
        })
      case 'hangs':
        process.stderr.write('waiting\n')
        setInterval(() => {}, 1000)
        this.signal.addEventListener('abort', () => process.stderr.write('rolling back\n'))
        return new Promise(() => {})
      default:
        return Promise.resolve(true)
    }
  }

  override async calculateVmCloudProperties() {
    return { big: 'ä'.repeat(4 * 1024 * 1024) }
  }

  get #aborted(): Promise<void> {
    return new Promise((resolve) => this.signal.addEventListener('abort', () => resolve()))
  }
}

runRpc(async (call) => new OddCpi(call.signal))
