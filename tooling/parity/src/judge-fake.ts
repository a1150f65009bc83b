import { fakeCloud } from './cloud-under-test.ts'
import { readRecording, services } from './recording.ts'
import { type Judged, judge } from './report.ts'
import { runProbes } from './run.ts'

/** Plays everything on the fake and compares it with the recordings. */
export async function judgeFake(): Promise<Judged[]> {
  const recordings = new Map(await Promise.all(services.map(async (one) => [one, await readRecording(one)] as const)))
  return judge(await runProbes(fakeCloud(), 'paritytest', services), recordings)
}
