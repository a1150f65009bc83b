import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listenDuringTest } from './listening.ts'

/** So much of an upload gets to the cloud before the connection is cut. */
const passedBytes = 256 * 1024

export interface CuttingProxy {
  /** `http://127.0.0.1:<port>`, in place of the cloud's. */
  readonly origin: string
  /** How many uploads were cut. */
  readonly cuts: () => number
}

/**
 * A proxy in front of a cloud that cuts connections during uploads, as a load balancer in front of Glance does: the client
 * is left with a broken connection, while the cloud goes on waiting for the rest. Everything else passes through.
 * @param times how many uploads are cut; those after them pass
 * @param isTime whether the cloud is so far that the connection may be cut; asked until it is
 */
export async function cuttingProxy(cloudOrigin: string, times: number, isTime: () => boolean): Promise<CuttingProxy> {
  let cuts = 0
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, headers, url = '/' } = incoming
    const onwards = request(new URL(url, cloudOrigin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onwards.on('error', () => outgoing.destroy())
    return onwards
  }
  const cut = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const onwards = pass(incoming, outgoing)
    let bytes = 0
    const cutInTime = () => {
      if (isTime()) incoming.socket.resetAndDestroy()
      else setImmediate(cutInTime)
    }
    incoming.on('error', () => undefined) // we are the ones who cut it
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      onwards.write(chunk)
      if (bytes < passedBytes) return
      incoming.pause()
      cutInTime()
    })
  }
  const server = createServer((incoming, outgoing) => {
    const isUpload = incoming.headers['content-type'] === 'application/octet-stream'
    if (isUpload && cuts < times) {
      cuts += 1
      cut(incoming, outgoing)
    } else {
      incoming.pipe(pass(incoming, outgoing))
    }
  })
  const port = await listenDuringTest(server)
  return { origin: `http://127.0.0.1:${port}`, cuts: () => cuts }
}
