import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barText, createUploadBar, traceLines } from './terminal.ts'

const shown = (line: string): string => {
  let text = ''
  traceLines((written) => {
    text += written
  })(line)
  return text
}

test('an exchange without its bodies', () => {
  const line =
    'D, [2026-11-23T02:14:07.299634 #29633] DEBUG -- [req_id call-1]: compute: GET http://k/v2.1/servers -> 200 in 12 ms (req-1) got {"a":1}'
  expect(shown(line)).toBe('    12 ms  200  GET    http://k/v2.1/servers  compute req-1')
})

test('an exchange that failed says how', () => {
  const line = 'D, [x #1] DEBUG -- : image: PUT http://g/file -> connect ECONNREFUSED (req-2) sent a stream'
  expect(shown(line)).toBe('   failed       PUT    http://g/file  image req-2: connect ECONNREFUSED')
})

test('other lines have no time and process', () => {
  expect(shown('I, [x #1]  INFO -- [req_id call-1]: Starting has_vm...')).toBe('           Starting has_vm...')
})

test('warnings stay as they are', () => {
  expect(shown('W, [x #1]  WARN -- : careful')).toBe('W, [x #1]  WARN -- : careful')
})

const mib = 1024 * 1024

test('shows share, size and speed', () => {
  expect(barText({ sentBytes: 64 * mib, sizeBytes: 128 * mib, tookMs: 2000, columns: 80 })).toBe(
    '[###############...............] uploading  50 %, 64 of 128 MiB, 32 MiB/s',
  )
})

test('never wraps, on any terminal', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 2, max: 300 }),
      (sentBytes, sizeBytes, tookMs, columns) => {
        expect(barText({ sentBytes, sizeBytes, tookMs, columns }).length).toBeLessThan(columns)
      },
    ),
  )
})

const written = (isTTY: boolean) => {
  const pieces: string[] = []
  let nowMs = 0
  const bar = createUploadBar({ isTTY, columns: 80, write: (text) => pieces.push(text) }, () => nowMs)
  for (let sent = 1; sent <= 1000; sent++) {
    nowMs += 1
    bar.onUpload(sent, 1000)
  }
  bar.clear()
  return pieces
}

test('is rewritten a few times, ends full, and is taken off', () => {
  const pieces = written(true)
  expect(pieces.length).toBeGreaterThan(8)
  expect(pieces.length).toBeLessThan(15)
  expect(pieces.at(-2)).toContain('100 %')
  expect(pieces.at(-1)).toBe('\r\u001b[2K')
})

test('is not there without a terminal', () => {
  expect(written(false)).toEqual([])
})
