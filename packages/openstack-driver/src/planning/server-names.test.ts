import { expect, test } from 'vitest'
import { isOwnPortName, newServerName, portName, readableServerName } from './server-names.ts'

test.each([
  ['name', { name: 'router/1234', job: 'x', index: '0' }, 'router/1234'],
  ['job/index', { job: 'router', index: '0', compiling: 'ruby' }, 'router/0'],
  ['a number as index', { job: 'router', index: 0 }, 'router/0'],
  ['compiling/<package>', { compiling: 'ruby' }, 'compiling/ruby'],
  ['compiling when the job has no index', { job: 'x', compiling: 'ruby' }, 'compiling/ruby'],
  ['the next when a name is blank', { name: '  ', job: 'a', index: '1' }, 'a/1'],
  ['nothing', { deployment: 'cf' }, undefined],
  ['no line breaks, no blanks around', { name: ' a\nb ' }, 'a_b'],
  ['255 characters', { name: 'x'.repeat(300) }, 'x'.repeat(255)],
])('§7.8 a human name from %s', (_, metadata, expected) => {
  expect(readableServerName(metadata)).toBe(expected)
})

test('§4 names of servers and ports', () => {
  const server = newServerName('0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab')
  expect(server).toBe('vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab')
  expect(portName(server, 'default')).toBe('vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab-default')
  expect(portName(server, 'x'.repeat(300))).toHaveLength(255)
  const emoji = portName(server, '🚀'.repeat(300))
  expect([emoji.isWellFormed(), emoji.length, emoji.endsWith('_')]).toEqual([true, 255, true])
})

test.each([
  ['vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab-default', true],
  ['vm-0b1f9d3c-default', false],
  ['reserved-vrrp', false],
  ['', false],
])('§6.3 the port name "%s" is ours: %s', (name, expected) => {
  expect(isOwnPortName(name)).toBe(expected)
})
