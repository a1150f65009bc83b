import { expect, test } from 'vitest'
import { aRequest, dispatchOnce } from '../../test/dispatch-once.ts'
import type { AfterAnswer, CpiCall } from '../contract/call.ts'
import { diskCid } from '../model/cid.ts'
import { InMemoryCpi } from '../testing/in-memory-cpi.ts'
import { createDispatcher } from './dispatcher.ts'

const request = aRequest('create_disk', [1024, {}])

/**
 * A call of `create_disk` that registers the steps, and whose answer goes to `deliver`. Everything that happens is
 * recorded.
 */
const answerWith = async (steps: readonly AfterAnswer[], deliver: (happened: string[]) => void) => {
  const happened: string[] = []
  const cpi = new InMemoryCpi()
  cpi.deleteDisk = async () => void happened.push('deleted')
  const { answer } = createDispatcher({
    info: { apiVersion: 3, stemcellFormats: [] },
    createCpi: ({ afterAnswer }) => {
      for (const step of steps) afterAnswer(step)
      return cpi
    },
    sink: (line) => happened.push(line.replace(/.*(ERROR|WARN|INFO)/, '$1')),
    logLevel: 'error',
  })
  const settled = await answer(new TextEncoder().encode(JSON.stringify(request)), async () => deliver(happened)).then(
    () => 'resolved',
    (error: Error) => `rejected: ${error.message}`,
  )
  return { happened, settled }
}

test('contract §6 the steps for after the answer run when it is delivered, one after the other', async () => {
  const order: string[] = []
  const { settled } = await answerWith(
    [
      async () => {
        await new Promise(setImmediate)
        order.push('first step')
      },
      () => void order.push('second step'),
    ],
    () => void order.push('delivered'),
  )
  expect(order).toEqual(['delivered', 'first step', 'second step'])
  expect(settled).toBe('resolved')
})

test('contract §6 no step runs when the answer cannot be delivered: what was created is deleted', async () => {
  const ran: string[] = []
  const { happened, settled } = await answerWith([() => void ran.push('a step')], () => {
    throw new Error('EPIPE')
  })
  expect(happened).toEqual(['deleted'])
  expect(settled).toBe('rejected: EPIPE')
  expect(ran).toEqual([])
})

test('contract §6 a step that fails is logged, ends the steps, and deletes nothing', async () => {
  const ran: string[] = []
  const fail = () => {
    throw new Error('the disk is full')
  }
  const { happened, settled } = await answerWith([fail, () => void ran.push('a step')], () => {})
  expect(happened.join('\n')).toMatch(/create_disk is answered, but a step after its answer failed.*the disk is full/s)
  expect(happened).not.toContain('deleted')
  expect(settled).toContain('rejected: create_disk is answered')
  expect(ran).toEqual([])
})

test.each<[string, (call: CpiCall, cpi: InMemoryCpi) => void]>([
  [
    'the method fails',
    (_call, cpi) => {
      cpi.createDisk = () => Promise.reject(new Error('no'))
    },
  ],
  [
    'its result is unusable',
    (_call, cpi) => {
      cpi.createDisk = async () => diskCid('')
    },
  ],
])('contract §6 no step runs when %s', async (_name, spoil) => {
  const ran: string[] = []
  const { answer } = await dispatchOnce(request, (call) => {
    const cpi = new InMemoryCpi()
    spoil(call, cpi)
    call.afterAnswer(() => void ran.push('a step'))
    return cpi
  })
  expect(answer.error).not.toBeNull()
  expect(ran).toEqual([])
})

test('contract §6 dispatch, which delivers nothing, has run the steps when it resolves, also one that fails', async () => {
  const ran: string[] = []
  const register = (step: AfterAnswer) =>
    dispatchOnce(request, ({ afterAnswer }) => {
      afterAnswer(step)
      return new InMemoryCpi()
    })
  await register(async () => {
    await new Promise(setImmediate)
    ran.push('a step')
  })
  expect(ran).toEqual(['a step'])
  const { answer, lines } = await register(() => Promise.reject(new Error('the disk is full')))
  expect(answer).toEqual({ result: 'disk-1', error: null, log: '' })
  expect(lines.join('\n')).toContain('the disk is full')
})
