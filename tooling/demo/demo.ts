/**
 * `npm run demo`: starts a fake OpenStack and takes a stemcell, a VM and a disk through their whole life, with one
 * process of the built CPI per call, as a BOSH director does. `OPENSTACK_FIXTURES` names the description file of another
 * cloud to use instead.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { openCloud } from '@openstack-cpi/harness/fake-process'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'

const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-demo-'))
const { description: cloud, stop } = await openCloud(folder)
const listener = await openCountingListener(cloud)
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
})
try {
  await Promise.race([demo(), interrupted])
} catch (error) {
  console.log(`\ndemo failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await listener.close()
  await stop()
  await rm(folder, { recursive: true })
}

async function demo(): Promise<void> {
  const view = await TenantView.login(cloud)
  const before = await view.inventory()
  const kind = process.env['OPENSTACK_FIXTURES'] ? 'the' : 'a fake'
  console.log(`${kind} OpenStack at ${cloud.auth_url}, project ${cloud.user.project}`)
  console.log(
    'one process of openstack-cpi per call, as a BOSH director does; its login is kept, as the release does\n',
  )

  const configFile = await writeCpiConfig(folder, listener.cloud)
  const started = performance.now()
  const total = { calls: 0, requests: 0, failed: 0 }
  await runLifeCycle({
    director: new Director({
      configFile,
      directorUuid: 'demo-director',
      environment: {
        OPENSTACK_CPI_CACHE_DIR: join(folder, 'logins'),
        NODE_COMPILE_CACHE: join(folder, 'compiled-code'),
      },
    }),
    cloud,
    imagePath: await writeStemcellImage(folder),
    ip: '10.10.2.21',
    onStep: (method, purpose, answer) => {
      const count = listener.take().length
      total.calls += 1
      total.requests += count
      if (answer.error) total.failed += 1
      const mark = answer.error ? styleText('red', 'FAILED') : styleText('green', 'ok')
      const time = `${(answer.wallMs / 1000).toFixed(2)} s`.padStart(7)
      const counted = `${count} ${count === 1 ? 'request' : 'requests'}`.padStart(11)
      const shown = answer.error ? `${answer.error.type}: ${answer.error.message}` : brief(answer.result)
      console.log(`  ${mark} ${method.padEnd(29)} ${time} ${counted}  ${styleText('dim', `${purpose}:`)} ${shown}`)
    },
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`\n${total.calls} calls, ${total.requests} API requests, ${seconds} s`)

  const left = beyond(before, await view.inventory())
  if (left.length > 0) throw new Error(`left behind:\n${left.join('\n')}`)
  if (total.failed > 0) throw new Error('the life cycle stopped early')
  console.log('nothing left behind')
}

function brief(result: unknown): string {
  if (result === null) return 'done'
  const value = Array.isArray(result) && result.length === 2 ? result[0] : result // create_vm answers [cid, networks]
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
