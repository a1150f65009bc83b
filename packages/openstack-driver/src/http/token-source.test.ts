import type { ServerResponse } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { password, scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'
import type { TokenCache } from './token.ts'

const unauthorized = {
  error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
}

describe('§2.3 one token', () => {
  test('nothing is asked before the first request', async () => {
    const cloud = await scriptedCloud()
    expect(cloud.requests).toEqual([])
  })

  test('§2.1 the login goes without a token, and 200 is as good as 201', async () => {
    const token = { expires_at: '2026-01-01T01:00:00Z', user: { id: 'u', name: 'usr' }, catalog: [] }
    const cloud = await scriptedCloud({
      keystone: (response) => {
        answer(response, 200, { token }, { 'x-subject-token': 'token-of-200' })
        return true
      },
    })
    expect(await cloud.ctx.services.identity.whoAmI()).toMatchObject({ userName: 'usr' })
    expect(cloud.requests).toMatchObject([{ method: 'POST', path: '/v3/auth/tokens' }])
    expect(cloud.requests[0]?.headers).not.toHaveProperty('x-auth-token')
  })

  test('callers at the same time, of several services, share one login', async () => {
    const cloud = await scriptedCloud({
      service: ({ path }, response) =>
        answer(
          response,
          200,
          path.startsWith('/compute') ? { server: { id: '1', status: 'ACTIVE' } } : { port: { id: '2' } },
        ),
    })
    const { compute, network } = cloud.ctx.services
    await Promise.all([compute.servers.show('1'), compute.servers.show('1'), network.ports.show('2')])
    await cloud.ctx.forCleanup().services.compute.servers.show('1')
    expect(cloud.logins()).toBe(1)
    expect(cloud.calls().map(({ headers }) => headers['x-auth-token'])).toEqual(Array(4).fill('token-1'))
  })

  test('a service that refuses the token: logged in anew once, request repeated, all in one login', async () => {
    const cloud = await scriptedCloud({
      service: ({ headers }, response) =>
        headers['x-auth-token'] === 'token-1'
          ? answer(response, 401, unauthorized)
          : answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
    })
    const { servers } = cloud.ctx.services.compute
    await Promise.all([servers.show('1'), servers.show('2'), servers.show('3')])
    expect(cloud.logins()).toBe(2)
    expect(cloud.calls()).toHaveLength(6)
  })

  test('a service that refuses the fresh token too: kind auth', async () => {
    const cloud = await scriptedCloud({ service: (_, response) => answer(response, 401, unauthorized) })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ kind: 'auth', status: 401 })
    expect(cloud.logins()).toBe(2)
    expect(cloud.calls()).toHaveLength(2)
  })

  test('a login that is redirected names where to', async () => {
    const location = 'https://keystone.test:5000/v3/auth/tokens'
    const keystone = (response: ServerResponse) => {
      answer(response, 301, '<html>Moved</html>', { location })
      return true
    }
    const cloud = await scriptedCloud({ keystone })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining(`status 301, which redirects to ${location}`),
    })
    expect(cloud.logins()).toBe(1)
  })

  test("a login that a proxy's page answers with status 200 is sent again", async () => {
    const keystone = (response: ServerResponse, login: number) => {
      if (login === 1) answer(response, 200, '<html>We are back in a minute</html>')
      return login === 1
    }
    const service: Script = (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })
    const cloud = await scriptedCloud({ keystone, service })
    await cloud.ctx.services.compute.servers.show('1')
    expect(cloud.logins()).toBe(2)
  })

  test.each([
    [29_000, 2],
    [31_000, 1],
  ])('with %d ms left, %d logins', async (lifeMs, logins) => {
    const cloud = await scriptedCloud({
      tokenLifeMs: 60_000,
      service: (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
    })
    await cloud.ctx.services.compute.servers.show('1')
    cloud.clock.advance(60_000 - lifeMs)
    await cloud.ctx.services.compute.servers.show('1')
    expect(cloud.logins()).toBe(logins)
  })
})

describe('§2.3 lives of tokens', () => {
  const issue =
    (life: { readonly issued: string; readonly expires: string }) => (response: ServerResponse, login: number) => {
      const endpoints = (port: string) => [{ interface: 'public', region_id: 'R1', url: port }]
      const token = {
        issued_at: life.issued,
        expires_at: life.expires,
        user: {},
        catalog: [{ type: 'compute', endpoints: endpoints(`http://${response.req.headers.host}/compute/v2.1`) }],
      }
      answer(response, 201, { token }, { 'x-subject-token': `token-${login}` })
      return true
    }
  const found: Script = (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })

  test.each([
    ['of 20 s', { issued: '2026-01-01T00:00:00Z', expires: '2026-01-01T00:00:20Z' }],
    [
      'of a Keystone whose clock is hours behind ours',
      { issued: '2025-12-31T00:00:00Z', expires: '2025-12-31T01:00:00Z' },
    ],
    ['that are over by our clock', { issued: 'unknown', expires: '2025-12-31T01:00:00Z' }],
  ])('%s: one login serves many requests', async (_what, life) => {
    const cloud = await scriptedCloud({ keystone: issue(life), service: found })
    for (const id of ['1', '2', '3']) await cloud.ctx.services.compute.servers.show(id)
    expect(cloud.logins()).toBe(1)
  })
})

describe('§3.6 an interrupted call waits for no login', () => {
  test('that hangs; the rollback shares the login when it comes', async () => {
    const stop = new AbortController()
    const held: ServerResponse[] = []
    const cloud = await scriptedCloud({
      signal: stop.signal,
      keystone: (response, login) => login === 1 && held.push(response) > 0,
      service: (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
    })
    const waiting = cloud.ctx.services.compute.servers.show('1')
    const outcome = expect(waiting).rejects.toMatchObject({
      kind: 'aborted',
      message: expect.stringContaining('interrupted during'),
    })
    await vi.waitFor(() => expect(held).toHaveLength(1))
    stop.abort(new Error('SIGTERM'))
    await outcome
    const undo = cloud.ctx.forCleanup().services.compute.servers.show('1')
    held[0]?.socket?.destroy() // the login is tried again
    expect(await undo).toMatchObject({ id: '1' })
    expect(cloud.logins()).toBe(2)
  })

  test('that another process makes', async () => {
    const stop = new AbortController()
    const lock = Promise.withResolvers<void>()
    const tokenCache: TokenCache = {
      login: async (_identity, _isUsable, logIn) => {
        await lock.promise
        return await logIn()
      },
      amend: async () => undefined,
    }
    const cloud = await scriptedCloud({
      signal: stop.signal,
      options: { tokenCache },
      service: (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
    })
    const waiting = cloud.ctx.services.compute.servers.show('1')
    const outcome = expect(waiting).rejects.toMatchObject({ kind: 'aborted' })
    stop.abort(new Error('SIGTERM'))
    await outcome
    const undo = cloud.ctx.forCleanup().services.compute.servers.show('1')
    lock.resolve()
    expect(await undo).toMatchObject({ id: '1' })
  })
})

describe('Keystone fails', () => {
  test('§2.3 401 fails immediately, without the password in the message', async () => {
    const cloud = await scriptedCloud({
      keystone: (response) => {
        answer(response, 401, unauthorized, { 'x-openstack-request-id': 'req-7' })
        return true
      },
    })
    const failure = await cloud.ctx.services.identity.whoAmI().catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'auth', status: 401, requestId: 'req-7' })
    expect(String(failure)).toContain("user 'usr' of domain 'd' in project 'prj'")
    expect(String(failure) + cloud.log.join()).not.toContain(password)
    expect(cloud.logins()).toBe(1)
  })

  test('§3.5 five tries, a second apart', async () => {
    const cloud = await scriptedCloud({
      keystone: (response, login) => {
        if (login === 5) return false
        if (login % 2 === 0) response.socket?.destroy()
        else answer(response, 504, '<h1>Gateway Time-out</h1>')
        return true
      },
    })
    expect(await cloud.ctx.services.identity.whoAmI()).toMatchObject({ userName: 'usr' })
    expect(cloud.clock.slept).toEqual([1_000, 1_000, 1_000, 1_000])
  })

  test('§3.5 and no sixth; the next caller tries again', async () => {
    const cloud = await scriptedCloud({
      keystone: (response, login) => {
        if (login > 5) return false
        answer(response, 500, {})
        return true
      },
    })
    await expect(cloud.ctx.services.identity.whoAmI()).rejects.toMatchObject({ status: 500 })
    expect(cloud.logins()).toBe(5)
    expect(await cloud.ctx.services.identity.whoAmI()).toMatchObject({ userName: 'usr' })
  })
})

describe('a cache between processes', () => {
  const memoryCache = (): TokenCache & { readonly entries: Map<string, string> } => {
    const entries = new Map<string, string>()
    return {
      entries,
      login: async ({ digest, secret }, isUsable, logIn) => {
        const key = `${digest} ${secret}`
        const kept = entries.get(key)
        if (kept !== undefined && isUsable(kept)) return kept
        const made = await logIn()
        entries.set(key, made)
        return made
      },
      amend: async ({ digest, secret }, isReplaceable, entry) => {
        const key = `${digest} ${secret}`
        if (isReplaceable(entries.get(key) ?? '')) entries.set(key, entry)
      },
    }
  }
  const ok: Script = (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })

  test('the second process does not log in; no digest shows a secret', async () => {
    const tokenCache = memoryCache()
    const first = await scriptedCloud({ service: ok, options: { tokenCache } })
    await first.ctx.services.compute.servers.show('1')
    const properties = { auth_url: `${first.origin}/v3` }
    const second = await scriptedCloud({ properties, options: { tokenCache } })
    await second.ctx.services.compute.servers.show('1')
    expect(first.logins()).toBe(1)
    expect([...tokenCache.entries.keys()]).toEqual([expect.stringMatching(new RegExp(`^[0-9a-f]{64} ${password}$`))])
  })

  test('§3.2 what microversions a service has is asked by the first process only', async () => {
    const tokenCache = memoryCache()
    const version = { id: 'v2.1', status: 'CURRENT', version: '2.87', min_version: '2.1' }
    const first = await scriptedCloud({
      service: (_, response) => answer(response, 200, { version }),
      options: { tokenCache },
    })
    expect(await first.ctx.services.compute.supports('2.67')).toBe(true)
    const asked = first.calls().length
    const next = () => scriptedCloud({ properties: { auth_url: `${first.origin}/v3` }, options: { tokenCache } })
    expect(await (await next()).ctx.services.compute.supports('2.67')).toBe(true)
    expect(await (await next()).ctx.services.compute.supports('2.88')).toBe(false)
    expect(first.calls().length).toBe(asked)
    expect(first.logins()).toBe(1)
  })

  test('… unless the login was replaced meanwhile: the newer one stays', async () => {
    const tokenCache = memoryCache()
    const first = await scriptedCloud({
      service: (_, response) => {
        for (const [key, entry] of tokenCache.entries) tokenCache.entries.set(key, entry.replace('token-1', 'token-9'))
        answer(response, 200, { version: { version: '2.87', min_version: '2.1' } })
      },
      options: { tokenCache },
    })
    expect(await first.ctx.services.compute.supports('2.67')).toBe(true)
    expect([...tokenCache.entries.values()].join()).toContain('token-9')
  })

  test.each([
    { project: 'other' },
    { domain: 'other' },
    { region: 'R1' },
    { connection_options: { ssl_verify_peer: false } },
  ])('with %j it is another login', async (changes) => {
    const tokenCache = memoryCache()
    const first = await scriptedCloud({ options: { tokenCache } })
    await first.ctx.services.identity.whoAmI()
    const properties = { auth_url: `${first.origin}/v3`, ...changes }
    const second = await scriptedCloud({ properties, options: { tokenCache } })
    await second.ctx.services.identity.whoAmI()
    expect(first.logins()).toBe(2)
  })

  test('an entry that is refused, about to end or damaged is replaced', async () => {
    const tokenCache = memoryCache()
    const first = await scriptedCloud({
      tokenLifeMs: 60_000,
      service: ({ headers }, response) =>
        headers['x-auth-token'] === 'token-1'
          ? answer(response, 401, unauthorized)
          : answer(response, 200, { server: { id: '1', status: 'ACTIVE' } }),
      options: { tokenCache },
    })
    await first.ctx.services.compute.servers.show('1')
    expect([...tokenCache.entries.values()].join()).toContain('token-2')
    const properties = { auth_url: `${first.origin}/v3` }
    const next = () => scriptedCloud({ properties, options: { tokenCache } })
    for (const damaged of ['{', '{"id":""}', '']) {
      for (const key of tokenCache.entries.keys()) tokenCache.entries.set(key, damaged)
      expect(await (await next()).ctx.services.identity.whoAmI()).toMatchObject({ userName: 'usr' })
    }
    expect(first.logins()).toBe(5)
    const later = await next()
    later.clock.advance(31_000)
    await later.ctx.services.identity.whoAmI()
    expect(first.logins()).toBe(6)
  })
})
