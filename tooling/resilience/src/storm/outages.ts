import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'

/** Takes the services of a cloud down and up again, one after the other. */
export interface Outages {
  /** Ends early on the signal, but not before each was down once. Returns which were, in order. */
  run(until: AbortSignal): Promise<readonly string[]>
}

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

/** Of the fake that the description names, else of the reference cloud on this machine. */
export async function outagesOf(cloud: CloudDescription): Promise<Outages> {
  const control = new URL('/_fake/', cloud.auth_url)
  const isFake = await fetch(new URL('health', control)).then(
    (response) => response.ok,
    () => false,
  )
  return isFake ? outagesOfFake(control) : outagesOfReferenceCloud()
}

function outagesOfFake(control: URL): Outages {
  const takeDown = async (service: string, until: AbortSignal) => {
    const rule = { match: { service }, times: null, do: { reset: true } }
    const added = await fetch(new URL('faults', control), { method: 'POST', body: JSON.stringify(rule) })
    if (!added.ok) throw new Error(`${service} could not be taken down: ${await added.text()}`)
    const { id } = (await added.json()) as { id: string } // documented response of the control API
    await pause(downMs, until)
    await fetch(new URL(`faults/${id}`, control), { method: 'DELETE' })
  }
  return inTurn(pauseMs.fake, ([service], until) => takeDown(service, until))
}

const script = (name: string) => fileURLToPath(new URL(`../../../reference-cloud/${name}`, import.meta.url))

function outagesOfReferenceCloud(): Outages {
  return inTurn(pauseMs.reference, async ([, daemon]) => {
    await run('bash', [script('restart'), daemon])
  })
}

function inTurn(
  pauseMs: number,
  outage: (service: (typeof services)[number], until: AbortSignal) => Promise<void>,
): Outages {
  return {
    run: async (until) => {
      const done: string[] = []
      while (done.length < services.length || (!until.aborted && done.length < rounds * services.length)) {
        const service = services[done.length % services.length] ?? services[0]
        await pause(pauseMs, until)
        await outage(service, until)
        done.push(service[1])
      }
      return done
    },
  }
}

/** A pause that ends early when the storm is over. */
async function pause(ms: number, until: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: until }).catch((error: unknown) => {
    if (!until.aborted) throw error
  })
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}
