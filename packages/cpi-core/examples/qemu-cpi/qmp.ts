import { once } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import type { JsonObject } from '@openstack-cpi/cpi-core'

/** QEMU refused a command. */
export class QmpError extends Error {
  override readonly name = 'QmpError'
}

/** Sends one command of the QEMU Machine Protocol and resolves with what it returns. Throws {@link QmpError}. */
export type Execute = (command: string, args?: JsonObject) => Promise<unknown>

interface QmpMessage {
  readonly return?: unknown
  readonly error?: { readonly class: string; readonly desc: string }
}

/**
 * Connects to the monitor of a VM for as long as `use` runs. Throws when the VM does not run.
 * @param path of the monitor's socket
 * @param signal ends the conversation
 */
export async function withQmp<R>(path: string, signal: AbortSignal, use: (execute: Execute) => Promise<R>): Promise<R> {
  const socket = createConnection({ path, signal })
  try {
    await once(socket, 'connect', { signal })
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
    const execute: Execute = async (command, args = {}) => {
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
      for (;;) {
        const line = await lines.next()
        if (line.done === true) throw new QmpError(`${command}: QEMU closed the connection`)
        const message: QmpMessage = JSON.parse(line.value)
        if (message.error !== undefined) throw new QmpError(`${command}: ${message.error.desc}`)
        if ('return' in message) return message.return // anything else is the greeting or an event
      }
    }
    await execute('qmp_capabilities')
    return await use(execute)
  } finally {
    socket.destroy()
  }
}
