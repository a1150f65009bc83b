import { readFileSync } from 'node:fs'
import { createDispatcher, createSecrets, mergeConfig } from '@openstack-cpi/cpi-core'
import { createToyCpi } from './toy-cpi.ts'

// BOSH starts it once per call, with the path of its configuration: {"url": "https://toy.example.com"}
const [path = ''] = process.argv.slice(2)
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort(new Error('interrupted by SIGTERM')))

const dispatcher = createDispatcher({
  info: { apiVersion: 2, stemcellFormats: ['toy-raw'] },
  createCpi: (call) => {
    const config = mergeConfig(JSON.parse(readFileSync(path, 'utf8')), call.configOverrides)
    return createToyCpi(String(config['url']), (request) => fetch(request, { signal: call.signal }))
  },
  sink: (line) => process.stderr.write(`${line}\n`),
  clock: { now: () => new Date(), monotonicMs: () => performance.now() },
  pid: process.pid,
  signal: stop.signal,
  secrets: createSecrets(),
  logLevel: 'info',
})
process.stdout.write(await dispatcher.dispatch(readFileSync(0)))
