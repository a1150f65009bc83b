import { fakeCloud } from './cloud-under-test.ts'
import { services } from './probe.ts'
import { type Release, readRecording } from './recording.ts'
import { type Judged, judge } from './report.ts'
import { runProbes } from './run.ts'

/** Plays everything on the fake and compares it with the recordings of a release; the fake answers as Zed does. */
export async function judgeFake(release: Release = 'zed'): Promise<Judged[]> {
  const recordings = new Map(
    await Promise.all(services.map(async (one) => [one, await readRecording(one, release)] as const)),
  )
  return judge(await runProbes(fakeCloud(), 'paritytest', services), recordings)
}
