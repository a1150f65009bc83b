import { diskCid, stemcellCid, vmCid } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isResourceId, lightStemcellCid, parseStemcellCid, serverIdOf, volumeIdOf } from './cids.ts'

const id = '5e1f4fe8-0a9b-4c62-9d0a-0c3e3f7a1b2c'

describe('contract §10 CIDs', () => {
  test('UUIDs with and without dashes are ids', () => {
    expect(isResourceId(id)).toBe(true)
    expect(isResourceId(id.toUpperCase())).toBe(true)
    expect(isResourceId(id.replaceAll('-', ''))).toBe(true)
    fc.assert(fc.property(fc.uuid(), (uuid) => isResourceId(uuid)))
  })

  test('text that could change a URL is no CID', () => {
    for (const text of ['', '..', '.', '../x', `${id}/`, `${id}?x`, ` ${id}`, `${id}\n`, 'vol-1']) {
      expect(isResourceId(text)).toBe(false)
    }
    fc.assert(fc.property(fc.string(), (text) => !isResourceId(text) || /^[0-9a-f-]+$/i.test(text)))
  })

  test('a VM or disk that cannot be is not found', () => {
    expect(() => serverIdOf(vmCid('../x'))).toThrow(expect.objectContaining({ code: 'VmNotFound' }))
    expect(() => volumeIdOf(diskCid('../x'))).toThrow(expect.objectContaining({ code: 'DiskNotFound' }))
    expect(serverIdOf(vmCid(id))).toBe(id)
  })

  test('§4 light stemcells are told apart, both forms are read', () => {
    expect(parseStemcellCid(stemcellCid(`${id} light`))).toEqual({ imageId: id, isLight: true })
    expect(parseStemcellCid(stemcellCid(id))).toEqual({ imageId: id, isLight: false })
    expect(lightStemcellCid(id)).toBe(`${id} light`)
  })
})
