import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test as plainTest } from 'vitest'
import { fakeCloudTest } from '../adapters/vitest.ts'
import type { FakeOpenStack } from '../fake-interface.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]
const executablePath = places.find((path) => existsSync(path))

const test = fakeCloudTest({ startAt: Date.UTC(2030, 0, 1) })

/** A server with two networks' worth of things around it: port, volume, floating IP. */
const furnish = async (cloud: FakeOpenStack): Promise<void> => {
  const token = await cloud.token('bosh')
  const post = async (path: string, body: unknown) => {
    const response = await cloud.fetch(`${cloud.url}${path}`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<'port' | 'volume' | 'server', { id: string }> // the one that was asked for
  }
  const named = (kind: string, name: string): string =>
    cloud.state()[kind]?.find((one) => 'name' in one && one.name === name)?.id ?? ''
  const net = named('networks', 'bosh-net')
  const project = cloud.projectId('bosh')
  const { port } = await post('/network/v2.0/ports', { port: { network_id: net, name: 'vm-1-port' } })
  const { volume } = await post(`/volume/v3/${project}/volumes`, { volume: { size: 3, name: 'disk-1' } })
  await post(`/volume/v3/${project}/volumes`, { volume: { size: 4, name: '<img src=x onerror=document.title=1>' } })
  const server = {
    name: 'vm-1',
    imageRef: named('images', 'tiny-image'),
    flavorRef: '1',
    networks: [{ port: port.id }],
  }
  const made = await post('/compute/v2.1/servers', { server })
  cloud.clock.advance('5s')
  await post(`/compute/v2.1/servers/${made.server.id}/os-volume_attachments`, {
    volumeAttachment: { volumeId: volume.id },
  })
  cloud.clock.advance('5s')
}

/** The item of the drawn tree whose own text begins so. */
const branch = (page: Page, text: string) => page.locator('#graph li', { hasText: text }).last()

plainTest('the page is one file that may run nothing but itself', async () => {
  const { createFakeOpenStack } = await import('../fake-openstack.ts')
  const cloud = createFakeOpenStack()
  const answer = await cloud.fetch(`${cloud.url}/_fake/`)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe-inline')
  const html = await answer.text()
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  expect(html).not.toMatch(/^(import|export) /m)
})

describe.skipIf(executablePath === undefined)(
  `in a browser${executablePath ? '' : ': no Chromium is installed'}`,
  () => {
    let browser: Browser

    beforeAll(async () => {
      browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] })
    }, 60_000)
    afterAll(() => browser.close())

    /** The page of a cloud, shown; errors of its script fail the test. */
    const open = async (cloud: FakeOpenStack) => {
      const { url } = await cloud.listen()
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (line) => line.type() === 'error' && errors.push(line.text()))
      await page.goto(url) // leads to /_fake/
      await page.locator('#graph li').first().waitFor()
      return { page, errors, url }
    }

    test('shows the resources and their topology, as text', async ({ cloud }) => {
      await furnish(cloud)
      const { page, errors } = await open(cloud)
      const server = page.locator('#graph li', { hasText: 'server vm-1' }).first()
      expect(await server.textContent()).toMatch(
        /server vm-1 active[\s\S]*port vm-1-port[\s\S]*on bosh-net[\s\S]*volume disk-1/,
      )
      expect(await branch(page, 'volume disk-1').textContent()).toMatch(/in-use/)
      expect(await branch(page, 'subnet bosh-net-subnet 10').textContent()).toMatch(/10\.10\.0\.0\/22 · \d+ ports?/)
      await branch(page, 'volume <img').waitFor()
      expect(await page.title()).toBe('fake-openstack')
      await page.locator('#kinds summary', { hasText: 'volumes' }).click()
      await page.locator('#kinds details details summary', { hasText: 'disk-1' }).click()
      expect(await page.locator('#kinds pre').textContent()).toContain('"size": 3')
      await page.locator('#kinds summary', { hasText: 'users' }).click()
      await page.locator('#kinds details details summary', { hasText: 'admin' }).first().click()
      // What is unfolded is filled a moment after the click.
      await page.locator('#kinds pre', { hasText: '"password": "***"' }).waitFor()
      expect(errors).toEqual([])
    })

    test('follows the journal and the fault rules', async ({ cloud }) => {
      cloud.faults.add({ match: { operation: 'networks.list' }, times: null, do: { respond: { status: 503 } } })
      const { page, errors, url } = await open(cloud)
      expect(await page.locator('#faults').textContent()).toContain('no hit yet')
      const headers = { 'x-auth-token': await cloud.token('bosh') }
      await fetch(`${url}/network/v2.0/networks?name=x`, { headers })
      await fetch(`${url}/network/v2.0/subnets`, { headers })
      const row = page.locator('#journal tr', { hasText: 'network networks.list' })
      await row.waitFor()
      expect(await row.textContent()).toMatch(/GET \/network\/v2\.0\/networks\?name=x[\s\S]*503[\s\S]*fault/)
      await page.locator('#faults', { hasText: '1 of 1' }).waitFor()
      await page.locator('#journal tr', { hasText: 'network subnets.list' }).waitFor()
      await page.getByLabel('Filter').fill('subnets.list')
      expect(await page.locator('#journal tr:visible').count()).toBe(1)
      expect(errors).toEqual([])
    })

    test('gets the resources again only when they have changed', async ({ cloud }) => {
      const { page } = await open(cloud)
      const next = await page.waitForResponse((answer) => answer.url().endsWith('/_fake/state'))
      expect(next.status()).toBe(304)
      await furnish(cloud)
      await page.locator('#graph', { hasText: 'vm-1' }).waitFor()
    })

    test('advances the clock and goes back to the seed, by keyboard too', async ({ cloud }) => {
      await furnish(cloud)
      const { page } = await open(cloud)
      const before = cloud.clock.now()
      await page.getByRole('button', { name: '+30 s' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('The clock was advanced by 30s.').waitFor()
      expect(cloud.clock.now() - before).toBe(30_000)
      page.once('dialog', (dialog) => dialog.dismiss())
      await page.getByRole('button', { name: 'Reset to the seed' }).click()
      expect(cloud.leftovers()).toHaveProperty('servers')
      page.once('dialog', (dialog) => dialog.accept())
      await page.getByRole('button', { name: 'Reset to the seed' }).click()
      await page.getByText('The cloud is back at its seed.').waitFor()
      expect(cloud.leftovers()).toEqual({})
      expect(await page.locator('#graph').textContent()).not.toContain('vm-1')
    })

    test('shows each request once, and never what was before, however slow the answers are', async ({ cloud }) => {
      await furnish(cloud)
      const { page } = await open(cloud)
      // The next look at the cloud sees it as it is now, and hears of it only when a reset is through.
      const held = Promise.withResolvers<void>()
      const isHeld = Promise.withResolvers<void>()
      await page.route(
        '**/_fake/state',
        async (route) => {
          const answer = await route.fetch()
          isHeld.resolve()
          await held.promise
          await route.fulfill({ response: answer })
        },
        { times: 1 },
      )
      await isHeld.promise
      page.once('dialog', (dialog) => dialog.accept())
      await page.getByRole('button', { name: 'Reset to the seed' }).click()
      await expect.poll(() => cloud.leftovers()).toEqual({})
      await cloud.fetch(cloud.authUrl)
      held.resolve()
      await page.getByText('The cloud is back at its seed.').waitFor()
      expect(await page.locator('#graph').textContent()).not.toContain('vm-1')
      expect(await page.locator('#journal tr').allTextContents()).toHaveLength(1)
    })

    test('tells how to connect, what the fake does not model, and in which project a request was', async ({
      cloud,
    }) => {
      const { page, errors, url } = await open(cloud)
      expect(await page.locator('#connection tr', { hasText: 'bosh-small' }).textContent()).toContain('bosh-password')
      await page.locator('#connection summary', { hasText: 'clouds.yaml' }).click()
      await page.locator('#connection pre', { hasText: `auth_url: "${url}/identity/v3"` }).waitFor()
      expect(await page.locator('#gaps-section').isVisible()).toBe(false)
      const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
      const body = '{"evacuate": {}}'
      await fetch(`${url}/compute/v2.1/os-migrations`, { headers })
      await fetch(`${url}/compute/v2.1/os-migrations`, { headers })
      await fetch(`${url}/compute/v2.1/servers/${'0'.repeat(32)}/action`, { method: 'POST', headers, body })
      await page.locator('#gaps', { hasText: 'GET /compute/v2.1/os-migrations 2 ×' }).waitFor()
      await page.locator('#journal', { hasText: 'compute servers.action evacuate · bosh' }).waitFor()
      // A refused request is an error of the console.
      expect(errors.filter((text) => !text.includes('Failed to load resource'))).toEqual([])
    })

    test('adds and removes presets, and lets transitions go on', async ({ cloud }) => {
      cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { hold: true } })
      const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
      const volumes = `${cloud.url}/volume/v3/${cloud.projectId('bosh')}/volumes`
      await cloud.fetch(volumes, { method: 'POST', headers, body: '{"volume": {"size": 1, "name": "held-disk"}}' })
      const { page, errors } = await open(cloud)
      await page.getByLabel('Preset').selectOption('rate-limited')
      await page.getByRole('button', { name: 'Add' }).click()
      await page.locator('#faults li', { hasText: 'answers 429' }).waitFor()
      await page.getByRole('button', { name: 'Remove fault-2' }).click()
      await expect.poll(() => cloud.faults.list().map(({ id }) => id)).toEqual(['fault-1'])
      await page.locator('#transitions', { hasText: 'volumes.create.available of held-disk held' }).waitFor()
      await page.getByRole('button', { name: 'Release what is held' }).click()
      await expect.poll(() => cloud.state().volumes[0]?.status).toBe('available')
      expect(errors).toEqual([])
    })

    test('says so when the cloud is gone', async ({ cloud }) => {
      const { page } = await open(cloud)
      await cloud.close()
      await page.getByRole('status').filter({ hasText: 'The cloud does not answer' }).waitFor()
    })

    test('can be read by a screen reader and on a small screen', async ({ cloud }) => {
      await furnish(cloud)
      const { page } = await open(cloud)
      const names = await page
        .locator('button, input, summary')
        .evaluateAll((all) => all.map((one) => (one.textContent || one.parentElement?.textContent || '').trim()))
      expect(names.filter((name) => name === '')).toEqual([])
      await page.getByRole('region', { name: 'Requests, newest first' }).waitFor()
      await page.setViewportSize({ width: 380, height: 800 })
      const wider = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
      expect(wider).toBeLessThanOrEqual(0)
      // The request has the whole width, below number, time and status.
      const request = await page.locator('#journal .request').first().boundingBox()
      expect(request?.width).toBeGreaterThan(250)
    })
  },
)
