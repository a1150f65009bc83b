import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiExecutable } from '@openstack-cpi/harness/director'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { medianRatio, type Spread, spread } from './statistics.ts'
import { timeCommand } from './usage.ts'

/** `has_vm` against the same requests with `curl`, one process per request. */
export interface CurlFigures {
  readonly curlMs: Spread
  readonly hasVmColdMs: Spread
  readonly hasVmWarmMs: Spread
  /** Both log in. */
  readonly coldRatio: number
  /** Ours has a kept login, curl logs in. */
  readonly warmRatio: number
}

const absent = '11111111-1111-4111-8111-111111111111'
const request = JSON.stringify({ method: 'has_vm', arguments: [absent], context: { director_uuid: 'bench' } })

export async function benchCurl(cloud: CloudDescription, runs: number): Promise<CurlFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-bench-'))
  const curl: number[] = []
  const cold: number[] = []
  const warm: number[] = []
  try {
    const config = await writeCpiConfig(folder, cloud)
    const script = await writeScript(folder, cloud)
    const cache = { NODE_COMPILE_CACHE: join(folder, 'code'), OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') }
    await timeCommand(cpiExecutable, [config], request, cache)
    for (let run = 0; run < runs; run++) {
      curl.push(await timeCommand('/bin/sh', [script]))
      cold.push(await timeCommand(cpiExecutable, [config], request))
      warm.push(await timeCommand(cpiExecutable, [config], request, cache))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return {
    curlMs: spread(curl),
    hasVmColdMs: spread(cold),
    hasVmWarmMs: spread(warm),
    coldRatio: medianRatio(cold, curl),
    warmRatio: medianRatio(warm, curl),
  }
}

async function writeScript(folder: string, cloud: CloudDescription): Promise<string> {
  const { name, password, project } = cloud.user
  const domain = { name: cloud.domain }
  const login = {
    auth: {
      identity: { methods: ['password'], password: { user: { name, domain, password } } },
      scope: { project: { name: project, domain } },
    },
  }
  const compute = (await TenantView.login(cloud)).url('compute')
  const body = join(folder, 'login.json')
  const script = join(folder, 'has-vm.sh')
  await writeFile(body, JSON.stringify(login), { mode: 0o600 })
  await writeFile(
    script,
    `token=$(curl -s -o /dev/null -D - -H 'Content-Type: application/json' -d @${body} ${cloud.auth_url}/auth/tokens |
  tr -d '\\r' | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p')
test -n "$token" && curl -s -o /dev/null -H "X-Auth-Token: $token" ${compute}/servers/${absent}
`,
  )
  return script
}
