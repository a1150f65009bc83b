import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startCloud } from './cloud-config.ts'
import { answerOf, aRequest, executable, runProgram } from './run-program.ts'

const pem = (name: string) =>
  readFileSync(new URL(`../../../packages/openstack-driver/test/tls/${name}`, import.meta.url), 'utf8')

test('§3.3 requests over TLS that follow each other share a connection', async () => {
  const given = await startCloud()
  onTestFinished(() => given.close())
  const { port } = await given.cloud.listen({ tls: { cert: pem('server.pem'), key: pem('server.key') } })
  let connections = 0
  const counting = createServer((client) => {
    connections += 1
    const cloud = connect(port, '127.0.0.1')
    client.on('error', () => cloud.destroy()).pipe(cloud)
    cloud.on('error', () => client.destroy()).pipe(client)
  })
  await new Promise<void>((resolve) => counting.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void counting.close())
  const { port: countingPort } = counting.address() as AddressInfo // a server that listens on a port has one
  const config = given.config({
    auth_url: `https://127.0.0.1:${countingPort}/identity/v3`,
    connection_options: { ca_cert: pem('authority.pem') },
  })
  const since = given.cloud.journal.count
  const stdin = aRequest('has_vm', ['11111111-2222-4333-8444-555555555555'])
  expect(answerOf(await runProgram(executable, [config], { stdin })).result).toBe(false)
  expect(given.cloud.journal.count - since).toBe(2)
  expect(connections).toBe(1)
})
