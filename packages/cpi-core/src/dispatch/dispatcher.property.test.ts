import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dispatchOnce, type Outcome } from '../../test/dispatch-once.ts'
import { fuzzRuns } from '../../test/fuzz-runs.ts'
import { methodTable } from '../contract/method-table.ts'
import { InMemoryCpi } from '../testing/in-memory-cpi.ts'

const expectWellFormed = ({ answer, document }: Outcome): void => {
  expect(Object.keys(answer).sort()).toEqual(['error', 'log', 'result'])
  expect(typeof answer.log).toBe('string')
  expect(document.isWellFormed()).toBe(true)
  if (answer.error === null) return
  expect(answer.result).toBeNull()
  expect(answer.error).toEqual({
    type: expect.stringMatching(/^(Bosh::Clouds::\w+|InvalidCall)$/),
    message: expect.stringMatching(/./),
    ok_to_retry: expect.any(Boolean),
  })
}

test('contract §4 any bytes are answered with the three keys', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      expectWellFormed(await dispatchOnce(bytes))
    }),
  )
})

test('contract §4 any JSON is answered with the three keys', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (json) => {
      expectWellFormed(await dispatchOnce(json))
    }),
  )
})

const anyMethod = fc.constantFrom(...methodTable.keys())
const anyArguments = fc.array(fc.oneof(fc.jsonValue(), fc.constantFrom('vm-1', 'disk-2', {}, null, 1024)), {
  maxLength: 6,
})

test('contract §4 any arguments of any method are answered with the three keys', async () => {
  const anyContext = fc.dictionary(fc.string(), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(anyMethod, anyArguments, anyContext, fc.jsonValue(), async (method, values, context, version) => {
      const request = { method, arguments: values, context: { ...context, director_uuid: 'd' }, api_version: version }
      expectWellFormed(await dispatchOnce(request))
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('contract §2 anything a driver throws or returns is answered with the three keys', async () => {
  const hostile = {
    get message(): string {
      throw new Error('no')
    },
  }
  const anyValue = fc.oneof(
    fc.anything(),
    fc.constantFrom<unknown>(hostile, Symbol('s'), () => 1, 10n, new Error('')),
  )
  await fc.assert(
    fc.asyncProperty(anyValue, fc.boolean(), async (value, isThrown) => {
      const cpi = new InMemoryCpi()
      const act = async () => {
        if (isThrown) throw value
        return value
      }
      const driver = Object.create(cpi, { calculateVmCloudProperties: { value: act } })
      const values = [{ cpu: 1, ram: 1, ephemeral_disk_size: 1 }]
      const request = { method: 'calculate_vm_cloud_properties', arguments: values, context: { director_uuid: 'd' } }
      expectWellFormed(await dispatchOnce(request, () => driver))
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('a document nested beyond reason is answered', async () => {
  const depth = 200_000
  const deep = '['.repeat(depth) + ']'.repeat(depth)
  const text = `{"method":"create_disk","arguments":[1,{"a":${deep}}],"context":{"director_uuid":"d","x":${deep}}}`
  expectWellFormed(await dispatchOnce(text))
})
