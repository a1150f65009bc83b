import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { cellsOf } from '../src/faults/cell.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import type { Through } from '../src/faults/simulated-network.ts'
import { scenarios } from '../src/scenarios/scenarios.ts'

/** Whether a cell of one of the kinds ends with the wanted defect. */
async function finds(name: string, kinds: readonly string[], through: Through, wanted: string): Promise<boolean> {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)
  await using prepared = await prepareScenario(scenario)
  for (const cell of cellsOf(prepared).filter(({ kind }) => kinds.includes(kind)))
    if ((await runCell(prepared, cell, { through })).outcome === wanted) return true
  return false
}

const lasting = ['400', '500 for good', 'goes to ERROR']

/** An operation by which the driver undoes something, as `broken-drivers.yaml` has it. */
const undo = z.strictObject({
  operation: z.string(),
  scenario: z.string(),
  /** Method, and a pattern of the path. */
  skips: z.string(),
  /** What the body of the request contains. */
  body: z.string().default(''),
})
const text = readFileSync(new URL('../broken-drivers.yaml', import.meta.url), 'utf8')
const undos = z.array(undo).parse(parse(text))

/** A driver that claims that such a request succeeded, without sending it. */
function skipping(skips: string, inBody = ''): Through {
  const [wanted = '', pattern = ''] = skips.split(' ')
  const path = new RegExp(pattern)
  return (send) => async (request) => {
    const { method, url, body = '' } = request
    const isSkipped = method === wanted && path.test(url.pathname) && String(body).includes(inBody)
    return isSkipped ? { status: 204, headers: {}, body: '' } : await send(request)
  }
}

test.each(undos)('contract §6 the matrix finds a driver that skips $operation in $scenario', async (undone) => {
  // A driver that reads the resource again notices; a leak it is nevertheless.
  const through = skipping(undone.skips, undone.body)
  expect(await finds(undone.scenario, lasting, through, 'leak')).toBe(true)
})

/** Sends a POST again that got no response, as clients do that do not tell reads from creations. */
const repeatingBlindly: Through = (send) => async (request) => {
  try {
    return await send(request)
  } catch (error) {
    if (request.method !== 'POST') throw error
    return await send(request)
  }
}

/** Takes the status 500 for another. */
const misreading =
  (status: number, body: string): Through =>
  (send) =>
  async (request) => {
    const response = await send(request)
    return response.status === 500 ? { ...response, status, body } : response
  }
const ignoringStatus = misreading(200, '{"metadata":{}}')
const givingUp = misreading(400, '{"badRequest":{"code":400,"message":"Malformed request."}}')

const blind = ['reset after effect', 'duplicate', repeatingBlindly] as const
const losing = skipping('DELETE /servers/[^/]+$')

test.each([
  ['§3.5', 'repeats creations blindly', 'create_vm: dynamic', ...blind],
  ['§3.5', 'repeats creations blindly', 'create_disk: plain', ...blind],
  ['§3.5', 'repeats creations blindly', 'snapshot_disk', ...blind],
  ['contract §6', 'loses the server when a wait ends', 'create_vm: manual', 'never changes', 'leak', losing],
  ['contract §6', 'takes a failure for a success', 'set_disk_metadata', '500', 'loss', ignoringStatus],
  ['contract §4.1', 'forbids a retry that may succeed', 'create_vm: manual', '500 for good', 'wrong error', givingUp],
] as const)('%s the matrix finds a driver that %s: %s', async (_section, _mistake, scenario, kind, wanted, through) => {
  expect(await finds(scenario, [kind], through, wanted)).toBe(true)
})
