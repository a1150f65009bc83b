import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readCpiConfig } from './cpi-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'openstack-cpi-config-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const configPath = file('cpi.json', '{"cloud":{"plugin":"openstack","properties":{"openstack":{"region":"R"}}}}')

test.each([
  ['', undefined],
  ['\n \n', undefined],
  ['-----BEGIN CERTIFICATE-----\n', '-----BEGIN CERTIFICATE-----\n'],
])('§1.1 a CA file of %j is %j', (content, caBundle) => {
  expect(readCpiConfig({ configPath, caPath: file('ca.pem', content) })).toEqual({
    cloudProperties: { openstack: { region: 'R' } },
    caBundle,
  })
})

test('§1.1 files with a byte order mark, as editors on Windows write it', () => {
  const path = file('marked.json', '\ufeff{"cloud":{"properties":{"openstack":{"region":"R"}}}}\r\n')
  const caPath = file('marked.pem', '\ufeff-----BEGIN CERTIFICATE-----\n')
  expect(readCpiConfig({ configPath: path, caPath })).toEqual({
    cloudProperties: { openstack: { region: 'R' } },
    caBundle: '-----BEGIN CERTIFICATE-----\n',
  })
})

test('§1.1 no CA file at all', () => {
  expect(readCpiConfig({ configPath, caPath: undefined }).caBundle).toBeUndefined()
})
