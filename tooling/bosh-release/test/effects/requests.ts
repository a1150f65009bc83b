import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { expect } from 'vitest'
import type { Effect, Stage } from './effect.ts'
import { startTunnel } from './tunnel.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

const certificate = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../../packages/openstack-driver/test/tls/${name}`, import.meta.url)), 'utf8')

/** A second listener of the cloud, with a certificate of an unknown authority. */
async function tlsListener({ cloud }: Stage): Promise<string> {
  const [cert, key] = await Promise.all([certificate('server.pem'), certificate('server.key')])
  return (await cloud.listen({ tls: { cert, key } })).url
}

/** How requests are made: certificates, proxies, retries. */
export const requestEffects: readonly Effect[] = [
  {
    name: 'the CA of the connection options is what a certificate is checked against, and checking can be left out',
    job: 'openstack_cpi_golang',
    proves: ['openstack.connection_options'],
    run: async (stage) => {
      const login = stage.login('bosh', `${await tlsListener(stage)}/identity/v3`)
      const unknowing = await stage.cpi({ ...login, request_retries: 0 })
      expect(await unknowing.refusal('has_vm', nobody)).toContain('certificate')
      expect(stage.cloud.journal.count).toBe(0)

      const knowing = await stage.cpi({ ...login, connection_options: { ca_cert: await certificate('authority.pem') } })
      expect(await knowing.ask('has_vm', nobody)).toBe(false)

      const careless = await stage.cpi({ ...login, connection_options: { ssl_verify_peer: false } })
      const { result, stderr } = await careless.call('has_vm', nobody)
      expect(result).toBe(false)
      expect(stderr).toContain('ssl_verify_peer')
    },
  },
  {
    name: 'http goes through the proxy, https through a tunnel of it, and what no_proxy names past both',
    job: 'openstack_cpi',
    proves: ['env.http_proxy', 'env.https_proxy', 'env.no_proxy'],
    run: async (stage) => {
      const [proxy, tunnel] = [await startCountingProxy(), await startTunnel()]
      try {
        const env = { http_proxy: proxy.url, https_proxy: tunnel.url }
        const plain = await stage.cpi(stage.login('bosh'), { env })
        expect(await plain.ask('has_vm', nobody)).toBe(false)
        expect(proxy.take().map(({ method, status }) => [method, status])).toEqual([
          ['POST', 201],
          ['GET', 404],
        ])

        const listener = await tlsListener(stage)
        const secured = {
          ...stage.login('bosh', `${listener}/identity/v3`),
          connection_options: { ssl_verify_peer: false },
        }
        expect(await (await stage.cpi(secured, { env })).ask('has_vm', nobody)).toBe(false)
        expect(new Set(tunnel.take())).toEqual(new Set([new URL(listener).host]))

        const past = await stage.cpi(secured, { env: { ...env, no_proxy: '127.0.0.1' } })
        expect(await past.ask('has_vm', nobody)).toBe(false)
        expect([proxy.take(), tunnel.take()]).toEqual([[], []])
      } finally {
        await Promise.all([proxy.close(), tunnel.close()])
      }
    },
  },
  {
    name: 'the proxy of the connection options wins over the environment',
    job: 'openstack_cpi_golang',
    proves: ['openstack.connection_options', 'env.http_proxy'],
    run: async (stage) => {
      const proxy = await startCountingProxy()
      try {
        const connection_options = { proxy: proxy.url }
        const env = { http_proxy: 'http://127.0.0.1:1' }
        const cpi = await stage.cpi({ ...stage.login('bosh'), connection_options }, { env })
        expect(await cpi.ask('has_vm', nobody)).toBe(false)
        expect(proxy.take()).toHaveLength(2)
      } finally {
        await proxy.close()
      }
    },
  },
  {
    name: 'no answer, a broken service and a rate limit are sat out no longer than allowed',
    job: 'openstack_cpi',
    proves: ['openstack.connection_options', 'openstack.request_retries', 'openstack.rate_limit_timeout'],
    run: async (stage) => {
      const { faults } = stage.cloud
      const shortWaits = { request_retries: 0, rate_limit_timeout: 1, connection_options: { read_timeout: 0.2 } }
      const cpi = await stage.cpi({ ...stage.login('bosh'), ...shortWaits })
      const match = { service: 'compute', operation: 'servers.show' }
      const wait = { status: 429, headers: { 'retry-after': '30' }, body: 'Too Many Requests' }
      for (const [effect, message] of [
        [{ hang: true }, /servers.*(time|answer)/i],
        [{ respond: { status: 503, body: { computeFault: { code: 503, message: 'Away.' } } } }, /Away.*503/],
        [{ respond: wait }, /429/],
      ] as const) {
        stage.cloud.journal.clear()
        faults.remove()
        faults.add({ match, times: null, do: effect })
        expect(await cpi.refusal('has_vm', nobody)).toMatch(message)
        expect(stage.paths('servers.show')).toHaveLength(1)
      }
    },
  },
  {
    name: 'a wait ends after state_timeout, and looks as often as wait_resource_poll_interval says',
    job: 'openstack_cpi_golang',
    proves: ['openstack.state_timeout', 'openstack.wait_resource_poll_interval'],
    run: async (stage) => {
      const looks = async (interval: number) => {
        stage.cloud.reset()
        stage.cloud.addPreset('server-stuck-building')
        const pace = { state_timeout: 1.6, wait_resource_poll_interval: interval }
        const cpi = await stage.cpi({ ...stage.login('bosh'), ...pace })
        expect(await cpi.refusal('create_vm', ...stage.vm())).toMatch(/Timed out waiting for .* 1\.6 s/)
        expect(stage.cloud.leftovers()).toEqual({})
        const operations = stage.cloud.journal.since().map(({ operation }) => operation)
        const untilUndone = operations.slice(0, operations.indexOf('servers.delete'))
        return untilUndone.filter((operation) => operation === 'servers.show').length
      }
      expect(await looks(1)).toBeGreaterThan(await looks(60))
    },
  },
]
