import { expect, test } from 'vitest'
import { redactHeaders, redactJson, shownMessage } from './log-message.ts'

test('contract §12 tokens in headers are hidden whatever their case', () => {
  const headers = { 'X-Auth-Token': 't', 'x-subject-token': 't', Authorization: 'Basic eA==', via: ['a', 'b'] }
  expect(redactHeaders({ ...headers, absent: undefined })).toEqual({
    'X-Auth-Token': '<redacted>',
    'x-subject-token': '<redacted>',
    Authorization: '<redacted>',
    via: 'a, b',
  })
})

test('contract §12 user data and the administrator password of a server are hidden', () => {
  const server = { name: 'vm-1', user_data: 'e30=', adminPass: 'x', key_name: 'bosh' }
  expect(redactJson({ server })).toEqual({
    server: { name: 'vm-1', user_data: '<redacted>', adminPass: '<redacted>', key_name: 'bosh' },
  })
})

test('contract §12 so is the user data that Nova shows to administrators', () => {
  expect(redactJson({ servers: [{ 'OS-EXT-SRV-ATTR:user_data': 'e30=', 'OS-EXT-SRV-ATTR:host': 'h' }] })).toEqual({
    servers: [{ 'OS-EXT-SRV-ATTR:user_data': '<redacted>', 'OS-EXT-SRV-ATTR:host': 'h' }],
  })
})

test('contract §12 a long body is cut before the value at the cut, whose first half no filter would recognise', () => {
  const body = JSON.stringify({ filler: 'x'.repeat(4070), owner: 'gAAAA-a-secret' })
  expect(shownMessage(' got', { headers: {}, body })).toMatch(/x","owner":"…$/)
})
