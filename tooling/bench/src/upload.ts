import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { type Figure, figure, medianRatio } from './statistics.ts'
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
    const ours: { wallMs: number; peakRssMiB: number }[] = []
    const curlMs: number[] = []
    for (let round = 0; round < Math.max(1, rounds); round++) {
      ours.push(await upload(image))
      curlMs.push(await curlUpload(cloud, folder, image))
    }
    const growthMiB = Math.max(...ours.map(({ peakRssMiB }) => peakRssMiB)) - small.peakRssMiB
    const oursMs = ours.map(({ wallMs }) => wallMs)
    return [
      figure('upload', [medianRatio(curlMs, oursMs)], `${name}, ${sizeMiB} MiB`),
      figure('upload-rss', [growthMiB], name),
    ]
  })

async function curlUpload(cloud: CloudDescription, folder: string, image: string): Promise<number> {
  const view = await TenantView.login(cloud)
  const made = await view.request('POST', 'image', 'images', {
    name: 'bench-curl',
    disk_format: 'raw',
    container_format: 'bare',
  })
  const { id } = made.body as { id: string } // Glance answers the image
  try {
    const config = join(folder, 'curl.conf')
    await writeFile(config, `header = "X-Auth-Token: ${view.login.token}"\n`, { mode: 0o600 })
    const target = `${view.url('image')}/images/${id}/file`
    const sending = `zcat < '${image}' | curl -sf -K '${config}' -H 'Content-Type: application/octet-stream' -T - '${target}'`
    return await timeCommand(['/bin/sh', '-c', sending])
  } finally {
    await view.request('DELETE', 'image', `images/${id}`)
  }
}
