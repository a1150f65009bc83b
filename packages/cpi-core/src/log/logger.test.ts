import { expect, test } from 'vitest'
import { createLogger, type LogLevel } from './logger.ts'
import { createSecrets } from './secrets.ts'

const linesOf = (level: LogLevel, write: (log: ReturnType<typeof createLogger>) => void, requestId?: string) => {
  const lines: string[] = []
  const secrets = createSecrets()
  secrets.add('line 1\nline 2')
  const readings = [10, 10.12]
  const clock = { now: () => new Date('2026-08-25T14:42:44.386Z'), monotonicMs: () => readings.shift() ?? 11.001 }
  const sink = (line: string) => lines.push(line)
  write(createLogger({ sink, clock, pid: 7, level, secrets, ...(requestId === undefined ? {} : { requestId }) }))
  return lines
}

test('contract §12 the format of each level, with microseconds', () => {
  const all = linesOf(
    'debug',
    (log) => {
      log.debug('a')
      log.info('b')
      log.warn('c')
      log.error('d')
    },
    'cpi-258561',
  )
  expect(all).toEqual([
    'D, [2026-08-25T14:42:44.386120 #7] DEBUG -- [req_id cpi-258561]: a',
    'I, [2026-08-25T14:42:44.387000 #7]  INFO -- [req_id cpi-258561]: b',
    'W, [2026-08-25T14:42:44.387000 #7]  WARN -- [req_id cpi-258561]: c',
    'E, [2026-08-25T14:42:44.387000 #7] ERROR -- [req_id cpi-258561]: d',
  ])
})

test('contract §3 without a request id the tag is left out', () => {
  expect(linesOf('info', (log) => log.info('a'))).toEqual(['I, [2026-08-25T14:42:44.386120 #7]  INFO -- : a'])
})

test('events below the level are dropped', () => {
  const lines = linesOf('warn', (log) => {
    log.debug('a')
    log.info('b')
    log.warn('c')
  })
  expect(lines).toHaveLength(1)
})

test('a message for debugging is made only if somebody sees it', () => {
  let made = 0
  const log = (level: LogLevel) =>
    linesOf(level, ({ debug }) =>
      debug(() => {
        made++
        return 'a line 1\nline 2'
      }),
    )
  expect(log('info')).toEqual([])
  expect(made).toBe(0)
  expect(log('debug')).toEqual(['D, [2026-08-25T14:42:44.386120 #7] DEBUG -- : a <redacted>'])
})

test('contract §12 an event of several lines becomes complete lines, after redaction', () => {
  const lines = linesOf('info', (log) => log.info('a line 1\nline 2\r\nb'))
  expect(lines.map((line) => line.replace(/.*: /, ''))).toEqual(['a <redacted>', 'b'])
})

test('contract §12 a request id cannot forge lines', () => {
  const [line] = linesOf('info', (log) => log.info('a'), 'cpi-1\nE, forged')
  expect(line).toContain('[req_id cpi-1 E, forged]: a')
})

test('names from the cloud do not steer the terminal of who reads the log', () => {
  const lines = linesOf('info', (log) => log.info('image \u001b[2J\u0007\u009b1A\u0000 is\tgone'), 'cpi-\u001b[2J')
  expect(lines).toEqual(['I, [2026-08-25T14:42:44.386120 #7]  INFO -- [req_id cpi- [2J]: image  [2J  1A  is\tgone'])
})
