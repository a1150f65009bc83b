/** `node tooling/docs/write.ts`: writes the generated parts of the pages of `docs/`. */
import { readFile, writeFile } from 'node:fs/promises'
import { filledIn, pages } from './pages.ts'

for (const name of pages) {
  const file = new URL(`../../docs/${name}`, import.meta.url)
  await writeFile(file, filledIn(await readFile(file, 'utf8')))
  console.log(`docs/${name}`)
}
