/** Writes `docs/fake-limits.md` from the recordings and the fake as it is. */
import { writeFile } from 'node:fs/promises'
import { limitsDocument } from './limits-document.ts'
import { type Release, releases } from './recording.ts'
import { type Result, resultsOfFake } from './results.ts'

const results = new Map<Release, readonly Result[]>()
for (const release of releases) results.set(release, await resultsOfFake(release))
await writeFile(new URL('../../../docs/fake-limits.md', import.meta.url), limitsDocument(results))
