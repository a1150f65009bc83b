import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FakeOpenStack } from 'fake-openstack'
import { pack } from 'tar-stream'
import { callCpi } from './cpi-call.ts'
import type { Stage } from './scenario.ts'

/** A stage on a cloud. The file of the stemcell goes with `dispose`. */
export async function openStage(cloud: FakeOpenStack): Promise<Stage & AsyncDisposable> {
  const stemcellPath = join(tmpdir(), `stemcell-${randomUUID()}`)
  await writeFile(stemcellPath, await stemcellImage())
  let calls = 0
  return {
    cloud,
    stemcellPath,
    call: async (method, args, openstack) => {
      calls += 1
      const request = { method, arguments: args, ...(openstack === undefined ? {} : { openstack }) }
      const end = await callCpi(cloud, request, { series: calls })
      if (end.is !== 'answered' || end.answer.error !== null) {
        throw new Error(`preparing: ${method} failed: ${JSON.stringify(end, undefined, 1)}`)
      }
      return end.answer.result
    },
    api: async (method, path, body) => {
      const response = await cloud.fetch(`${cloud.url}/${path}`, {
        method,
        headers: { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`preparing: ${method} ${path}: ${response.status} ${text}`)
      return text === '' ? {} : JSON.parse(text)
    },
    idOf: (kind, name) => {
      const found = (cloud.state()[kind] ?? []).find((record) => Reflect.get(record, 'name') === name)
      if (found === undefined) throw new Error(`the cloud has no ${name} among its ${kind}`)
      return found.id
    },
    [Symbol.asyncDispose]: () => rm(stemcellPath, { force: true }),
  }
}

async function stemcellImage(): Promise<Buffer> {
  const archive = pack()
  archive.entry({ name: 'root.img' }, Buffer.alloc(100_000, 'root'))
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer) // a pack gives buffers
  return gzipSync(Buffer.concat(chunks))
}
