import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { type Figure, figure, spread } from './statistics.ts'
import { recordUsage, timeCommand } from './usage.ts'

/**
 * A heavy stemcell of zeros, against `zcat | curl -T -` with the same file. Both in turn, as often as `rounds` says, but at least
 * once.
 */
export const benchUpload = (
  name: string,
  cloud: CloudDescription,
  sizeMiB: number,
  rounds: number,
): Promise<readonly Figure[]> =>
  recordUsage(async ({ folder, withLogins, take }) => {
    const configFile = await writeCpiConfig(folder, cloud, { openstack: { state_timeout: 900 } })
    const director = new Director({ configFile, environment: withLogins })
    const upload = async (image: string) => {
      const answer = await director.call('create_stemcell', [image, stemcellCloudProperties])
      if (answer.error) throw new Error(answer.error.message)
      const peakRssMiB = (await take()).at(-1)?.peakRssMiB ?? Number.NaN
      await director.ask('delete_stemcell', [answer.result])
      await take()
      return { wallMs: answer.wallMs, peakRssMiB }
    }
    const small = await upload(await writeStemcellImage(folder, 1))
    const image = await writeStemcellImage(folder, sizeMiB)
    const ratios: number[] = []
    let peakMiB = 0
    for (let round = 0; round < Math.max(1, rounds); round++) {
      const { wallMs, peakRssMiB } = await upload(image)
      ratios.push((await curlUpload(cloud, folder, image)) / wallMs)
      peakMiB = Math.max(peakMiB, peakRssMiB)
    }
    return [
      figure('upload', [spread(ratios).median], `${name}, ${sizeMiB} MiB`),
      figure('upload-rss', [peakMiB - small.peakRssMiB], name),
    ]
  })

/** Creates an image. @returns what an upload of its data needs; the token in the headers is a secret */
export async function createImage(view: TenantView, name: string) {
  const { body } = await view.request('POST', 'image', 'images', { name, disk_format: 'raw', container_format: 'bare' })
  const { id } = body as { id: string } // Glance answers the image
  const headers = { 'x-auth-token': view.login.token, 'content-type': 'application/octet-stream' }
  return { id, url: `${view.url('image')}/images/${id}/file`, headers }
}

async function curlUpload(cloud: CloudDescription, folder: string, image: string): Promise<number> {
  const view = await TenantView.login(cloud)
  const { id, url, headers } = await createImage(view, 'bench-curl')
  try {
    const config = join(folder, 'curl.conf')
    const lines = Object.entries(headers).map(([name, value]) => `header = "${name}: ${value}"\n`)
    await writeFile(config, lines, { mode: 0o600 })
    return await timeCommand(['/bin/sh', '-c', `zcat < '${image}' | curl -sf -K '${config}' -T - '${url}'`])
  } finally {
    await view.request('DELETE', 'image', `images/${id}`)
  }
}
