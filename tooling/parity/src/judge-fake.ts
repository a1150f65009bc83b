import { fakeCloud } from './cloud-under-test.ts'
import { services } from './probe.ts'
import { type Release, readRecording } from './recording.ts'
import { type Judged, judge } from './report.ts'
import { runProbes } from './run.ts'

/** Plays everything on the fake of a release and compares it with the recordings of that release. */
export async function judgeFake(release: Release): Promise<Judged[]> {
  const recordings = new Map(
    await Promise.all(services.map(async (one) => [one, await readRecording(one, release)] as const)),
  )
  return judge(await runProbes(fakeCloud(release), 'paritytest', services), recordings)
}
