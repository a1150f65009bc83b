import { expect, test } from 'vitest'
import { openStackCpiInfo } from './info.ts'

test('§7.1 info: API version 3 and the formats of heavy and light stemcells', () => {
  expect(openStackCpiInfo).toEqual({
    apiVersion: 3,
    stemcellFormats: ['openstack-raw', 'openstack-qcow2', 'openstack-light'],
  })
})
