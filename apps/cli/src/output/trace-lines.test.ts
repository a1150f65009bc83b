import { expect, test } from 'vitest'
import { traceLines } from './trace-lines.ts'

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

test('what else is told stands without time and process', () => {
  expect(shown('I, [x #1]  INFO -- [req_id call-1]: Starting has_vm...')).toBe('           Starting has_vm...')
})

test('warnings stay as they are', () => {
  expect(shown('W, [x #1]  WARN -- : careful')).toBe('W, [x #1]  WARN -- : careful')
})
