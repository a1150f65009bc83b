/** An executable with the mistake that its first argument names, around a driver that has none. */
import { mkdtempSync, readFileSync, readSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDispatcher, mergeConfig } from '@openstack-cpi/cpi-core'
import { readConfigFile, runCpi } from '@openstack-cpi/cpi-core/node'
import { OddCpi } from './odd-driver.ts'

const [mistake = '', path = ''] = process.argv.splice(2, 1).concat(process.argv.slice(2))
const info = { apiVersion: 3, stemcellFormats: ['odd-raw'] } as const

/** One system call is not all of stdin. */
const readOnce = (): Buffer => {
  const chunk = Buffer.alloc(64 * 1024)
  return chunk.subarray(0, readSync(0, chunk))
}

/** What reaches the dispatcher. */
const changed = (request: Buffer): Buffer => {
  const text = request.toString()
  if (mistake === 'any version') return Buffer.from(text.replace(/"api_version":("2"|99)/, '"api_version":2'))
  if (mistake === 'version 2 only' && !text.includes('"api_version":2')) return Buffer.from('{}')
  return request
}

/** The wiring that everyone writes first. */
const dispatchByHand = async (): Promise<void> => {
  const dispatcher = createDispatcher({
    info,
    createCpi: (call) => {
      const file = readConfigFile(path)
      const config = mergeConfig(file, call.configOverrides)
      if (config['url'] === 'broken') throw new Error(`cannot reach the cloud with ${file['password']}`)
      return new OddCpi(call, config)
    },
    sink: (line) => process.stderr.write(`${line}\n`),
  })
  const request = mistake === 'short read' ? readOnce() : readFileSync(0)
  if (mistake === 'prints the request') process.stderr.write(request)
  if (mistake === 'crash on garbage') JSON.parse(request.toString())
  const document = await dispatcher.dispatch(changed(request))
  process.stdout.write(mistake === 'no log key' ? document.replace(/,"log":"[^"]*"/, '') : document)
  if (mistake === 'two answers') process.stdout.write(document)
  if (mistake === 'temporary file') mkdtempSync(join(tmpdir(), 'careless-'))
  if (mistake === 'exit code') process.exitCode = document.includes('"error":null') ? 0 : 1
}

switch (mistake) {
  case 'context':
    runCpi({
      name: 'careless-cpi',
      version: '0',
      info,
      readConfig: ([file]) => readConfigFile(file),
      createCpi: (call, config) => new OddCpi(call, config),
    })
    break
  case 'banner':
    process.stdout.write('Welcome!\n')
    await dispatchByHand()
    break
  case 'deaf':
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {})
    await dispatchByHand()
    break
  case 'config for info':
    readConfigFile(path)
    await dispatchByHand()
    break
  default:
    await dispatchByHand()
}
