/** `node tooling/docs/write.ts`: writes the generated pages of `docs/`. */
import { writeFile } from 'node:fs/promises'
import { pages } from './pages.ts'

for (const [path, make] of Object.entries(pages)) {
  await writeFile(new URL(`../../${path}`, import.meta.url), await make())
  console.log(path)
}
