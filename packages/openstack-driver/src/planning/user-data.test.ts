import { describe, expect, test } from 'vitest'
import { encodeUserData } from './user-data.ts'

describe('§7.4 encodeUserData', () => {
  const ofBase64Length = (length: number) => ({ x: 'y'.repeat((length / 4) * 3 - '{"x":""}'.length) })

  test('is base64 of JSON in UTF-8', () => {
    expect(Buffer.from(encodeUserData({ a: 'ü' }), 'base64').toString('utf8')).toBe('{"a":"ü"}')
  })
  test('refuses more than 65535 bytes of base64', () => {
    expect(encodeUserData(ofBase64Length(65_532))).toHaveLength(65_532)
    expect(() => encodeUserData(ofBase64Length(65_536))).toThrow(
      expect.objectContaining({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining('65536'),
      }),
    )
  })
})
