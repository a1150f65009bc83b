import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, scriptedServer } from '../../test/scripted-server.ts'
import { readProxies } from './proxies.ts'

describe('§3.3 proxies', () => {
  const proxied = async (of: (proxy: string) => { properties?: object; environment?: Record<string, string> }) => {
    const proxy = await scriptedServer(({ method }, response) =>
      method === 'PUT'
        ? answer(response, 204, '')
        : answer(response, 200, { server: { id: 'by proxy', status: 'ACTIVE' } }),
    )
    const { properties = {}, environment = {} } = of(proxy.origin)
    const cloud = await scriptedCloud({
      service: (_, response) => answer(response, 200, { server: { id: 'direct', status: 'ACTIVE' } }),
      properties: { endpoint_overrides: { compute: 'http://nova.invalid/v2.1' }, ...properties },
      options: { environment: { NO_PROXY: '127.0.0.1', ...environment } },
    })
    return { proxy, cloud }
  }

  test.each([
    ['HTTP_PROXY', (proxy: string) => ({ environment: { HTTP_PROXY: proxy } })],
    ['http_proxy', (proxy: string) => ({ environment: { http_proxy: proxy } })],
    ['connection_options.proxy', (proxy: string) => ({ properties: { connection_options: { proxy } } })],
    ['a proxy without scheme', (proxy: string) => ({ environment: { HTTP_PROXY: proxy.replace('http://', '') } })],
    [
      'connection_options.proxy without scheme',
      (proxy: string) => ({ properties: { connection_options: { proxy: proxy.replace('http://', '') } } }),
    ],
    [
      'connection_options.proxy over the environment',
      (proxy: string) => ({
        properties: { connection_options: { proxy } },
        environment: { http_proxy: 'http://127.0.0.1:1' },
      }),
    ],
  ])('%s', async (_, of) => {
    const { proxy, cloud } = await proxied(of)
    expect(await cloud.ctx.services.compute.servers.show('1')).toMatchObject({ id: 'by proxy' })
    expect(proxy.requests).toMatchObject([{ path: 'http://nova.invalid/v2.1/servers/1' }])
  })

  test('uploads go through it like all else', async () => {
    const { proxy, cloud } = await proxied((origin) => ({
      properties: { endpoint_overrides: { image: 'http://glance.invalid' }, connection_options: { proxy: origin } },
    }))
    await cloud.ctx.services.image.images.upload('i', Readable.from([Buffer.from('abc')]))
    expect(proxy.requests).toMatchObject([
      { method: 'PUT', path: 'http://glance.invalid/v2/images/i/file', body: 'abc' },
    ])
  })

  test.each(['NO_PROXY', 'no_proxy'])('%s: the proxy is not asked', async (name) => {
    const { proxy, cloud } = await proxied((origin) => ({
      environment: { http_proxy: origin, NO_PROXY: '', [name]: '127.0.0.1,.invalid' },
    }))
    const properties = {
      request_retries: 0,
      auth_url: `${cloud.origin}/v3`,
      endpoint_overrides: { compute: 'http://nova.invalid/v2.1' },
    }
    const other = await scriptedCloud({
      properties,
      options: { environment: { http_proxy: proxy.origin, [name]: '127.0.0.1,.invalid' } },
    })
    await expect(other.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ kind: 'network' })
    expect(proxy.requests).toEqual([])
  })
})

describe('§3.3 a proxy that cannot be used', () => {
  test.each(['socks5://127.0.0.1:1080', 'ftp://proxy', 'http://', 'not a proxy'])(
    '%s is an error before any request leaves',
    async (proxy) => {
      const cloud = await scriptedCloud({ properties: { connection_options: { proxy } } })
      await expect(cloud.ctx.services.identity.whoAmI()).rejects.toMatchObject({
        kind: 'config',
        message: expect.stringMatching(/Cannot use the proxy of connection_options\.proxy or HTTP_PROXY.*No request/),
      })
      expect(cloud.requests).toEqual([])
    },
  )
})

describe('§3.3 NO_PROXY as Go reads it', () => {
  test.each([
    ['*', 'http://anything', true],
    ['cloud.test', 'http://cloud.test', true],
    ['cloud.test', 'http://nova.cloud.test', true],
    ['cloud.test', 'http://othercloud.test', false],
    ['.cloud.test', 'http://nova.cloud.test', true],
    ['.cloud.test', 'http://cloud.test', false],
    ['*.cloud.test', 'http://nova.cloud.test', true],
    ['CLOUD.test.', 'http://cloud.TEST', false],
    ['Cloud.Test', 'http://cloud.TEST.', true],
    ['cloud.test:8774', 'http://cloud.test:8774/v2.1', true],
    ['cloud.test:8774', 'http://cloud.test:9292', false],
    ['cloud.test:443', 'https://cloud.test', true],
    ['10.0.0.0/8', 'http://10.20.30.40:8774', true],
    ['10.0.0.0/8', 'http://11.0.0.1', false],
    ['10.0.0.0/8', 'http://ten.test', false],
    ['10.1.2.3', 'http://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'http://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'http://10.1.2.3:5001', false],
    ['fd00::/8', 'http://[fd12::1]:5000', true],
    ['fd00::/8', 'http://10.0.0.1', false],
    ['[fd12::1]:5000', 'http://[fd12::1]:5000', true],
    ['fd12:0::1', 'http://[fd12::1]', true],
    ['', 'http://cloud.test', false],
    ['other.test, 192.168.0.0/16  cloud.test', 'http://192.168.7.7', true],
  ])('%j and %s: direct is %s', (no_proxy, url, isDirect) => {
    const proxies = readProxies('http://proxy.test:3128', { no_proxy })
    expect(proxies.for(new URL(url))).toBe(isDirect ? undefined : 'http://proxy.test:3128')
  })
})
