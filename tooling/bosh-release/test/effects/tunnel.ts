import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface Tunnel {
  readonly url: string
  /** `host:port` of each connection asked for since the last call, and forgets them. */
  take(): readonly string[]
  close(): Promise<void>
}

/** A proxy on loopback that only lets through: the CONNECT method, as https needs it. */
export async function startTunnel(): Promise<Tunnel> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer().on('connect', ({ url = '' }, client: Socket) => {
    asked.push(url)
    const { hostname, port } = new URL(`http://${url}`)
    const onward = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'))
    for (const socket of [client, onward]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.pipe(onward).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => asked.splice(0),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
