import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, scriptedServer } from '../../test/scripted-server.ts'

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
