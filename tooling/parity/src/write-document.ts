/** Writes `docs/fake-limits.md` from the recordings and the fake as it is. */
import { writeFile } from 'node:fs/promises'
import { judgeFake } from './judge-fake.ts'
import { limitsDocument } from './limits-document.ts'

await writeFile(new URL('../../../docs/fake-limits.md', import.meta.url), limitsDocument(await judgeFake()))
