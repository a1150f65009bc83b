import { once } from 'node:events'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import type { JsonObject } from '@openstack-cpi/cpi-core'

/** Sends one command of the QEMU Machine Protocol and resolves with what it returns. Throws what QEMU says. */
export type Execute = (command: string, args?: JsonObject) => Promise<unknown>

/**
 * Connects to the monitor of a VM for as long as `use` runs. Throws when the VM does not run.
 * @param path of the monitor's socket
 * @param signal ends the conversation
 */
export async function withQmp<R>(path: string, signal: AbortSignal, use: (execute: Execute) => Promise<R>): Promise<R> {
  const socket = createConnection({ path, signal })
  try {
    await once(socket, 'connect', { signal })
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    const execute: Execute = async (command, args = {}) => {
      socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
      for (;;) {
        const line = await lines.next()
        if (line.done === true) throw new Error(`${command}: QEMU closed the connection`)
        const message = JSON.parse(line.value)
        if ('error' in message) throw new Error(`${command}: ${message.error.desc}`)
        if ('return' in message) return message.return // anything else is the greeting or an event
      }
    }
    await execute('qmp_capabilities')
    return await use(execute)
  } finally {
    socket.destroy()
  }
}
