import { CpiError } from '@openstack-cpi/cpi-core'
import { expect, test } from 'vitest'
import { scriptedCloud } from '../test/scripted-cloud.ts'
import { OpenStackError } from './http/openstack-error.ts'
import { type Undo, withRollback } from './rollback.ts'

const setUp = async (signal?: AbortSignal) => {
  const { ctx, log } = await scriptedCloud(signal === undefined ? {} : { signal })
  const undone: string[] = []
  const undo =
    (label: string): Undo =>
    async () =>
      void undone.push(label)
  return { ctx, log, undone, undo }
}
const failure = new OpenStackError('unexpected-state', 'No valid host', { service: 'compute', requestId: 'req-1' })

test('nothing is undone when all went well', async () => {
  const { ctx, undone, undo } = await setUp()
  const result = await withRollback(ctx, async (rollback) => {
    rollback.add('port', undo('port'))
    return 7
  })
  expect(result).toBe(7)
  expect(undone).toEqual([])
})

test('design invariant 1: undone in reverse order, the first error is raised as it was', async () => {
  const { ctx, undone, undo, log } = await setUp()
  const running = withRollback(ctx, async (rollback) => {
    rollback.add('port a', undo('port a'))
    rollback.add('port b', undo('port b'))
    rollback.add('server', undo('server'))
    throw failure
  })
  await expect(running).rejects.toBe(failure)
  expect(undone).toEqual(['server', 'port b', 'port a'])
  expect(log).toContain('info Rolling back: removing port b')
})

test('an undo that was taken back is not run', async () => {
  const { ctx, undone, undo } = await setUp()
  const running = withRollback(ctx, async (rollback) => {
    rollback.add('port', undo('port'))
    const takeBack = rollback.add('server', undo('server'))
    takeBack()
    takeBack()
    throw failure
  })
  await expect(running).rejects.toBe(failure)
  expect(undone).toEqual(['port'])
})

test.each([failure, new CpiError('VmCreationFailed', 'it failed', { okToRetry: true }), new Error('a mistake')])(
  '§7.4 an undo that fails stops no other, and its failure is appended to %s, whose kind stays',
  async (first) => {
    const { ctx, undone, undo, log } = await setUp()
    const running = withRollback(ctx, async (rollback) => {
      rollback.add('port a', undo('port a'))
      rollback.add('server', () => Promise.reject(new Error('409 locked')))
      rollback.add('port b', undo('port b'))
      throw first
    })
    const thrown = await running.catch((error: unknown) => error)
    expect(undone).toEqual(['port b', 'port a'])
    expect(thrown).toMatchObject({ name: first.name, cause: first })
    expect(String(thrown)).toContain(first.message)
    expect(String(thrown)).toContain('these objects may be left: server: 409 locked')
    if (first instanceof OpenStackError) expect(thrown).toMatchObject({ kind: first.kind, requestId: 'req-1' })
    if (first instanceof CpiError) expect(thrown).toMatchObject({ code: first.code, okToRetry: true })
    expect(log.join()).toContain('error Rolling back failed: server: 409 locked')
  },
)

test('design invariant 5: after SIGTERM the undos get a context that still works', async () => {
  const { ctx } = await setUp(AbortSignal.abort())
  let isAborted: boolean | undefined
  const running = withRollback(ctx, async (rollback) => {
    rollback.add('server', async (cleanup) => {
      isAborted = cleanup.signal.aborted || cleanup.pace.signal.aborted || cleanup.call.signal.aborted
    })
    throw failure
  })
  await expect(running).rejects.toBe(failure)
  expect(isAborted).toBe(false)
})
