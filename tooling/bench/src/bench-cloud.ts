import type { CloudDescription } from '@openstack-cpi/harness/cloud-description'
import { benchContenders, type Contender, type ContenderFigures } from './contenders.ts'
import { benchCurl, type CurlFigures } from './curl.ts'
import { benchUpload, type UploadFigures } from './upload.ts'

export interface CloudFigures {
  readonly contenders: readonly ContenderFigures[]
  readonly curl: CurlFigures
  readonly upload: UploadFigures
}

export interface CloudBench {
  readonly contenders: readonly Contender[]
  readonly rounds: number
  readonly runs: number
  readonly stemcellMiB: number
}

/** Everything that is measured on each cloud alike. `note` hears what begins. */
export async function benchCloud(
  cloud: CloudDescription,
  bench: CloudBench,
  note: (text: string) => void,
): Promise<CloudFigures> {
  note(`methods, ${bench.rounds} rounds`)
  const contenders = await benchContenders(cloud, bench.contenders, bench.rounds)
  note('has_vm against curl')
  const curl = await benchCurl(cloud, bench.runs)
  note(`upload of ${bench.stemcellMiB} MiB against curl`)
  return { contenders, curl, upload: await benchUpload(cloud, bench.stemcellMiB, bench.rounds) }
}
