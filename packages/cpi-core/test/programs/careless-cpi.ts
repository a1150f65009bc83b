/** An executable with the mistake that its first argument names, around a driver that has none. */
import { readFileSync } from 'node:fs'
import { createDispatcher, mergeConfig } from '@openstack-cpi/cpi-core'
import { readConfigFile, runCpi } from '@openstack-cpi/cpi-core/node'
import { OddCpi } from './odd-driver.ts'

const [mistake = '', path = ''] = process.argv.splice(2, 1).concat(process.argv.slice(2))
const info = { apiVersion: 3, stemcellFormats: ['odd-raw'] } as const

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
  const document = await dispatcher.dispatch(readFileSync(0))
  process.stdout.write(document)
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
  case 'config for info':
    readConfigFile(path)
    await dispatchByHand()
    break
  default:
    await dispatchByHand()
}
