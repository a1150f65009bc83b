import { expect, test } from 'vitest'
import { shortened } from './shortened.ts'

test.each([
  ['as short as allowed', 21, 'as short as allowed'],
  ['exactly as long', 15, 'exactly as long'],
  ['the password is hunter22', 20, 'the password is …'],
  ['"password":"hunter22"', 16, '"password":"…'],
  ['<pre>hunter22</pre>', 9, '<pre>…'],
  ['token gAAAA', 7, 'token …'],
  ['whole words', 6, 'whole…'],
  ['oneword', 4, '…'],
])('no half words: %s, %i characters', (text, most, expected) => {
  expect(shortened(text, most)).toBe(expected)
})
