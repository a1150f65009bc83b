import { describe, expect, test } from 'vitest'
import { CpiError, type CpiErrorCode } from './cpi-error.ts'
import { toWireError } from './to-wire.ts'

const wire = (thrown: unknown) => toWireError(thrown, (text) => text)

describe('contract §4 type and ok_to_retry survive wrapping', () => {
  const inner = new CpiError('VmCreationFailed', 'no valid host', { okToRetry: true })
  const expected = { type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true }

  test.each([
    ['itself', inner],
    ['one cause', new Error('create_vm', { cause: inner })],
    ['two causes', new Error('create_vm', { cause: new TypeError('step 2', { cause: inner }) })],
    ['an aggregate', new AggregateError([new Error('port stays'), inner], 'rolled back')],
    ['the cause of an aggregate', new AggregateError([new Error('port stays')], 'rolled back', { cause: inner })],
    ['a disposal that failed', Object.assign(new Error('x'), { error: new Error('undo'), suppressed: inner })],
  ])('%s', (_name, thrown) => {
    expect(wire(thrown)).toMatchObject(expected)
  })

  test('the outermost CpiError decides', () => {
    expect(wire(new CpiError('DiskNotFound', 'disk is gone', { cause: inner }))).toEqual({
      type: 'Bosh::Clouds::DiskNotFound',
      message: 'disk is gone: no valid host',
      ok_to_retry: false,
    })
  })

  test.each<[CpiErrorCode, string, boolean]>([
    ['CloudError', 'Bosh::Clouds::CloudError', false],
    ['CpiError', 'Bosh::Clouds::CpiError', false],
    ['NotImplemented', 'Bosh::Clouds::NotImplemented', false],
    ['NotSupported', 'Bosh::Clouds::NotSupported', false],
    ['VmNotFound', 'Bosh::Clouds::VMNotFound', false],
    ['VmCreationFailed', 'Bosh::Clouds::VMCreationFailed', true],
    ['DiskNotFound', 'Bosh::Clouds::DiskNotFound', true],
    ['DiskNotAttached', 'Bosh::Clouds::DiskNotAttached', true],
    ['NoDiskSpace', 'Bosh::Clouds::NoDiskSpace', true],
    ['NetworkNotFound', 'Bosh::Clouds::NetworkNotFound', false],
    ['InvalidCall', 'InvalidCall', false],
  ])('contract §4.1 %s is %s to the director, and may say ok_to_retry: %s', (code, type, mayBeRetried) => {
    expect(wire(new CpiError(code, 'no', { okToRetry: true }))).toMatchObject({ type, ok_to_retry: mayBeRetried })
    expect(wire(new CpiError(code, 'no'))).toMatchObject({ type, ok_to_retry: false })
  })

  test('an error of another copy of the package keeps its type', () => {
    const copy = Object.assign(new Error('gone'), {
      code: 'VmNotFound',
      okToRetry: false,
      [Symbol.for('cpi-core.CpiError')]: true,
    })
    expect(copy).not.toBeInstanceOf(CpiError)
    expect(wire(new Error('has_vm', { cause: copy })).type).toBe('Bosh::Clouds::VMNotFound')
    expect(wire(Object.assign(copy, { code: 'Nonsense' })).type).toBe('Bosh::Clouds::CloudError')
  })

  test('causes that go round in circles end', () => {
    const a = new Error('a')
    a.cause = new Error('b', { cause: a })
    expect(wire(a).message).toBe('a: b')
  })
})

describe('contract §4.2 anything else is a CloudError', () => {
  test.each([
    [new Error('boom'), 'boom'],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    [undefined, 'The CPI failed without saying why'],
    [null, 'The CPI failed without saying why'],
    [{ message: 'like an error' }, 'like an error'],
    [{ a: 1 }, '[object Object]'],
    [Symbol('s'), 'Symbol(s)'],
  ])('%s', (thrown, message) => {
    expect(wire(thrown)).toEqual({ type: 'Bosh::Clouds::CloudError', message, ok_to_retry: false })
  })
})

describe('contract §4.1 messages', () => {
  test('tell the chain of causes on one line, and nothing twice', () => {
    const refused = new Error('connect ECONNREFUSED\n  10.0.0.1:5000')
    expect(wire(new Error('login failed', { cause: refused })).message).toBe(
      'login failed: connect ECONNREFUSED 10.0.0.1:5000',
    )
    expect(wire(new Error('login failed: timeout', { cause: new Error('timeout') })).message).toBe(
      'login failed: timeout',
    )
  })

  test('the cause of a CpiError is part of its message, unless the message has it already', () => {
    const cause = new Error('EACCES: permission denied')
    expect(wire(new CpiError('CloudError', 'The configuration cannot be read', { cause })).message).toBe(
      'The configuration cannot be read: EACCES: permission denied',
    )
    expect(wire(new CpiError('CloudError', `Not read: ${cause.message}`, { cause })).message).toBe(
      'Not read: EACCES: permission denied',
    )
  })

  test('of several lines are redacted before they become one', () => {
    const message = toWireError(new Error('key is a\nb!'), (text) => text.replace('a\nb', '<redacted>')).message
    expect(message).toBe('key is <redacted>!')
  })

  test.each([
    ['InvalidCall', 'Method is not known, got: a surprise'],
    ['CloudError', 'Invalid Method: PATCH'],
    ['CloudError', ' invalid method: PATCH'],
  ] as const)('%s never begins like a missing method: %s', (code, message) => {
    expect(wire(new CpiError(code, message)).message).toBe(`Failed: ${message.trim()}`)
    expect(wire(new Error(message)).message).toBe(`Failed: ${message.trim()}`)
  })

  test('hold no broken Unicode', () => {
    expect(wire(new Error('half \ud800')).message).toBe('half \ufffd')
  })

  test('do not steer the terminal of who reads them', () => {
    expect(wire(new Error('image \u001b]0;owned\u0007 is\tgone\u009b2J')).message).toBe('image  ]0;owned  is\tgone 2J')
  })
})

test('contract §4.2 a code that does not exist, of a driver without types, is a CloudError with its message', () => {
  const unknown = Reflect.construct(CpiError, ['VmGone', 'the VM is gone', { okToRetry: true }])
  const wire = { type: 'Bosh::Clouds::CloudError', message: 'the VM is gone', ok_to_retry: false }
  expect(toWireError(unknown, (text) => text)).toEqual(wire)
})
