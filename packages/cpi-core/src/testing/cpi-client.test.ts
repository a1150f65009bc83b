import { expect, test } from 'vitest'
import { CpiAnswerError, createCpiClient, createTestCall } from './client.ts'
import { InMemoryCpi } from './in-memory-cpi.ts'

test('a client brings its context to the driver as configuration, and throws the error of an answer', async () => {
  const cpi = new InMemoryCpi()
  const seen: unknown[] = []
  const client = createCpiClient(
    (call) => {
      seen.push(call.configOverrides, call.stemcellApiVersion)
      return cpi
    },
    { context: { region: 'one', director_uuid: 'no configuration' } },
  )
  expect(await client.call('has_vm', ['vm-1'])).toBe(false)
  expect(seen).toEqual([{ region: 'one' }, 3])
  await expect(client.call('reboot_vm', ['vm-1'])).rejects.toThrow(CpiAnswerError)
})

test('a call for tests has everything, and what is given replaces it', () => {
  const call = createTestCall({ method: 'has_vm', configOverrides: { region: 'one' } })
  expect(call).toMatchObject({ method: 'has_vm', apiVersion: 2, configOverrides: { region: 'one' } })
  expect(call.signal.aborted).toBe(false)
})
