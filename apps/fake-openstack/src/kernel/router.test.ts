import { expect, test } from 'vitest'
import { Router } from './router.ts'

const router = new Router<string>()
router.add('GET', '/v2.1/servers/:id', 'show')
router.add('DELETE', '/v2.1/servers/:id', 'delete')
router.add('GET', '/v2.1/servers/detail', 'detail')
router.add('GET', '/v2.1/servers/:server_id/tags/:tag', 'tag')
router.add('GET', '/:version/limits', 'limits')

test.each([
  ['GET', '/v2.1/servers/7', { route: 'show', params: { id: '7' } }],
  ['GET', '/v2.1/servers/detail', { route: 'detail', params: {} }],
  ['DELETE', '/v2.1/servers/detail', { route: 'delete', params: { id: 'detail' } }],
  ['GET', '/v2.1/servers/7/tags/a b', { route: 'tag', params: { server_id: '7', tag: 'a b' } }],
  ['GET', '/v2.1/servers/%zz', { route: 'show', params: { id: '%zz' } }],
  ['GET', '/v2.1/limits', { route: 'limits', params: { version: 'v2.1' } }],
  ['GET', '//v2.1//servers/7/', { route: 'show', params: { id: '7' } }],
  ['PUT', '/v2.1/servers/7', { allowed: ['GET', 'DELETE'] }],
  ['GET', '/v2.1/nothing', undefined],
  ['GET', '/v2.1/servers/7/tags', undefined],
])('%s %s', (method, path, expected) => {
  expect(router.match(method, path)).toEqual(expected)
})

test('two routes for one method and path are a mistake', () => {
  expect(() => router.add('GET', '/v2.1/servers/:other', 'again')).toThrow('two routes for GET')
})
