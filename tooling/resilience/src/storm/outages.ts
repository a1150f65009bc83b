import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { startProcess } from '@openstack-cpi/harness/process'

/** Services by the catalog's name, with the daemon of the reference cloud. */
const services = [
  ['compute', 'nova-api'],
  ['network', 'neutron-server'],
  ['block-storage', 'cinder-api'],
  ['identity', 'keystone'],
] as const

/** Pause between two outages, ms: enough for some calls to succeed. */
const pauseMs = { reference: 20_000, fake: 2_000 }
/** How often each service is down, if the storm lasts so long. */
const rounds = 2
/** How long the fake's services are down, ms; the reference cloud's need longer to start again. */
const downMs = 1_000

/**
 * Takes the services of a cloud down and up again, one after the other: of the fake that the description names, else of the
 * reference cloud on this machine. Ends early on the signal, but not before each was down once.
 * @returns which were down, in order
 */
export async function runOutages(cloud: CloudDescription, until: AbortSignal): Promise<readonly string[]> {
  const control = new URL('/_fake/', cloud.auth_url)
  const isFake = await fetch(new URL('health', control)).then(
    (response) => response.ok,
    () => false,
  )
  const down: string[] = []
  while (down.length < services.length || (!until.aborted && down.length < rounds * services.length)) {
    const [service, daemon] = services[down.length % services.length] ?? services[0]
    await pause(pauseMs[isFake ? 'fake' : 'reference'], until)
    await (isFake ? takeDown(control, service, until) : restart(daemon))
    down.push(daemon)
  }
  return down
}

async function takeDown(control: URL, service: string, until: AbortSignal): Promise<void> {
  const rule = { match: { service }, times: null, do: { reset: true } }
  const added = await fetch(new URL('faults', control), { method: 'POST', body: JSON.stringify(rule) })
  if (!added.ok) throw new Error(`${service} could not be taken down: ${await added.text()}`)
  const { id } = (await added.json()) as { id: string } // documented response of the control API
  await pause(downMs, until)
  await fetch(new URL(`faults/${id}`, control), { method: 'DELETE' })
}

async function restart(daemon: string): Promise<void> {
  const script = fileURLToPath(new URL('../../../reference-cloud/restart', import.meta.url))
  const environment = Object.fromEntries(Object.entries(process.env).map(([name, value = '']) => [name, value]))
  const { exitCode, stderr } = await startProcess(['bash', script, daemon], environment).ended
  if (exitCode !== 0) throw new Error(`restart ${daemon} ended with ${exitCode}\n${stderr}`)
}

/** A pause that ends early when the storm is over. */
async function pause(ms: number, until: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: until }).catch((error: unknown) => {
    if (!until.aborted) throw error
  })
}
