import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { FakeFigure } from './fake-figure.ts'
import { spread } from './statistics.ts'

interface Usage {
  readonly cpuMs: number
  readonly rssMiB: number
  readonly peakRssMiB: number
}

/** Rate by the server's own CPU time, so that the client's does not count, and memory for an upload of 1 GiB. */
export async function overHttp(): Promise<readonly FakeFigure[]> {
  const server = fork(fileURLToPath(new URL('./fake-server.ts', import.meta.url)), { stdio: 'inherit' })
  const [{ url, token }] = (await once(server, 'message')) as [{ url: string; token: string }] // what it sends first
  const usage = async (): Promise<Usage> => {
    server.send('usage')
    const [answer] = (await once(server, 'message')) as [Usage] // what it answers
    return answer
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const headers = { 'x-auth-token': token }
  const get = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${url}${path}`, { agent, headers }, (incoming) => {
        incoming.resume().on('end', resolve)
        if (incoming.statusCode !== 200) reject(new Error(`${path}: ${incoming.statusCode}`))
      })
      outgoing.on('error', reject).end()
    })
  const rates: number[] = []
  const requests = 4000
  for (let round = -1; round < 5; round++) {
    await usage()
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let i = 0; i < requests / 8; i++) await get('/compute/v2.1/flavors/1')
      }),
    )
    const { cpuMs } = await usage()
    if (round >= 0) rates.push((requests / cpuMs) * 1000)
  }
  const before = await usage()
  await upload(url, token)
  const after = await usage()
  agent.destroy()
  server.disconnect()
  await once(server, 'exit')
  const growth = Math.max(0, after.peakRssMiB - Math.max(before.rssMiB, before.peakRssMiB))
  return [
    {
      what: 'GET of a small object over loopback, by a core',
      unit: '/s',
      measured: spread(rates),
      budget: { atLeast: 2000 },
    },
    { what: 'growth of memory by 1 GiB uploaded', unit: 'MiB', measured: spread([growth]), budget: { atMost: 50 } },
  ]
}

async function upload(url: string, token: string): Promise<void> {
  const made = await fetch(`${url}/image/v2/images`, {
    method: 'POST',
    headers: { 'x-auth-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'large', disk_format: 'raw', container_format: 'bare' }),
  })
  const { id } = (await made.json()) as { id: string } // Glance's answer to a create
  const outgoing = request(`${url}/image/v2/images/${id}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': token, 'content-type': 'application/octet-stream' },
  })
  const answered = once(outgoing, 'response')
  const chunk = Buffer.alloc(2 ** 20, 7)
  await pipeline(Readable.from(Array.from({ length: 1024 }, () => chunk)), outgoing)
  const [incoming] = await answered
  if (incoming.statusCode !== 204) throw new Error(`the upload was answered with ${incoming.statusCode}`)
  incoming.resume()
}
