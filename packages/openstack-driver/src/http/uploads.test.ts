import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer } from '../../test/scripted-server.ts'

describe('uploads', () => {
  const chunks = () => Readable.from([Buffer.from('abc'), Buffer.from('def')])

  test('§3.1, §7.2 are streamed as octets', async () => {
    const cloud = await scriptedCloud({ service: (_, response) => response.writeHead(204).end() })
    await cloud.ctx.services.image.images.upload('i', chunks(), { sizeBytes: 6 })
    expect(cloud.calls()).toMatchObject([
      {
        method: 'PUT',
        path: '/image/v2/images/i/file',
        body: 'abcdef',
        headers: { 'content-type': 'application/octet-stream', 'content-length': '6' },
      },
    ])
  })

  test.each([500, 503, 429])('§7.2 are never repeated, not after %d', async (status) => {
    const cloud = await scriptedCloud({ service: (_, response) => answer(response, status, {}) })
    await expect(cloud.ctx.services.image.images.upload('i', chunks())).rejects.toMatchObject({ status })
    expect(cloud.calls()).toHaveLength(1)
    expect(cloud.clock.slept).toEqual([])
  })

  test('§3.3 have state_timeout for the answer, as backends are slow', async () => {
    let release: () => void = () => undefined
    const cloud = await scriptedCloud({
      service: ({ method }, response) => {
        if (method === 'PUT') release = () => response.writeHead(204).end()
      },
      properties: { request_retries: 0, connection_options: { read_timeout: 0.05 } },
    })
    const uploading = cloud.ctx.services.image.images.upload('i', chunks())
    // Longer than read_timeout by construction: another request runs into it meanwhile.
    for (const id of ['1', '2']) {
      await expect(cloud.ctx.services.compute.servers.show(id)).rejects.toMatchObject({ kind: 'timeout' })
    }
    release()
    await uploading
  })

  test('§3.6 end when the call is interrupted while the answer is waited for', async () => {
    const stop = new AbortController()
    const cloud = await scriptedCloud({ signal: stop.signal, service: () => undefined })
    const uploading = cloud.ctx.services.image.images.upload('i', chunks())
    const outcome = expect(uploading).rejects.toMatchObject({ kind: 'aborted' })
    await vi.waitFor(() => expect(cloud.calls()).toHaveLength(1))
    stop.abort(new Error('SIGTERM'))
    await outcome
  })

  test('end with the error of the source, also when it fails while we still log in', async () => {
    const source = new Readable({ read: () => undefined })
    const cloud = await scriptedCloud({
      keystone: () => {
        source.destroy(new Error('bad archive'))
        return false
      },
    })
    await expect(cloud.ctx.services.image.images.upload('i', source)).rejects.toThrow('bad archive')
  })

  test('end with the error of the source in the midst of sending', async () => {
    let reads = 0
    const source = new Readable({
      highWaterMark: 1,
      read() {
        if (reads++ === 0) this.push('abc')
        else this.destroy(new Error('bad archive'))
      },
    })
    const cloud = await scriptedCloud({ service: (_, response) => response.writeHead(204).end() })
    await expect(cloud.ctx.services.image.images.upload('i', source)).rejects.toThrow('bad archive')
    expect(cloud.calls()).toEqual([])
  })
})
