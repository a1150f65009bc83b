import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createToyCloud } from './toy-cloud.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const page = readFileSync(new URL('../../../../docs/write-a-cpi.md', import.meta.url), 'utf8')

test('the executable answers a director', async () => {
  const cloud = createToyCloud()
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    const body = await text(incoming)
    const answer = await cloud.send(new Request(`http://toy.test${url}`, { method, ...(body === '' ? {} : { body }) }))
    outgoing.writeHead(answer.status).end(await answer.text())
  }).listen(0, '127.0.0.1')
  const folder = mkdtempSync(join(tmpdir(), 'toy-cpi-'))
  try {
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on a port
    const config = join(folder, 'toy.json')
    writeFileSync(config, JSON.stringify({ url: `http://127.0.0.1:${port}` }))
    const call = async (request: object) => {
      const child = spawn(process.execPath, ['--conditions=@openstack-cpi/source', main, config])
      child.stdin.end(JSON.stringify({ context: { director_uuid: 'd0e5' }, ...request }))
      return JSON.parse(await text(child.stdout))
    }
    expect(await call({ method: 'create_disk', arguments: [1024, {}] })).toMatchObject({
      result: 'volumes-1',
      error: null,
    })
    expect(await call({ method: 'has_disk', arguments: ['volumes-1'] })).toMatchObject({ result: true })
    expect(await call({ method: 'has_disk', arguments: ['volumes-2'] })).toMatchObject({ result: false })
    expect(cloud.existing()).toEqual(['volumes/volumes-1'])
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})

test.each(['toy-cpi.ts', 'main.ts', 'toy-cpi.test.ts'])('the tutorial shows %s as it is', (name) => {
  const code = readFileSync(new URL(name, import.meta.url), 'utf8')
  expect(page).toContain(`\`\`\`ts\n${code}\`\`\``)
})

test('the CPI keeps the promise of the title', () => {
  expect(readFileSync(new URL('toy-cpi.ts', import.meta.url), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(100)
})
