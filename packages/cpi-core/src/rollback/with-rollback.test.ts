import { describe, expect, test } from 'vitest'
import { recordingLog } from '../../test/recording-log.ts'
import { vmCreationFailed } from '../errors/failures.ts'
import { withRollback } from './with-rollback.ts'

describe('contract §6 a create that fails', () => {
  test('removes what it made, last first, and throws the first error itself', async () => {
    const log = recordingLog()
    const removed: string[] = []
    const error = new Error('no host')
    const thrown = await withRollback({ log }, async (rollback) => {
      for (const name of ['port', 'volume', 'server']) rollback.add(name, async () => void removed.push(name))
      throw error
    }).catch((caught: unknown) => caught)
    expect(thrown).toBe(error)
    expect(removed).toEqual(['server', 'volume', 'port'])
    expect(log.lines[0]).toBe('info: Rolling back: removing server')
  })

  test('goes on when a removal fails, keeps type and ok_to_retry, and names what may be left', async () => {
    const removed: string[] = []
    const error = vmCreationFailed('no host', { okToRetry: true })
    const thrown = await withRollback({ log: recordingLog() }, async (rollback) => {
      rollback.add('port 1', async () => void removed.push('port 1'))
      rollback.add('volume 2', () => Promise.reject(new Error('in use')))
      throw error
    }).catch((caught: unknown) => caught)
    expect(removed).toEqual(['port 1'])
    expect(thrown).toMatchObject({ code: 'VmCreationFailed', okToRetry: true, cause: error })
    expect(thrown).toHaveProperty(
      'message',
      'no host\nCleaning up afterwards failed, these objects may be left: volume 2: in use',
    )
  })

  test('uses the error class of the driver where it has one', async () => {
    class OwnError extends Error {}
    const thrown = await withRollback(
      { log: recordingLog(), appendToMessage: (error, addition) => new OwnError(`${String(error)}${addition}`) },
      async (rollback) => {
        rollback.add('port', () => Promise.reject(new Error('in use')))
        throw new OwnError('no host')
      },
    ).catch((caught: unknown) => caught)
    expect(thrown).toBeInstanceOf(OwnError)
    expect(thrown).toHaveProperty('message', expect.stringContaining('may be left: port: in use'))
  })

  test('gives the removals a signal that the signal of the call does not abort', async () => {
    const call = new AbortController()
    const aborted: boolean[] = []
    await withRollback({ log: recordingLog() }, async (rollback) => {
      rollback.add('port', async (signal) => void aborted.push(signal.aborted))
      call.abort(new Error('SIGTERM'))
      call.signal.throwIfAborted()
    }).catch(() => undefined)
    expect(aborted).toEqual([false])
  })

  test('does not remove what was taken back', async () => {
    const removed: string[] = []
    await withRollback({ log: recordingLog() }, async (rollback) => {
      const takeBack = rollback.add('port', async () => void removed.push('port'))
      rollback.add('server', async () => void removed.push('server'))
      takeBack()
      throw new Error('no host')
    }).catch(() => undefined)
    expect(removed).toEqual(['server'])
  })
})

test('a call that succeeds removes nothing', async () => {
  const result = await withRollback({ log: recordingLog() }, async (rollback) => {
    rollback.add('port', () => Promise.reject(new Error('must not be called')))
    return 'vm-1'
  })
  expect(result).toBe('vm-1')
})
