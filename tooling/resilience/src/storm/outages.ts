import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'

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
  const health = await fetch(new URL('health', control)).catch(() => undefined)
  const isFake = health?.ok === true
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

const restart = (daemon: string) =>
  promisify(execFile)('bash', [fileURLToPath(new URL('../../../reference-cloud/restart', import.meta.url)), daemon])

/** A pause that ends early when the storm is over. */
const pause = (ms: number, until: AbortSignal) => delay(ms, undefined, { signal: until }).catch(() => undefined)
