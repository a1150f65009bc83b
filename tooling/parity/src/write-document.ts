/** Writes `docs/fake-limits.md` from the recordings and the fake as it is. */
import { writeFile } from 'node:fs/promises'
import { judgeFake } from './judge-fake.ts'
import { limitsDocument } from './limits-document.ts'
import { type Release, releases } from './recording.ts'
import type { Judged } from './report.ts'

const judged = new Map<Release, readonly Judged[]>()
for (const release of releases) judged.set(release, await judgeFake(release))
await writeFile(new URL('../../../docs/fake-limits.md', import.meta.url), limitsDocument(judged))
