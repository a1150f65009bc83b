import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barText, createUploadBar } from './upload-bar.ts'

const mib = 1024 * 1024

test('tells share, size and speed', () => {
  expect(barText({ sentBytes: 64 * mib, sizeBytes: 128 * mib, tookMs: 2000, columns: 80 })).toBe(
    '[###############...............] uploading  50 %, 64 of 128 MiB, 32 MiB/s',
  )
})

test('never wraps, whatever the terminal', () => {
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
